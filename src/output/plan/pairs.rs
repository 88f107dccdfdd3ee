//! Pairs the objects of the old and the new release: by name, then by base name and suffix, never by similarity.

use super::reading::{Reading, base};
use crate::deployers::{Id, Member};
use std::collections::{HashMap, VecDeque};

/// The counterpart of each object of the new release in the old one, and old objects without a counterpart.
#[derive(Debug)]
pub(super) struct Pairs {
    /// The position in the old release, by position in the new one.
    pub(super) old_of: Vec<Option<usize>>,
    /// Positions in the old release without a counterpart.
    pub(super) gone: Vec<usize>,
}

/// What the versions of one object have in common: group, kind, namespace and base name.
type Key<'r> = (&'r str, &'r str, Option<&'r str>, &'r str);

impl Pairs {
    pub(super) fn of(old: &Reading, new: &Reading) -> Pairs {
        let mut by_id: HashMap<&Id, usize> = HashMap::new();
        by_id.extend(old.release.members.iter().enumerate().map(|(at, member)| (&member.id, at)));
        let mut old_of: Vec<Option<usize>> =
            new.release.members.iter().map(|member| by_id.get(&member.id).copied()).collect();
        let count = old.release.members.len();
        let (mut held, mut paired) = (vec![false; count], vec![false; count]);
        for (at, details) in old_of.iter().zip(&new.details) {
            let Some(at) = *at else { continue };
            held[at] = true;
            // A version that is carried forward can still be the predecessor of another version.
            paired[at] = details.ago == 0;
        }
        let mut by_base: HashMap<Key<'_>, VecDeque<usize>> = HashMap::new();
        for (at, (member, details)) in old.members().enumerate() {
            if !paired[at] && details.ago == 0 && !details.original && has_versions(member) {
                by_base.entry(key(member)).or_default().push_back(at);
            }
        }
        for (at, (member, details)) in new.members().enumerate() {
            if old_of[at].is_none() && details.ago == 0 && !details.original && has_versions(member) {
                old_of[at] = by_base.get_mut(&key(member)).and_then(VecDeque::pop_front);
                old_of[at].into_iter().for_each(|at| held[at] = true);
            }
        }
        // If an object occurs twice, only the last one counts.
        let last = |at: &usize| by_id.get(&old.release.members[*at].id) == Some(at);
        let gone = (0..count).filter(|at| !held[*at]).filter(last).collect();
        Pairs { old_of, gone }
    }
}

fn has_versions(member: &Member) -> bool {
    let api = (member.id.group.as_str(), member.id.kind.as_str());
    matches!(api, ("", "ConfigMap" | "Secret" | "Pod") | ("batch", "Job"))
}

fn key(member: &Member) -> Key<'_> {
    (&member.id.group, &member.id.kind, member.id.namespace.as_deref(), base(member))
}
