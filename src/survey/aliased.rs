//! Documents in which one text stands for several places.
//!
//! Must not look at any object.

use crate::text::source::Span;
use crate::yaml::Anchored;

/// A document with aliases, and the nodes that they stand for.
#[derive(Clone, Debug)]
pub struct AliasedDocument {
    /// The document's bytes.
    pub span: Span,
    /// Its anchored nodes.
    pub anchored: Vec<Anchored>,
}
