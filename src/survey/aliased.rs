//! Documents with aliases, in which one text is the value of several nodes.
//!
//! Must not look at objects.

use crate::text::source::Span;
use crate::yaml::Anchored;

/// A document with aliases, and the nodes that they refer to.
#[derive(Clone, Debug)]
pub struct AliasedDocument {
    /// The bytes of the document.
    pub span: Span,
    /// The anchored nodes of the document.
    pub anchored: Vec<Anchored>,
}
