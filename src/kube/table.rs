//! A hash table of arena items by a key that each item contains.
//!
//! Stores indices and no keys: about 8 bytes per item, where a map with its keys takes 50. The caller provides the key
//! of an item.

use crate::kube::arena::ArenaIndex;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};

/// Items by a key that each of them contains.
pub struct Table<I> {
    indices: HashTable<I>,
    /// Seeded at random, because keys may be chosen to collide.
    state: RandomState,
}

impl<I: ArenaIndex> Table<I> {
    /// Creates a table with capacity for `items` items.
    pub fn with_capacity(items: usize) -> Table<I> {
        Table { indices: HashTable::with_capacity(items), state: RandomState::new() }
    }

    /// Adds an item. Replaces and returns the item with the same key, if there is one. `key` returns the key of an
    /// item.
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

    /// Returns the item with this key. `key` returns the key of an item.
    pub fn get<K: Hash + Eq>(&self, wanted: &K, key: impl Fn(I) -> K) -> Option<I> {
        self.indices.find(self.state.hash_one(wanted), |index| key(*index) == *wanted).copied()
    }

    /// Returns the items, in no particular order.
    pub fn items(&self) -> impl Iterator<Item = I> + Clone + '_ {
        self.indices.iter().copied()
    }

    /// True if the table is empty.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }
}

impl<I: fmt::Debug> fmt::Debug for Table<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.indices).finish()
    }
}
