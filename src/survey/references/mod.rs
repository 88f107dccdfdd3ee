//! Where objects name ConfigMaps and Secrets, by the rules and by shape.
//!
//! Collects places and what they say. Whether a name means anything in this stream is not decided here.

mod annotations;
mod arguments;
pub(crate) mod dependencies;
mod implied;
mod parts;
mod policies;
mod record;
mod releases;
mod selectors;
mod times;
mod walk;

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::{Arena, ArenaIndex, arena_index};
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::rules::lifetimes::{Fact, Lifetime, Timetable};
use crate::rules::shapes::Strength;
use crate::rules::{self, Kinds, Paths, Rules};
use crate::text::source::{Source, Span};
use crate::yaml::Site;
pub(crate) use arguments::is_command_line;
use policies::{Binding, PolicyParam};
use record::Walk;
use std::borrow::Cow;

/// The annotation by which a person names references that no rule can know.
pub const REFERENCES: &str = "immutably.dev/references";

/// In which namespace the named object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InNamespace<'s> {
    /// The referring object's own.
    Own,
    /// Wherever the only such object is: the referrer is cluster-scoped and does not say.
    Any,
    /// This one.
    Given(Cow<'s, str>),
}

arena_index! {
    /// The index of a reference among all that were collected.
    ReferenceIndex
}

/// One place that names an object.
#[derive(Clone, Debug)]
pub struct Reference<'s> {
    /// The referring object's index in the inventory.
    pub object: ObjectIndex,
    /// Where the name is written.
    pub site: Site,
    /// The name.
    pub name: Cow<'s, str>,
    /// What kinds of object it may name.
    pub kinds: Kinds,
    /// Where that object is.
    pub namespace: InNamespace<'s>,
    /// Whether the place proves that the object is used.
    pub strength: Strength,
    /// The data key that is wanted of the object, as [`crate::kube::content::key_hash`].
    pub key: Option<u32>,
    /// True when only an object that has the key can be meant.
    pub by_key: bool,
    /// `optional: true` stands beside it.
    pub optional: bool,
    /// When it is read and whether it can change, where that is more than a rollout.
    pub fact: Option<&'static Fact>,
}

impl Reference<'_> {
    /// When it is read and what happens when it changes, as far as its own object tells.
    pub fn lifetime(&self) -> Lifetime {
        self.fact.map_or(Lifetime::Rolls, |fact| fact.lifetime)
    }
}

/// An object that keeps its name, because another one writes it or finds it by that name.
#[derive(Clone, Debug)]
pub struct Claim<'s> {
    /// The index of the object that claims it.
    pub object: ObjectIndex,
    /// What kinds of object are claimed.
    pub kinds: Kinds,
    /// The name, where `*` stands for any characters.
    pub name: Cow<'s, str>,
    /// Where it is.
    pub namespace: InNamespace<'s>,
    /// Why, to follow "left alone: ".
    pub reason: &'static str,
    /// Where that is said.
    pub place: Span,
}

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
    /// Places that a rule says are no reference.
    pub set_aside: Vec<Span>,
    params: Vec<PolicyParam<'s>>,
    bindings: Vec<Binding<'s>>,
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
    /// Walks an object along the paths for its kind and by shape.
    ///
    /// # Errors
    /// The object's annotation [`REFERENCES`] holds something that is no rule.
    pub fn walk(
        &mut self,
        subject: Subject<'_, '_, 's>,
        rules: &Rules,
        known: &Known,
    ) -> Result<(), Box<Diagnostic>> {
        let (group, kind) = subject.api;
        if group == "admissionregistration.k8s.io" && kind.ends_with("AdmissionPolicy") {
            self.params.extend(policies::param(subject.view, kind));
        }
        self.conventions(subject);
        Walk::new(subject, rules, known, self).run();
        if let Some(text) = subject.view.annotation(REFERENCES) {
            let rows =
                rules::read_annotation(text).map_err(|problem| invalid_annotation(subject.view, &problem))?;
            let paths = Paths::new(rows.iter(), &[]);
            let times = Timetable::of(group, kind);
            Walk::new(subject, rules, &Known { paths, times }, self).along_paths();
        }
        Ok(())
    }

    /// Gives each binding's reference the kind that its policy takes. A policy outside the stream leaves it open.
    pub fn settle_bindings(&mut self) {
        for binding in &self.bindings {
            let param = self.params.iter().find(|param| param.policy == binding.policy);
            if let (Some(param), Some(reference)) = (param, self.references.get_mut(binding.reference)) {
                reference.kinds = param.kinds;
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
        self.set_aside.append(&mut other.set_aside);
        self.params.append(&mut other.params);
        self.bindings.append(&mut other.bindings);
    }

    /// How many things have been collected: an object that adds none need not be remembered.
    pub fn count(&self) -> usize {
        self.references.len() + self.claims.len()
    }
}

fn invalid_annotation(view: &View<'_, '_>, problem: &str) -> Box<Diagnostic> {
    let annotation = view.meta("annotations").and_then(|annotations| view.tree.get(annotations, REFERENCES));
    let span = view.tree.node(annotation.unwrap_or(view.root)).span;
    let message = format!("{}: the annotation `{REFERENCES}` holds no rules: {problem}", view.id());
    let help = "write a list of `{path: spec.field, names: ConfigMap}`; docs/rules.md describes the form";
    Box::new(Diagnostic::new(Code::InvalidRules, message).at(span, "").help(help))
}
