//! One place that names an object, and one object that has to keep its name.

use crate::kube::arena::arena_index;
use crate::kube::object::ObjectIndex;
use crate::rules::Kinds;
use crate::rules::lifetimes::{Fact, Lifetime};
use crate::rules::shapes::Strength;
use crate::text::source::Span;
use crate::yaml::Site;
use std::borrow::Cow;

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
    /// `optional: true` is next to it.
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

/// The objects that a sidecar or a resource looks for by their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// Their kinds.
    pub kinds: Kinds,
    /// A label that they have.
    pub first: Required,
    /// Others that they have too.
    pub also: Box<[Required]>,
    /// Their namespace; `None` for any.
    pub namespace: Option<Box<str>>,
    /// Why, to follow "left alone: ".
    pub reason: &'static str,
}

/// A label that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Required {
    /// The label's key, as [`crate::kube::content::key_hash`].
    pub label: u32,
    /// Its value, as [`crate::kube::content::key_hash`]; `None` for any.
    pub value: Option<u32>,
}

impl Required {
    /// True if it is among these labels, which are sorted.
    pub fn holds(self, labels: &[(u32, u32)]) -> bool {
        match self.value {
            Some(value) => labels.binary_search(&(self.label, value)).is_ok(),
            None => labels.binary_search_by_key(&self.label, |(label, _)| *label).is_ok(),
        }
    }
}
