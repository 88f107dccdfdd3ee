//! Details that only the links need: the keys and labels of each object, and the places to search for names.
//!
//! They take much memory for each object, so the caller drops them once the links are known. Contains values only.

use super::target::{TargetIndex, labels};
use crate::kube::arena::Lists;
use crate::kube::content;
use crate::kube::object::View;
use crate::kube::suffix::Content;
use crate::rules::Kinds;
use crate::text::source::Span;
use crate::text::spans::Spans;

/// Details that only the links need.
#[derive(Debug, Default)]
pub struct Details {
    /// The data keys of each ConfigMap and Secret, as [`crate::kube::content::key_hashes`].
    pub keys: Lists<TargetIndex, u32>,
    /// The names that each had before kustomize renamed it in the same build. References may still use them.
    pub previous: Lists<TargetIndex, Box<str>>,
    /// The keys and values of the labels of each, as [`crate::kube::content::key_hash`].
    pub labels: Lists<TargetIndex, (u32, u32)>,
    /// Places that the search for mentions can skip.
    pub aside: Aside,
}

/// Places that the search for mentions can skip, or must not.
#[derive(Debug, Default)]
pub struct Aside {
    /// Places that are not references according to a rule.
    pub set_aside: Vec<Span>,
    /// Places that may name an object of these kinds, as the flag or variable says.
    pub suspects: Vec<(Span, Kinds)>,
    /// Parts of the source that are never searched for names, such as labels.
    pub unsearched: Spans,
}

impl Details {
    /// Adds the data keys of the next ConfigMap or Secret, and returns them. Its other details must follow.
    pub(super) fn push_keys(&mut self, content: Option<&Content<'_>>) -> &[u32] {
        self.keys.push_with(|keys| content.into_iter().for_each(|content| content::key_hashes(content, keys)))
    }

    /// Adds the other details of the same ConfigMap or Secret.
    pub(super) fn push(&mut self, previous: Vec<Box<str>>, view: &View<'_, '_>) {
        self.previous.push(previous);
        self.labels.push_with(|found| labels(view, found));
    }

    /// True if a ConfigMap or Secret has this data key.
    pub fn has_key(&self, target: TargetIndex, key: u32) -> bool {
        content::has(self.keys.of(target), key)
    }

    /// Makes room for this many times as many details, if the system has it.
    pub(super) fn reserve(&mut self, times: usize) {
        self.keys.reserve(times);
        self.previous.reserve(times);
        self.labels.reserve(times);
        self.aside.unsearched.reserve(times);
    }

    /// Adds the details of later documents.
    pub(super) fn append(&mut self, mut other: Details) {
        self.keys.append(other.keys);
        self.previous.append(other.previous);
        self.labels.append(other.labels);
        self.aside.set_aside.append(&mut other.aside.set_aside);
        self.aside.suspects.append(&mut other.aside.suspects);
        self.aside.unsearched.append(other.aside.unsearched);
    }
}
