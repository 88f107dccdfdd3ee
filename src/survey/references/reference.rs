//! A place that names an object, and an object that has to keep its name.

use crate::kube::arena::arena_index;
use crate::kube::object::ObjectIndex;
use crate::rules::Kinds;
use crate::text::source::Span;
use std::borrow::Cow;

/// The namespace of a named object. `N` is a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InNamespace<N> {
    /// The namespace of the referring object.
    Own,
    /// Any namespace: the place states none, and the object may be in another one than the referring object.
    Any,
    /// Several namespaces: the name is looked up in the namespace of whatever asks for it.
    Each,
    /// This namespace.
    Given(N),
}

impl<N> InNamespace<N> {
    /// Returns the same namespace, borrowed.
    pub fn as_ref<T: ?Sized>(&self) -> InNamespace<&T>
    where
        N: AsRef<T>,
    {
        match self {
            InNamespace::Own => InNamespace::Own,
            InNamespace::Any => InNamespace::Any,
            InNamespace::Each => InNamespace::Each,
            InNamespace::Given(text) => InNamespace::Given(text.as_ref()),
        }
    }
}

arena_index! {
    /// The index of a reference among all that were collected.
    ReferenceIndex
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
    pub namespace: InNamespace<Cow<'s, str>>,
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
