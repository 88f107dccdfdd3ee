//! The state of a walk over one object, and its position in the object.
//!
//! Holds values only. `walk` moves through the object, and `texts` reads the names in one text.

use super::places::Named;
use super::resolve::{Jobs, Owner};
use crate::rules::Rules;
use crate::text::source::{Source, Span};
use crate::yaml::walk::Step;
use crate::yaml::{NodeId, Tree};

/// A walk over one object.
pub(super) struct Walk<'w, 't, 's> {
    pub(super) tree: &'t Tree<'s>,
    pub(super) source: &'w Source,
    pub(super) rules: &'w Rules,
    pub(super) jobs: &'w Jobs<'w>,
    /// Places that another reference rewrites, sorted.
    pub(super) rewritten: &'w [Span],
    pub(super) owner: Owner<'s>,
    /// The words of the document that are names, sorted.
    pub(super) hits: &'w [Span],
    pub(super) named: &'w mut Named,
    /// A text, and how many names were found in it.
    pub(super) traced: (NodeId, usize),
}

/// Where in the object a node is, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Root,
    Spec,
    Template,
    Elsewhere,
}

/// What the walk knows of a place.
#[derive(Clone, Copy)]
pub(super) struct Below {
    pub(super) spot: Spot,
    /// True below what is hashed: nothing can be written there.
    pub(super) content: bool,
}

/// A node still to visit.
pub(super) type Frame = Step<Below>;
