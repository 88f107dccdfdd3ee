//! Which item has a key, for items in an arena that hold their keys themselves.
//!
//! Keeps indices and no keys: about 8 bytes for each item, where a map with its keys takes 50. The caller says which key
//! an item has.

use crate::kube::arena::ArenaIndex;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};

/// Items by a key that each of them has.
pub struct Table<I> {
    indices: HashTable<I>,
    /// Seeded at random, as keys may be made to collide.
    state: RandomState,
}

impl<I: ArenaIndex> Table<I> {
    /// A table with room for so many items.
    pub fn with_capacity(items: usize) -> Table<I> {
        Table { indices: HashTable::with_capacity(items), state: RandomState::new() }
    }

    /// Adds an item, in place of the one that has the same key, which it returns. `key`: the key of an item.
    pub fn insert<K: Hash + Eq>(&mut self, index: I, key: impl Fn(I) -> K) -> Option<I> {
        let (own, state) = (key(index), &self.state);
        let hash = |other: &I| state.hash_one(key(*other));
        match self.indices.entry(state.hash_one(&own), |other| key(*other) == own, hash) {
            Entry::Occupied(mut found) => Some(std::mem::replace(found.get_mut(), index)),
            Entry::Vacant(place) => {
                place.insert(index);
                None
            }
        }
    }

    /// The item that has this key. `key`: the key of an item.
    pub fn get<K: Hash + Eq>(&self, wanted: &K, key: impl Fn(I) -> K) -> Option<I> {
        self.indices.find(self.state.hash_one(wanted), |index| key(*index) == *wanted).copied()
    }

    /// The items, in no order.
    pub fn items(&self) -> impl Iterator<Item = I> + Clone + '_ {
        self.indices.iter().copied()
    }

    /// True when the table is empty.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }
}

impl<I: fmt::Debug> fmt::Debug for Table<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.indices).finish()
    }
}
