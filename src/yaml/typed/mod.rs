//! Reads YAML into the types of the program through serde: rules files, configuration files, annotations.
//!
//! Reads the text in the same way as manifests, so a scalar has the same value as for kubectl. A value can carry its
//! place ([`Spanned`]), and each mistake has a kind and a place ([`Error`]). Must not know the types.

mod check;
mod error;
mod reader;
mod scalars;
mod spanned;

pub use error::{Error, Problem};
pub use spanned::Spanned;

use super::{Kind, NodeId, ParseError, Tree};
use crate::text::source::Span;
use reader::Reader;
use serde::Deserialize;
use std::marker::PhantomData;

/// Reads a text with one YAML document. Spans are byte ranges of the text.
///
/// A text without content, for example with only comments, is read as an empty mapping or an empty list.
///
/// # Errors
/// The first mistake: in the YAML, then a key that is defined twice, then a value that does not fit the type.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    if u32::try_from(text.len()).is_err() {
        return Err(Error::new(Problem::Yaml("the text is 4 GiB or larger".to_owned())));
    }
    let (mut tree, start) = (Tree::default(), behind_directives(text));
    super::parse(&text[start as usize..], start, &mut tree).map_err(unreadable)?;
    if let Some(at) = tree.ignored_from() {
        return Err(Error::new(Problem::SeveralDocuments).at(Span::empty(at)));
    }
    check::check(&tree)?;
    let root = tree.root().filter(|root| !is_absent(&tree, *root));
    Reader::new(&tree, root).read(PhantomData)
}

/// Returns the offset of the `---` line after the directives (`%YAML 1.2`) of a text; 0 if there are none. A stream of
/// manifests is split there too, and kubectl ignores the directives.
fn behind_directives(text: &str) -> u32 {
    let is_directive = |line: &str| line.trim().is_empty() || line.starts_with(['%', '#']);
    let marker = memchr::memmem::find(text.as_bytes(), b"\n---").map_or(0, |line| line + 1);
    let head = text[..marker].trim_start_matches('\u{feff}');
    let start = if head.lines().all(is_directive) { marker } else { 0 };
    Span::new(start, start).start
}

fn unreadable(error: ParseError) -> Error {
    Error::new(Problem::Yaml(error.message)).at(Span::empty(error.at))
}

/// True for the root of a document that contains only a `---` line and comments.
fn is_absent(tree: &Tree<'_>, root: NodeId) -> bool {
    let node = tree.node(root);
    matches!(node.kind, Kind::Scalar(_)) && node.span.is_empty() && !tree.is_tagged(root)
}

#[cfg(test)]
mod tests;
