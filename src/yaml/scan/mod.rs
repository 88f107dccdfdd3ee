//! A fast reader for the YAML and JSON that manifests usually contain.
//!
//! Builds exactly the tree that [`grammar`](super::grammar) would build, or gives up, and then the grammar reads the
//! document. It leaves anchors, aliases, tags, `?` keys, directives, tabs as indentation and apparent mistakes to the
//! grammar, so it refuses nothing and creates no message. Reads the text once, without recursion.

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

/// Reads one document, `text`, into `tree`. `base` is the offset of its first byte in the source.
///
/// Returns false if anything in the document is outside the subset; the content of the tree is then meaningless.
pub(super) fn scan<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> bool {
    let bytes = text.as_bytes();
    let at = behind_mark(text);
    if !charset::is_ordinary(bytes.get(at..).unwrap_or_default()) {
        return false;
    }
    let understood = Scanner::new(text, base, at, false, tree).document().is_some();
    tree.grant_budget();
    understood
}

/// Like [`scan`], but reads only these items of a long list.
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

/// Like [`scan`], but by the rules of JSON. Returns false if the document is not JSON.
pub(super) fn json<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> bool {
    let at = behind_mark(text);
    let begins = text.get(at..).is_some_and(|text| text.trim_start().starts_with('{'));
    let understood = begins && Scanner::new(text, base, at, true, tree).json().is_some();
    tree.grant_budget();
    understood
}

/// Returns the offset after the byte order mark at the beginning of a text.
fn behind_mark(text: &str) -> usize {
    if text.starts_with(BOM) { BOM.len() } else { 0 }
}
