//! YAML read into the types of the program through serde: rules files, configuration files, annotations.
//!
//! Reads the text as manifests are read, so a scalar means what it means to kubectl. A value can carry its place
//! ([`Spanned`]), and each mistake has its kind and its place ([`Error`]). Must not know which types there are.

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

/// Reads a text that is one YAML document. Places are bytes of the text.
///
/// A text without content, such as comments alone, is read as an empty mapping or an empty list.
///
/// # Errors
/// The first mistake: in the YAML, then a key that is defined twice, then what does not fit the type.
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

/// Where the `---` line is that ends the directives (`%YAML 1.2`) of a text; 0 without any. A stream of manifests is cut
/// there too, and kubectl reads none of them.
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

/// True for the root of a document that is only a `---` line and comments.
fn is_absent(tree: &Tree<'_>, root: NodeId) -> bool {
    let node = tree.node(root);
    matches!(node.kind, Kind::Scalar(_)) && node.span.is_empty() && !tree.is_tagged(root)
}

#[cfg(test)]
mod tests;
