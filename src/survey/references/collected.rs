//! What the walks over objects collect, and what is known about a kind of object before a walk.
//!
//! Contains values, and joins those of several documents. Must not look at objects.

use super::bound::Bound;
use super::list::References;
use super::policies::{Binding, PolicyParam};
use super::reference::{Claim, Sought};
use crate::kube::arena::ArenaIndex;
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::kube::scope::is_cluster_scoped;
use crate::rules::lifetimes::Timetable;
use crate::rules::{Convention, Paths, Rules, Selection, conventions, selections};
use crate::survey::details::Details;
use crate::text::source::{Source, Span};
use std::borrow::Cow;
use std::collections::HashMap;

/// What is known about a kind of object before an object of it is walked.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The paths of its references.
    pub(super) paths: Paths,
    /// The lifetimes of its references; `None` if the table has no rows for the kind.
    pub(super) times: Option<Timetable>,
    /// The names that its objects imply.
    pub(super) conventions: Vec<&'static Convention>,
    /// The selectors in its objects that select ConfigMaps or Secrets.
    pub(super) selections: Vec<&'static Selection>,
    /// True if its objects have no namespace.
    pub(super) cluster_scoped: bool,
}

impl Known {
    /// Asks all tables about a kind.
    pub(super) fn of(rules: &Rules, group: &str, kind: &str) -> Known {
        Known {
            paths: rules.paths(group, kind),
            times: Timetable::of(group, kind),
            conventions: conventions(group, kind).collect(),
            selections: selections(group, kind).collect(),
            cluster_scoped: is_cluster_scoped(kind),
        }
    }
}

/// What the walks over all objects have collected so far.
#[derive(Debug, Default)]
pub struct Collected<'s> {
    /// Every place that names an object.
    pub references: References<'s>,
    /// The objects that keep their names.
    pub claims: Vec<Claim<'s>>,
    /// Details that only the links need.
    pub details: Details,
    /// The objects that sidecars find by a label.
    pub sought: Vec<Sought>,
    /// The Roles that are bound to programs of other namespaces.
    pub bound: Vec<Bound<'s>>,
    /// The parts of the current object that are never searched for names, in the order of the walk.
    pub(super) unsearched: Vec<Span>,
    pub(super) params: Vec<PolicyParam<'s>>,
    pub(super) bindings: Vec<Binding<'s>>,
}

/// An object to walk.
#[derive(Clone, Copy)]
pub struct Subject<'a, 't, 's> {
    /// The view of the object.
    pub view: &'a View<'t, 's>,
    /// The API group and kind.
    pub api: (&'a str, &'a Cow<'s, str>),
    /// The index in the inventory.
    pub index: ObjectIndex,
    /// Whether it is a ConfigMap or a Secret; `None` if it is neither.
    pub target: Option<TargetKind>,
    /// The source that contains its document.
    pub source: &'s Source,
}

impl<'s> Collected<'s> {
    /// Creates an empty list for objects of this source.
    pub fn of(source: &'s Source) -> Collected<'s> {
        Collected { references: References::of(source), ..Collected::default() }
    }

    /// Sets the kinds of each binding's reference to those of the policy's parameter. If the policy is outside the
    /// stream, they remain open.
    pub fn settle_bindings(&mut self) {
        // If several policies have the same name, the first one applies.
        let params = self.params.iter().rev().map(|param| (&param.policy, param.kinds));
        let kinds: HashMap<_, _> = params.collect();
        for binding in &self.bindings {
            if let Some(kinds) = kinds.get(&binding.policy) {
                self.references.set_kinds(binding.reference, *kinds);
            }
        }
    }

    /// Adds what was collected from later documents, whose objects are numbered from `first_object` on.
    pub fn append(&mut self, mut other: Collected<'s>, first_object: usize) {
        let first = self.references.len();
        other.claims.iter_mut().for_each(|claim| claim.object = claim.object.moved(first_object));
        other.bindings.iter_mut().for_each(|binding| binding.reference = binding.reference.moved(first));
        self.references.append(other.references, first_object);
        self.claims.append(&mut other.claims);
        self.details.append(other.details);
        self.sought.append(&mut other.sought);
        self.bound.append(&mut other.bound);
        self.params.append(&mut other.params);
        self.bindings.append(&mut other.bindings);
    }

    /// Makes room for this many times as much, if the system has it.
    pub fn reserve(&mut self, times: usize) {
        self.references.reserve(times);
        self.details.reserve(times);
    }

    /// Returns the number of references and claims. An object that adds none need not be kept.
    pub fn count(&self) -> usize {
        self.references.len() + self.claims.len()
    }
}
