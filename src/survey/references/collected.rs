//! What the walks over objects collect, and what they know of an object before they begin.
//!
//! Holds values and puts those of several documents together. Looks at no object.

use super::policies::{Binding, PolicyParam};
use super::reference::{Claim, Reference, ReferenceIndex, Sought};
use crate::kube::arena::{Arena, ArenaIndex};
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::rules::Paths;
use crate::rules::lifetimes::Timetable;
use crate::survey::details::Details;
use crate::text::source::Source;
use std::borrow::Cow;
use std::collections::HashMap;

/// What is known of a kind of object before one is walked.
#[derive(Debug)]
pub struct Known {
    /// Where it names others.
    pub paths: Paths,
    /// When that is read; `None` where nothing is to be said.
    pub times: Option<Timetable>,
}

/// What was collected so far, over all objects.
#[derive(Debug, Default)]
pub struct Collected<'s> {
    /// Every place that names an object.
    pub references: Arena<ReferenceIndex, Reference<'s>>,
    /// Objects that keep their names.
    pub claims: Vec<Claim<'s>>,
    /// What only the links need.
    pub details: Details,
    /// What sidecars look for by a label.
    pub sought: Vec<Sought>,
    pub(super) params: Vec<PolicyParam<'s>>,
    pub(super) bindings: Vec<Binding<'s>>,
}

/// An object that is walked.
#[derive(Clone, Copy)]
pub struct Subject<'a, 't, 's> {
    /// Its view.
    pub view: &'a View<'t, 's>,
    /// Its API group and kind.
    pub api: (&'a str, &'a Cow<'s, str>),
    /// Its index in the inventory.
    pub index: ObjectIndex,
    /// ConfigMap or Secret, when it is one.
    pub target: Option<TargetKind>,
    /// The source that its document is part of.
    pub source: &'s Source,
}

impl<'s> Collected<'s> {
    /// Gives each binding's reference the kind that its policy takes. A policy outside the stream leaves it open.
    pub fn settle_bindings(&mut self) {
        // Of several policies with one name, the first counts.
        let params = self.params.iter().rev().map(|param| (&param.policy, param.kinds));
        let kinds: HashMap<_, _> = params.collect();
        for binding in &self.bindings {
            let kinds = kinds.get(&binding.policy);
            if let (Some(kinds), Some(reference)) = (kinds, self.references.get_mut(binding.reference)) {
                reference.kinds = *kinds;
            }
        }
    }

    /// Adds what was collected from later documents, whose objects are counted from `first_object` on.
    pub fn append(&mut self, mut other: Collected<'s>, first_object: usize) {
        let first = self.references.len();
        let later = |object: &mut ObjectIndex| *object = object.moved(first_object);
        other.references.iter_mut().for_each(|reference| later(&mut reference.object));
        other.claims.iter_mut().for_each(|claim| later(&mut claim.object));
        other.bindings.iter_mut().for_each(|binding| binding.reference = binding.reference.moved(first));
        self.references.append(other.references);
        self.claims.append(&mut other.claims);
        self.details.append(other.details);
        self.sought.append(&mut other.sought);
        self.params.append(&mut other.params);
        self.bindings.append(&mut other.bindings);
    }

    /// How many things have been collected: an object that adds none need not be remembered.
    pub fn count(&self) -> usize {
        self.references.len() + self.claims.len()
    }
}
