//! The input of an audit: the values of the earlier stages, and the kind of input.
//!
//! Must not find anything.

use super::criteria::{Criteria, Profile};
use crate::decisions::Decisions;
use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::immutable::Immutable;
use crate::kube::object::objects;
use crate::links::Links;
use crate::options::Options;
use crate::output::relations::Relation;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::reread;
use crate::yaml::split::Stream;
use memchr::memmem;
use std::cell::Cell;

/// The values of the earlier stages.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a, 's> {
    /// The documents.
    pub stream: &'a Stream<'s>,
    /// The objects and references in the documents.
    pub inventory: &'a Inventory<'s>,
    /// What each reference resolves to.
    pub links: &'a Links,
    /// What the filter would do with each object.
    pub decisions: &'a Decisions,
    /// What the filter reports.
    pub diagnostics: &'a [Diagnostic],
    /// The options that were used for all of these.
    pub options: &'a Options,
}

/// The input, with what the audit itself determines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a, 's> {
    pub(super) input: Input<'a, 's>,
    pub(super) relations: &'a [Relation<'a>],
    pub(super) criteria: &'a Criteria,
    pub(super) profile: Profile,
}

impl Scene<'_, '_> {
    /// Creates a finding about a ConfigMap or Secret, at its name.
    pub(super) fn about(&self, target: &Target, code: Code, message: String) -> Diagnostic {
        let document = self.input.inventory.object(target).document;
        Diagnostic::new(code, message).in_document(document).at(target.name.span, "")
    }

    /// True if this audit looks for the code. If not, a waiver of the code is not idle: another audit may need it.
    pub(super) fn seeks(&self, code: Code) -> bool {
        match code {
            Code::Unversioned | Code::Mutable | Code::StaleSuffix | Code::ImmutableUnversioned => {
                self.profile != Profile::Stream
            }
            Code::EarlyHook | Code::FixedTemplate | Code::Twins => self.profile != Profile::Live,
            Code::DanglingReference => self.criteria.closed || self.profile == Profile::Live,
            _ => true,
        }
    }

    /// True for an object whose name has its hash, or will have it.
    pub(super) fn is_versioned(&self, target: TargetIndex) -> bool {
        match self.input.decisions.of_targets[target] {
            Decision::Keep | Decision::AwaitKustomize => true,
            Decision::Version | Decision::Both(_) => self.profile == Profile::Stream,
            Decision::Leave(_) => false,
        }
    }
}

/// True if the object sets `immutable: true`.
pub(super) fn is_immutable(target: &Target) -> bool {
    matches!(target.immutable, Immutable::Already)
}

/// Detects the kind of input: objects from a cluster have a `uid` or a `resourceVersion`.
pub(super) fn profile(stream: &Stream<'_>, inventory: &Inventory<'_>) -> Profile {
    let live = Cell::new(false);
    let marked = |text: &str| {
        ["uid", "resourceVersion"].iter().any(|mark| memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    };
    reread::documents(
        stream,
        inventory,
        |document| !live.get() && marked(stream.source.slice(document.span)),
        &mut |_, tree| {
            let carries = |view: &crate::kube::object::View<'_, '_>| {
                view.meta("uid").or(view.meta("resourceVersion")).is_some()
            };
            live.set(live.get() || objects(tree).any(|view| carries(&view)));
        },
    );
    if live.get() { Profile::Live } else { Profile::Filtered }
}
