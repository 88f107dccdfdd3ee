//! The state of a walk over one object, and its position in the object.
//!
//! Contains values only. `walk` moves through the object, and `texts` finds the names in one text.

use super::places::Named;
use super::resolve::{Jobs, Owner};
use crate::rules::Rules;
use crate::text::source::{Source, Span};
use crate::yaml::walk::Step;
use crate::yaml::{NodeId, Tree};
use std::cell::OnceCell;

/// A walk over one object.
pub(super) struct Walk<'w, 't, 's> {
    pub(super) tree: &'t Tree<'s>,
    pub(super) source: &'w Source,
    pub(super) rules: &'w Rules,
    pub(super) jobs: &'w Jobs<'w>,
    /// The places of other references, which get new names themselves; sorted.
    pub(super) rewritten: &'w [Span],
    pub(super) owner: Owner<'s>,
    /// The words of the document that are names of Jobs, sorted.
    pub(super) hits: &'w [Span],
    pub(super) named: &'w mut Named,
    /// The last text in which a name was found, and the number of names found in it.
    pub(super) traced: (NodeId, usize),
    /// The object.
    pub(super) root: Span,
    /// Whether the object speaks of Kubernetes' own Jobs; looked up when the first variable depends on it.
    pub(super) speaks: OnceCell<bool>,
}

/// The position of a node in the object, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Root,
    Spec,
    Template,
    Elsewhere,
}

/// What the walk knows about a place.
#[derive(Clone, Copy)]
pub(super) struct Below {
    pub(super) spot: Spot,
    /// True within the content of a ConfigMap or Secret. It is hashed, so it is never edited.
    pub(super) content: bool,
}

/// A node to visit.
pub(super) type Frame = Step<Below>;
