//! How old each version of an earlier release is in the new one.
//!
//! The versions of a release that was deployed get one release older when the new stream has other current versions.
//! Those of a release that failed stay for one release, so that the deployer can delete them afterwards.

use super::directory::{Directory, Name};
use super::found::Found;
use super::generation::{Fate, Outcome};
use super::roll::Roll;
use crate::options::Keep;

/// The names of the new output.
#[derive(Debug)]
pub(super) struct Current<'a> {
    names: Directory<'a, ()>,
    /// Those that earlier releases did not bring.
    own: Directory<'a, ()>,
    /// The versions among these.
    versions: Vec<&'a Name>,
}

impl<'a> Current<'a> {
    /// Learns the names; of the versions among them, those that `stream` says are old are not its own.
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

    /// True for a name of the new output.
    pub(super) fn holds(&self, kind: &'a str, name: &'a str, namespace: Option<&'a str>) -> bool {
        self.names.get(kind, name, namespace).is_some()
    }

    /// True when the versions that were current in an earlier release are those of the new stream.
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

    /// The age, in the new release, of each version of one earlier release.
    pub(super) fn ages(&self, found: &'a [Found<'a>], outcome: Outcome, keep: Keep) -> Vec<u32> {
        let more = u32::from(outcome == Outcome::Deployed && !self.same(found));
        let age = |one: &Found<'_>| match outcome {
            Outcome::Deployed => one.entry.ago.saturating_add(more),
            Outcome::Failed => keep.0.max(1),
        };
        found.iter().map(age).collect()
    }
}
