//! The complete YAML grammar, as kubectl's library (go-yaml v2) reads it.
//!
//! Accepts and refuses exactly what that library does: YAML 1.1 with special rules that no crate implements. Reads the
//! text once, without recursion. Must not interpret scalars: `scalar` does.

mod block_scalar;
mod builder;
mod cursor;
mod fault;
mod properties;
mod scalars;
mod states;
mod token;
mod tokens;

use super::parse_error::ParseError;
use super::tree::{Tree, UNICODE_BREAKS};
use builder::Builder;
use fault::Fault;
use states::Parser;

/// Parses one document, `text`, into `tree`. `base` is the offset of its first byte in the source.
///
/// Parsing ends with the first YAML document, as in kubectl. The tree records where ignored text begins.
///
/// # Errors
/// Text that kubectl refuses, or that is nested deeper than 255 levels.
pub(super) fn parse<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> Result<(), ParseError> {
    let builder = Builder::new(text, base, tree);
    let read = if only_directives(text) {
        Ok(())
    } else if let Some(at) = cursor::forbidden(text) {
        Err(Fault::new(at, "found a control character, which YAML does not allow"))
    } else {
        Parser::new(text, builder).document()
    };
    tree.grant_budget();
    tree.has_lone_return = has_lone_return(text);
    tree.has_unicode_break = !text.is_ascii() && text.contains(UNICODE_BREAKS);
    read.map_err(|fault| ParseError {
        at: base + u32::try_from(fault.at).unwrap_or(0),
        message: fault.message.to_owned(),
        too_deep: fault.too_deep,
    })
}

fn has_lone_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// True for a document with only `%` directives and comments, such as `%YAML` before the first `---`, where kubectl
/// splits the stream.
fn only_directives(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.starts_with('%') && text.lines().all(|line| line.trim().is_empty() || line.starts_with(['%', '#']))
}
