//! A place that names an object, and an object that has to keep its name.

use crate::kube::arena::arena_index;
use crate::kube::object::ObjectIndex;
use crate::rules::Kinds;
use crate::rules::lifetimes::{Fact, Lifetime};
use crate::rules::shapes::Strength;
use crate::text::source::Span;
use crate::yaml::Site;
use std::borrow::Cow;

/// The namespace of a named object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InNamespace<'s> {
    /// The namespace of the referring object.
    Own,
    /// Any namespace: the place states none, and the object may be in another one than the referring object.
    Any,
    /// Several namespaces: the name is looked up in the namespace of whatever asks for it.
    Each,
    /// This namespace.
    Given(Cow<'s, str>),
}

arena_index! {
    /// The index of a reference among all that were collected.
    ReferenceIndex
}

/// A place that names an object.
#[derive(Clone, Debug)]
pub struct Reference<'s> {
    /// The referring object's index in the inventory.
    pub object: ObjectIndex,
    /// The site of the name.
    pub site: Site,
    /// The name.
    pub name: Cow<'s, str>,
    /// The kinds of object that it may name.
    pub kinds: Kinds,
    /// The namespace of that object.
    pub namespace: InNamespace<'s>,
    /// How certain it is that the place uses the object.
    pub strength: Strength,
    /// The data key that the reference requires, as [`crate::kube::content::key_hash`].
    pub key: Option<u32>,
    /// True if only an object that has the key matches.
    pub by_key: bool,
    /// True if `optional: true` is next to it.
    pub optional: bool,
    /// The row with its lifetime; `None` for a reference that rolls.
    pub fact: Option<&'static Fact>,
}

impl Reference<'_> {
    /// Returns when it is read and what happens when it changes, as far as the referring object shows.
    pub fn lifetime(&self) -> Lifetime {
        self.fact.map_or(Lifetime::Rolls, |fact| fact.lifetime)
    }

    /// True if nothing in the stream states the namespace: that of the release would be a guess.
    pub fn is_anywhere(&self) -> bool {
        match self.namespace {
            InNamespace::Each => true,
            InNamespace::Any => self.lifetime() != Lifetime::Elsewhere,
            InNamespace::Own | InNamespace::Given(_) => false,
        }
    }
}

/// An object that keeps its name, because another one writes it or finds it by that name.
#[derive(Clone, Debug)]
pub struct Claim<'s> {
    /// The index of the object that claims it.
    pub object: ObjectIndex,
    /// The kinds of object that are claimed.
    pub kinds: Kinds,
    /// The name; `*` matches any characters.
    pub name: Cow<'s, str>,
    /// The namespace of the claimed object.
    pub namespace: InNamespace<'s>,
    /// Why the object keeps its name. Completes the text "left alone: ".
    pub reason: &'static str,
    /// The span that states the claim.
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
    /// The value of the label, as [`crate::kube::content::key_hash`]; `None` for any value.
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
