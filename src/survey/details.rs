//! What of the documents only the links need: which keys and labels an object has, and where names are looked for.
//!
//! Much for each object, so the caller drops it once the links are known. Holds values only.

use super::target::TargetIndex;
use crate::kube::arena::Lists;
use crate::text::source::Span;

/// What only the links need.
#[derive(Debug, Default)]
pub struct Details {
    /// The data keys of each ConfigMap and Secret, as [`crate::kube::content::key_hash`], sorted.
    pub keys: Lists<TargetIndex, u32>,
    /// Names that it had before something renamed it in this very build, which references may still say.
    pub previous: Lists<TargetIndex, Box<str>>,
    /// Keys and values of its labels, as [`crate::kube::content::key_hash`].
    pub labels: Lists<TargetIndex, (u32, u32)>,
    /// Where the search for mentions need not look.
    pub aside: Aside,
}

/// Where the search for mentions need not look.
#[derive(Debug, Default)]
pub struct Aside {
    /// Places that a rule says are no reference.
    pub set_aside: Vec<Span>,
    /// Parts of the source in which no name is looked for, such as labels; sorted once all documents are read.
    pub unsearched: Vec<Span>,
}

impl Details {
    /// Adds those of the next ConfigMap or Secret.
    pub(super) fn push(&mut self, keys: Box<[u32]>, previous: Vec<Box<str>>, labels: Vec<(u32, u32)>) {
        self.keys.push(keys);
        self.previous.push(previous);
        self.labels.push(labels);
    }

    /// True if a ConfigMap or Secret has this data key.
    pub fn has_key(&self, target: TargetIndex, key: u32) -> bool {
        self.keys.of(target).binary_search(&key).is_ok()
    }

    /// Adds the details of later documents.
    pub(super) fn append(&mut self, mut other: Details) {
        self.keys.append(other.keys);
        self.previous.append(other.previous);
        self.labels.append(other.labels);
        self.aside.set_aside.append(&mut other.aside.set_aside);
        self.aside.unsearched.append(&mut other.aside.unsearched);
    }
}
