//! What the rules say about each kind of object, looked up when the first object of the kind is read.
//!
//! Must not look at objects.

use super::collected::Known;
use crate::kube::content::key_hash;
use crate::rules::Rules;
use hashbrown::HashTable;
use std::rc::Rc;

/// The maximum number of kinds to remember. No cluster has so many, and each takes several kilobytes.
const MOST_KINDS: usize = 512;

/// The kinds that were looked up. Their hashes need no seed, because there are so few.
#[derive(Default)]
pub(super) struct Kinds(HashTable<(Box<str>, Box<str>, Rc<Known>)>);

impl Kinds {
    /// Returns what the rules say about a kind.
    pub(super) fn get(&mut self, rules: &Rules, group: &str, kind: &str) -> Rc<Known> {
        let same = |(own, name, _): &(Box<str>, Box<str>, _)| **name == *kind && **own == *group;
        if let Some((.., known)) = self.0.find(hash(kind), same) {
            return Rc::clone(known);
        }
        let known = Rc::new(Known::of(rules, group, kind));
        if self.0.len() >= MOST_KINDS {
            self.0.clear();
        }
        self.0.insert_unique(hash(kind), (group.into(), kind.into(), Rc::clone(&known)), |(_, kind, _)| {
            hash(kind)
        });
        known
    }
}

/// Returns a hash whose highest bits depend on the whole kind, as the table expects.
fn hash(kind: &str) -> u64 {
    u64::from(key_hash(kind)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
