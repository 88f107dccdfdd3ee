//! The result of this stage.
//!
//! Contains values only. [`super::decide()`] makes them.

use super::early::Earlier;
use super::jobs::{Claims, JobDecisions};
use super::policy::Decision;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::links::Links;
use crate::links::resolve::Link;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::references::{Reference, ReferenceIndex};

/// What happens to every object that can get a suffix.
#[derive(Debug)]
pub struct Decisions {
    /// The decision for each ConfigMap and Secret.
    pub of_targets: Arena<TargetIndex, Decision>,
    /// The decisions for Jobs and bare Pods.
    pub jobs: JobDecisions,
    /// The objects that keep their names because Jobs that use them keep theirs.
    pub claims: Claims,
    /// The references that get the name of a version of the release before.
    pub earlier: Earlier,
    /// The findings that explain the decisions.
    pub findings: Vec<Diagnostic>,
}

impl Decisions {
    /// True for a reference that keeps its text, because the object is also kept under its original name.
    pub fn stays(&self, reference: Reference<'_>, link: &Link) -> bool {
        let both = |target: &TargetIndex| matches!(self.of_targets[*target], Decision::Both(_));
        reference.lifetime().keeps_name() && link.targets().iter().all(both)
    }

    /// Returns what a reference points at; [`Link::Outside`] if the reference continues to use the original of an
    /// object.
    pub fn link<'l>(&self, reference: ReferenceIndex, links: &'l Links) -> &'l Link {
        self.claims.link(reference, &links.of_references)
    }

    /// True when some objects carry their hash and are immutable, and no other object is to be versioned or made immutable.
    pub fn are_applied(&self, inventory: &Inventory<'_>) -> bool {
        let all = || inventory.targets.iter().zip(self.of_targets.iter());
        let done = |target: &Target, decision: &Decision| match decision {
            Decision::Keep => target.is_immutable(),
            Decision::Version | Decision::Both(_) => false,
            _ => true,
        };
        all().any(|(_, decision)| *decision == Decision::Keep)
            && all().all(|(target, decision)| done(target, decision))
    }
}
