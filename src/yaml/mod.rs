//! One document as a read-only tree of nodes with byte spans, and scalars read and written.
//!
//! Nothing here knows Kubernetes, and nothing is ever re-serialised.

mod brackets;
mod decoded;
pub mod entry;
mod escape;
mod grammar;
mod inner;
pub mod item;
mod merge;
mod node;
mod number;
mod parse_error;
pub mod scalar;
pub mod path;
mod scan;
pub mod shared;
mod site;
pub mod split;
mod tree;
pub mod typed;
pub mod walk;

pub use node::{Kind, Node, NodeId, Style};
pub use parse_error::ParseError;
pub use scalar::Value;
pub use site::{Site, Writing};
pub use tree::{Anchored, Tree, UNICODE_BREAKS};

use crate::text::source::Source;
use split::{Document, List};

/// Reads one document, `text`, whose first byte is at offset `base` of the source, into `tree`.
///
/// Reading ends with the first YAML document, as kubectl's does: text after it is noted as ignored.
///
/// # Errors
/// Text that is not YAML, or nests deeper than 255 levels.
pub fn parse<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> Result<(), ParseError> {
    if scan::scan(text, base, tree) || scan::json(text, base, tree) {
        return Ok(());
    }
    grammar::parse(text, base, tree)
}

/// Reads a part of a long list: the document with the items of this part alone. False when the fast reader does not take it,
/// and then the document has to be read whole.
pub fn parse_part<'s>(source: &'s Source, part: Document, list: &List, tree: &mut Tree<'s>) -> bool {
    let whole = list.document.span;
    let within = |at: u32| (at - whole.start) as usize;
    let (open, close) = (within(list.open), within(list.close));
    let begins = if part.span.start == whole.start { open + 1 } else { within(part.span.start) };
    let ends = if part.span.end == whole.end { close } else { within(part.span.end) };
    let items = scan::Items { open, range: begins..ends, close };
    scan::list(source.slice(whole), whole.start, &items, tree)
}

/// Like [`parse`] without the fast reader and without the rules of JSON: the same tree for all YAML that the fast reader
/// takes. Tests and fuzz targets compare the two.
///
/// # Errors
/// As [`parse`].
pub fn parse_by_grammar<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> Result<(), ParseError> {
    grammar::parse(text, base, tree)
}
