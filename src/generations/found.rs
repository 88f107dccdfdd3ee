//! A version that an earlier source holds, before anything is decided about it.

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
    /// [`Fate::Carried`] as long as nothing prevents it.
    pub(super) fate: Fate,
    /// Releases since it was current, the new one included.
    pub(super) age: u32,
    /// A release that failed holds it.
    pub(super) failed: bool,
}

impl Found<'_> {
    /// What is known of it, apart from the source.
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
