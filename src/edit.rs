//! One change to the source and its cause.

use crate::source::Span;
use crate::yaml::Writing;

/// Why an edit is made. Each names a target by its index in the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The target gets its new name.
    Name(u32),
    /// It becomes immutable.
    Immutable(u32),
    /// Something refers to it.
    Reference(u32),
    /// An alias stood for its old name, and the anchored text changes: the old name is written out.
    OldName(u32),
}

/// One change to the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub span: Span,
    /// Why.
    pub cause: Cause,
    /// How a name is written there.
    pub writing: Writing,
}
