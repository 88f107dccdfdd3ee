//! Finds out which objects of an earlier release belong to the release of the new stream.
//!
//! Uses evidence only: objects that both releases contain, namespaces, and labels and annotations that name the
//! release. An object without evidence belongs to the release.

use super::directory::Directory;
use super::roll::{Entry, MARKS, Roll};
use std::collections::HashSet;

/// What is known about the release of the new stream.
#[derive(Debug)]
pub(super) struct Kin<'a> {
    /// Its objects by kind and base name.
    objects: Directory<'a, ()>,
    /// Its namespaces, as far as they are known.
    namespaces: HashSet<&'a str>,
    /// The values of each of [`MARKS`] in its objects.
    releases: [HashSet<&'a str>; MARKS.len()],
    /// The namespace for objects that don't set one.
    fallback: Option<&'a str>,
}

/// How an object of an earlier release is related to the new stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It belongs to the same release.
    Own,
    /// It is in a namespace that the new stream does not use.
    OtherNamespace,
    /// Its labels or annotations name another release.
    OtherRelease,
}

impl<'a> Kin<'a> {
    /// Collects the evidence in the new stream.
    pub(super) fn new(stream: &'a Roll<'_>, fallback: Option<&'a str>) -> Kin<'a> {
        let mut kin = Kin {
            objects: Directory::default(),
            namespaces: fallback.into_iter().collect(),
            releases: Default::default(),
            fallback,
        };
        for entry in &stream.entries {
            let namespace = entry.id.namespace.as_deref();
            kin.objects.add(&entry.id.kind, entry.base(), namespace.or(fallback), ());
            kin.namespaces.extend(namespace);
            kin.release_of(entry);
        }
        kin
    }

    /// Adds the evidence in objects of an earlier release that the new stream also contains. Returns true if there are
    /// any.
    pub(super) fn learn(&mut self, earlier: &'a Roll<'_>) -> bool {
        let shared: Vec<&Entry<'_>> = earlier.entries.iter().filter(|entry| self.holds(entry)).collect();
        shared.iter().for_each(|entry| self.release_of(entry));
        !shared.is_empty()
    }

    /// Returns how an object of an earlier release is related to the new stream.
    pub(super) fn relation(&self, entry: &Entry<'_>) -> Relation {
        let namespace = entry.id.namespace.as_deref();
        if namespace.is_some_and(|home| !self.namespaces.is_empty() && !self.namespaces.contains(home)) {
            return Relation::OtherNamespace;
        }
        let told = self.releases.iter().zip(&entry.marks);
        let mut told = told.filter(|(known, _)| !known.is_empty());
        let told = told.find_map(|(known, mark)| Some(known.contains(mark.as_deref()?)));
        if told == Some(false) { Relation::OtherRelease } else { Relation::Own }
    }

    /// True if neither the stream nor the options state a namespace.
    pub(super) fn knows_no_namespace(&self) -> bool {
        self.namespaces.is_empty()
    }

    fn holds(&self, entry: &'a Entry<'_>) -> bool {
        let namespace = entry.id.namespace.as_deref().or(self.fallback);
        self.objects.get(&entry.id.kind, entry.base(), namespace).is_some()
    }

    fn release_of(&mut self, entry: &'a Entry<'_>) {
        for (known, mark) in self.releases.iter_mut().zip(&entry.marks) {
            known.extend(mark.as_deref());
        }
    }
}
