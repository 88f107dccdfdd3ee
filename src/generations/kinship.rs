//! Which objects of an earlier release belong to the release of the new stream.
//!
//! By evidence only: names that both hold, namespaces, and what objects say of their release. An object that says nothing
//! belongs.

use super::directory::Directory;
use super::roll::{Entry, MARKS, Roll};
use std::collections::HashSet;

/// What is known of the release of the new stream.
#[derive(Debug)]
pub(super) struct Kin<'a> {
    /// Its objects by kind and base name.
    objects: Directory<'a, ()>,
    /// Its namespaces, as far as they are told.
    namespaces: HashSet<&'a str>,
    /// What its objects say of the release, for each of [`MARKS`].
    releases: [HashSet<&'a str>; MARKS.len()],
    /// The namespace for objects that don't set one.
    fallback: Option<&'a str>,
}

/// What an object of an earlier release is to the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It belongs.
    Own,
    /// It is in a namespace that the new stream does not use.
    OtherNamespace,
    /// It says that it belongs to another release.
    OtherRelease,
}

impl<'a> Kin<'a> {
    /// Learns what the new stream says.
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

    /// Learns from the objects of an earlier release that the new stream holds too; true when there are any.
    pub(super) fn learn(&mut self, earlier: &'a Roll<'_>) -> bool {
        let shared: Vec<&Entry<'_>> = earlier.entries.iter().filter(|entry| self.holds(entry)).collect();
        shared.iter().for_each(|entry| self.release_of(entry));
        !shared.is_empty()
    }

    /// Says what an object of an earlier release is to the new one.
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

    /// True when neither the stream nor the caller says in which namespace it is.
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
