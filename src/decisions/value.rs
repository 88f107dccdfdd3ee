//! The value of this stage.
//!
//! Holds values only. [`super::decide()`] makes it.

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
    /// What Jobs that keep their names require of the objects that they use.
    pub claims: Claims,
    /// The reasons, where a person has to know them.
    pub findings: Vec<Diagnostic>,
}

impl Decisions {
    /// What a reference points at, unless it goes on to use the original of an object.
    pub fn link<'l>(&self, reference: ReferenceIndex, links: &'l Links) -> &'l Link {
        self.claims.link(reference, &links.of_references)
    }
}
