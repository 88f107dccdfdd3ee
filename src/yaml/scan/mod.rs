//! A fast reader for the YAML and JSON that manifests are usually written in.
//!
//! Builds the very tree that [`grammar`](super::grammar) would have built, or gives up, and then that reads the document.
//! Anchors, aliases, tags, `?` keys, directives, tabs as indentation and whatever looks like a mistake are left to it:
//! nothing is refused here, and no message is made. Goes through the text once, without recursion.

mod block;
mod block_scalar;
mod charset;
mod flow;
mod json;
mod line;
mod list;
mod plain;
mod quoted;
mod scanner;
mod sets;
#[cfg(test)]
mod tests;

use super::tree::Tree;
pub(super) use list::Items;
use scanner::Scanner;
use std::ops::Range;

const BOM: &str = "\u{feff}";

/// Reads one document, `text`, whose first byte is at offset `base` of the source, into `tree`.
///
/// False when anything in it lies outside the subset; what the tree holds then is of no use.
pub(super) fn scan<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> bool {
    let bytes = text.as_bytes();
    let at = if text.starts_with(BOM) { BOM.len() } else { 0 };
    if !charset::is_ordinary(bytes.get(at..).unwrap_or_default()) {
        return false;
    }
    let understood = Scanner::new(text, base, at, false, tree).document().is_some();
    tree.grant_budget();
    understood
}

/// Reads the document like [`scan`], of a long list these items alone.
pub(super) fn list<'s>(text: &'s str, base: u32, items: &Items, tree: &mut Tree<'s>) -> bool {
    let bytes = text.as_bytes();
    let seen = [0..items.open, items.range.clone(), items.close..text.len()];
    let ordinary = |range: Range<usize>| bytes.get(range).is_some_and(charset::is_ordinary);
    if !seen.into_iter().all(ordinary) {
        return false;
    }
    let understood = Scanner::new(text, base, 0, false, tree).list(items).is_some();
    tree.grant_budget();
    understood
}

/// Reads one document like [`scan`], by the rules of JSON; false when it is not JSON.
pub(super) fn json<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> bool {
    let understood =
        text.trim_start().starts_with('{') && Scanner::new(text, base, 0, true, tree).json().is_some();
    tree.grant_budget();
    understood
}
