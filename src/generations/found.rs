//! A version in an earlier source, before any decision about it.

use super::generation::{Fate, Generation};
use super::roll::{Entry, Version};
use crate::kube::object::TargetKind;

/// A version in an earlier source.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) previous: u32,
    pub(super) kind: TargetKind,
    pub(super) entry: &'a Entry<'a>,
    pub(super) version: &'a Version,
    /// [`Fate::Carried`] unless something prevents it.
    pub(super) fate: Fate,
    /// How many releases ago it was current, counting the new one.
    pub(super) age: u32,
    /// True if its source is a failed release.
    pub(super) failed: bool,
}

impl Found<'_> {
    /// Returns the facts about the version that reports need.
    pub(super) fn generation(&self) -> Generation {
        Generation {
            kind: self.kind,
            namespace: self.entry.id.namespace.as_deref().map(str::to_owned),
            name: self.entry.id.name.to_string(),
            generations_ago: self.age,
            fate: self.fate,
            previous: self.previous,
            document: self.entry.document,
            place: self.entry.place,
            text: String::new(),
        }
    }
}
