//! One document as a read-only tree of nodes with byte spans, and functions to read and write scalars.
//!
//! Must not know Kubernetes, and never serialises a document.

mod brackets;
mod decoded;
pub mod entry;
mod escape;
mod fields;
mod grammar;
mod head;
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
mod texts;
mod tree;
pub mod typed;
pub mod walk;
mod wide;

pub use fields::Field;
pub use inner::Position;
pub use node::{Kind, Node, NodeId, Style};
pub use parse_error::ParseError;
pub use scalar::Value;
pub use site::{Site, Writing};
pub use tree::{Anchored, Tree, UNICODE_BREAKS};

use crate::text::source::Source;
use split::{Document, List};

/// Parses one document, `text`, into `tree`. `base` is the offset of its first byte in the source.
///
/// Parsing ends with the first YAML document, as in kubectl. The tree records where ignored text begins.
///
/// # Errors
/// Text that is not YAML, or is nested deeper than 255 levels.
pub fn parse<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> Result<(), ParseError> {
    if scan::scan(text, base, tree) || scan::json(text, base, tree) {
        return Ok(());
    }
    grammar::parse(text, base, tree)
}

/// Parses a part of a long list, as the document with only the items of this part. Returns false if the fast reader
/// does not support the document, which must then be parsed whole.
pub fn parse_part<'s>(source: &'s Source, part: Document, list: &List, tree: &mut Tree<'s>) -> bool {
    let whole = list.document.span;
    let within = |at: u32| (at - whole.start) as usize;
    let (open, close) = (within(list.open), within(list.close));
    let begins = if part.span.start == whole.start { open + 1 } else { within(part.span.start) };
    let ends = if part.span.end == whole.end { close } else { within(part.span.end) };
    let items = scan::Items { open, range: begins..ends, close };
    scan::list(source.slice(whole), whole.start, &items, tree)
}

/// Like [`parse`], but without the fast reader and the rules of JSON. The tree is the same for all YAML that the fast
/// reader supports: tests and fuzz targets compare the two.
///
/// # Errors
/// As [`parse`].
pub fn parse_by_grammar<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> Result<(), ParseError> {
    grammar::parse(text, base, tree)
}
