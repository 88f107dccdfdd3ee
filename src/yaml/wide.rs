//! Lookup in mappings with many entries.
//!
//! Some fields depend on their siblings, so a mapping may be asked once for each of its entries. A search from entry to
//! entry would then take quadratic time. The index of a mapping is made when it is asked for the first time. The texts
//! of the keys stay in the tree, so each function gets `text`, which returns them.

use super::node::NodeId;
use hashbrown::HashTable;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// The number of entries that are compared one by one before an index is used.
pub(super) const MOST_COMPARED: usize = 64;

/// A key and its value.
type Entry = (NodeId, NodeId);

/// The indices of the mappings with many entries of one document.
#[derive(Debug, Default)]
pub(super) struct WideMappings(RefCell<HashMap<NodeId, Index>>);

/// The last entry with each key.
#[derive(Debug, Default)]
pub(super) struct Index {
    entries: HashTable<Entry>,
    state: RandomState,
}

impl WideMappings {
    /// Forgets all indices.
    pub(super) fn clear(&mut self) {
        self.0.get_mut().clear();
    }

    /// Returns the last entry of a mapping with this key. `make` makes the index.
    pub(super) fn entry<'t>(
        &self,
        mapping: NodeId,
        key: &str,
        text: impl Fn(NodeId) -> Option<&'t [u8]>,
        make: impl FnOnce() -> Index,
    ) -> Option<Entry> {
        let mut indices = self.0.borrow_mut();
        let index = indices.entry(mapping).or_insert_with(make);
        let same = |(name, _): &Entry| text(*name) == Some(key.as_bytes());
        index.entries.find(index.state.hash_one(key.as_bytes()), same).copied()
    }
}

/// Indices follow from the nodes, so trees with equal nodes are equal.
impl PartialEq for WideMappings {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for WideMappings {}

impl Index {
    /// Adds an entry. It replaces an earlier one with the same key. A key without text is skipped.
    pub(super) fn add<'t>(&mut self, entry: Entry, text: impl Fn(NodeId) -> Option<&'t [u8]>) {
        let Some(key) = text(entry.0) else { return };
        let hash = |(name, _): &Entry| self.state.hash_one(text(*name).unwrap_or_default());
        let same = |(name, _): &Entry| text(*name) == Some(key);
        *self.entries.entry(self.state.hash_one(key), same, hash).or_insert(entry).get_mut() = entry;
    }
}
