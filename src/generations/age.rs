//! The age in the new release of each version of an earlier release.
//!
//! The versions of a deployed release get one release older if the new stream has other current versions. Those of a
//! failed release stay for one release, so that the deployer can delete them afterwards.

use super::directory::{Directory, Name};
use super::found::Found;
use super::generation::{Fate, Outcome};
use super::roll::Roll;
use crate::options::Keep;

/// The names of ConfigMaps and Secrets in the new output.
#[derive(Debug)]
pub(super) struct Current<'a> {
    names: Directory<'a, ()>,
    /// The names that are not carried over from earlier releases.
    own: Directory<'a, ()>,
    /// The versions among `own`.
    versions: Vec<&'a Name>,
}

impl<'a> Current<'a> {
    /// Indexes the names. A version that `stream` carries from an earlier release is not one of its own.
    pub(super) fn new(names: &'a [Name], stream: &'a Roll<'_>) -> Current<'a> {
        let mut carried = Directory::default();
        for entry in stream.entries.iter().filter(|entry| entry.ago > 0) {
            carried.add(&entry.id.kind, &entry.id.name, entry.id.namespace.as_deref(), ());
        }
        let (mut all, mut own, mut versions) = (Directory::default(), Directory::default(), Vec::new());
        for name in names {
            let (kind, home) = (name.kind.as_str(), name.namespace.as_deref());
            all.add(kind, &name.name, home, ());
            if carried.get(kind, &name.name, home).is_none() {
                own.add(kind, &name.name, home, ());
                versions.extend(name.version.then_some(name));
            }
        }
        Current { names: all, own, versions }
    }

    /// True if the new output contains this name.
    pub(super) fn holds(&self, kind: &'a str, name: &'a str, namespace: Option<&'a str>) -> bool {
        self.names.get(kind, name, namespace).is_some()
    }

    /// True if an earlier release has the same current versions as the new stream.
    fn same(&self, found: &'a [Found<'a>]) -> bool {
        let mut theirs = Directory::default();
        let mut all_here = true;
        for one in found.iter().filter(|one| one.fate == Fate::Carried && one.entry.ago == 0) {
            let (kind, id) = (one.kind.as_str(), &one.entry.id);
            all_here &= self.own.get(kind, &id.name, id.namespace.as_deref()).is_some();
            theirs.add(kind, &id.name, id.namespace.as_deref(), ());
        }
        let known =
            |name: &&Name| theirs.get(name.kind.as_str(), &name.name, name.namespace.as_deref()).is_some();
        all_here && self.versions.iter().all(known)
    }

    /// Returns the age in the new release of each version of one earlier release, in releases.
    pub(super) fn ages(&self, found: &'a [Found<'a>], outcome: Outcome, keep: Keep) -> Vec<u32> {
        let more = u32::from(outcome == Outcome::Deployed && !self.same(found));
        let age = |one: &Found<'_>| match outcome {
            Outcome::Deployed => one.entry.ago.saturating_add(more),
            Outcome::Failed => keep.0.max(1),
        };
        found.iter().map(age).collect()
    }
}
