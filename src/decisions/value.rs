//! The result of this stage.
//!
//! Contains values only. [`super::decide()`] makes them.

use super::jobs::{Claims, JobDecisions};
use super::policy::Decision;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::links::Links;
use crate::links::resolve::Link;
use crate::survey::inventory::TargetIndex;
use crate::survey::references::ReferenceIndex;

/// What happens to every object that can get a suffix.
#[derive(Debug)]
pub struct Decisions {
    /// The decision for each ConfigMap and Secret.
    pub of_targets: Arena<TargetIndex, Decision>,
    /// The decisions for Jobs and bare Pods.
    pub jobs: JobDecisions,
    /// The objects that keep their names because Jobs that use them keep theirs.
    pub claims: Claims,
    /// The findings that explain the decisions.
    pub findings: Vec<Diagnostic>,
}

impl Decisions {
    /// Returns what a reference points at; [`Link::Outside`] if the reference continues to use the original of an
    /// object.
    pub fn link<'l>(&self, reference: ReferenceIndex, links: &'l Links) -> &'l Link {
        self.claims.link(reference, &links.of_references)
    }
}
