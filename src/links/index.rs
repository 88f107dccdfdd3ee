//! The ConfigMaps and Secrets of a stream by kind, name and namespace.
//!
//! Must not use references.

use crate::kube::arena::Arena;
use crate::kube::object::TargetKind;
use crate::kube::table::Table;
use crate::survey::details::Details;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use indexmap::IndexMap;
use std::collections::HashMap;

/// The targets by kind and name. Most names occur once; the targets of other names are chained to the first one.
#[derive(Debug)]
pub struct Index<'i> {
    inventory: &'i Inventory<'i>,
    first: Table<TargetIndex>,
    /// For each target, the next one of the same kind and name.
    next: Arena<TargetIndex, Option<TargetIndex>>,
    /// Targets whose kind and name occur more than once, by namespace too, because there may be thousands of them.
    homes: IndexMap<(TargetKind, &'i str, Option<&'i str>), Vec<TargetIndex>>,
    /// Targets by kind and a previous name.
    previous: HashMap<TargetKind, HashMap<Box<str>, Vec<TargetIndex>>>,
    /// The namespace for objects that do not state one.
    fallback: Option<&'i str>,
}

impl<'i> Index<'i> {
    /// Indexes the targets of an inventory. `fallback` is the namespace for objects that do not state one.
    pub fn new(inventory: &'i Inventory<'_>, details: &Details, fallback: Option<&'i str>) -> Index<'i> {
        let mut first = Table::with_capacity(inventory.targets.len());
        let mut next: Arena<TargetIndex, _> = inventory.targets.iter().map(|_| None).collect();
        // From the end, so that each chain is in the order of the stream.
        for index in inventory.targets.indices().rev() {
            next[index] = first.insert(index, |target| key(inventory, target));
        }
        let mut previous: HashMap<TargetKind, HashMap<Box<str>, Vec<TargetIndex>>> = HashMap::new();
        for (index, target) in inventory.targets.indexed() {
            for name in details.previous.of(index) {
                previous.entry(target.kind).or_default().entry(name.clone()).or_default().push(index);
            }
        }
        let mut index = Index { inventory, first, next, homes: IndexMap::new(), previous, fallback };
        index.homes = index.homes();
        index
    }

    fn homes(&self) -> IndexMap<(TargetKind, &'i str, Option<&'i str>), Vec<TargetIndex>> {
        let mut homes: IndexMap<_, Vec<TargetIndex>> = IndexMap::new();
        let last = self.inventory.targets.indices().rev().filter(|index| self.next[*index].is_none());
        let chains = last.filter_map(|last| Some((last, self.first(key(self.inventory, last))?)));
        for (_, first) in chains.filter(|(last, first)| last != first) {
            let (kind, name) = key(self.inventory, first);
            for index in self.chain(Some(first)) {
                let home = namespace(self.inventory, &self.inventory.targets[index], self.fallback);
                homes.entry((kind, name, home)).or_default().push(index);
            }
        }
        homes
    }

    /// Returns the first target of this kind and name.
    fn first(&self, wanted: (TargetKind, &str)) -> Option<TargetIndex> {
        self.first.get(&wanted, |target| key(self.inventory, target))
    }

    /// Returns each group of targets that are the same object: the same kind, namespace and name.
    pub fn twins(&self) -> impl Iterator<Item = &[TargetIndex]> + '_ {
        self.homes.values().filter(|group| group.len() > 1).map(Vec::as_slice)
    }

    /// Returns a target and all other targets that are the same object.
    pub fn twins_of(&self, inventory: &Inventory<'_>, index: TargetIndex) -> Vec<TargetIndex> {
        let target = &inventory.targets[index];
        let home = namespace(inventory, target, self.fallback);
        let name = inventory.name(target);
        self.at_home(target.kind, name, home).map_or_else(|| vec![index], <[TargetIndex]>::to_vec)
    }

    /// Returns the targets of this kind and name in a namespace; `None` if there are none, or if only one target has
    /// the name.
    pub(super) fn at_home<'a>(
        &'a self,
        kind: TargetKind,
        name: &'a str,
        home: Option<&'a str>,
    ) -> Option<&'a [TargetIndex]> {
        self.homes.get(&(kind, name, home)).map(Vec::as_slice)
    }

    /// Returns the targets of this kind and name, in the order of the stream.
    pub fn get<'a>(&'a self, kind: TargetKind, name: &'a str) -> impl Iterator<Item = TargetIndex> + 'a {
        self.chain(self.first((kind, name)))
    }

    /// True if targets had other names before.
    pub(super) fn has_earlier(&self) -> bool {
        !self.previous.is_empty()
    }

    /// Returns the targets of this kind that previously had this name.
    pub fn earlier<'a>(&'a self, kind: TargetKind, name: &'a str) -> &'a [TargetIndex] {
        self.previous.get(&kind).and_then(|of_kind| of_kind.get(name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the first target of this kind and name in a namespace. An absent namespace, on either side, matches any
    /// namespace. If only one target has the name, its namespace is not compared.
    pub fn near(&self, kind: TargetKind, name: &str, wanted: Option<&str>) -> Option<TargetIndex> {
        let first = self.first((kind, name))?;
        // A target whose name occurs once is not in `homes`.
        let alone = self.next[first].is_none();
        let Some(wanted) = wanted.filter(|_| !alone) else { return Some(first) };
        let homes =
            [Some(wanted), None].into_iter().filter_map(|home| self.at_home(kind, name, home)?.first());
        homes.min().copied()
    }

    fn chain(&self, first: Option<TargetIndex>) -> impl Iterator<Item = TargetIndex> + '_ {
        std::iter::successors(first, |at| self.next[*at])
    }
}

/// Returns the kind and name of a target.
fn key<'i>(inventory: &'i Inventory<'_>, target: TargetIndex) -> (TargetKind, &'i str) {
    let target = &inventory.targets[target];
    (target.kind, inventory.name(target))
}

/// Returns the namespace of a target: its own, or `fallback` if it states none.
pub fn namespace<'a>(
    inventory: &'a Inventory<'_>,
    target: &Target,
    fallback: Option<&'a str>,
) -> Option<&'a str> {
    inventory.namespace(target).or(fallback)
}
