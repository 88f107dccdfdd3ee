//! The ConfigMaps and Secrets of a stream by kind, name and namespace.
//!
//! Must not know references.

use crate::kube::arena::Arena;
use crate::kube::object::TargetKind;
use crate::kube::table::Table;
use crate::survey::details::Details;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use indexmap::IndexMap;
use std::collections::HashMap;

/// The targets by kind and name. Most names occur once, so the others are chained to the first.
#[derive(Debug)]
pub struct Index<'i> {
    inventory: &'i Inventory<'i>,
    first: Table<TargetIndex>,
    /// For each target the next one of the same kind and name.
    next: Arena<TargetIndex, Option<TargetIndex>>,
    /// Targets whose kind and name occur more than once, by their namespace too: it may be one of thousands.
    homes: IndexMap<(TargetKind, &'i str, Option<&'i str>), Vec<TargetIndex>>,
    /// Targets by kind and a name that they had earlier.
    previous: HashMap<TargetKind, HashMap<Box<str>, Vec<TargetIndex>>>,
    /// The namespace for objects that don't set one.
    fallback: Option<&'i str>,
}

impl<'i> Index<'i> {
    /// Indexes the targets of an inventory. `fallback` is the namespace for objects that don't set one.
    pub fn new(inventory: &'i Inventory<'_>, details: &Details, fallback: Option<&'i str>) -> Index<'i> {
        let mut first = Table::with_capacity(inventory.targets.len());
        let mut next: Arena<TargetIndex, _> = inventory.targets.iter().map(|_| None).collect();
        // From the end, so that each chain runs in the order of the stream.
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

    /// The first target of this kind and name.
    fn first(&self, wanted: (TargetKind, &str)) -> Option<TargetIndex> {
        self.first.get(&wanted, |target| key(self.inventory, target))
    }

    /// The targets that are one object, which occurs more than once: same kind, namespace and name.
    pub fn twins(&self) -> impl Iterator<Item = &[TargetIndex]> + '_ {
        self.homes.values().filter(|group| group.len() > 1).map(Vec::as_slice)
    }

    /// A target and all that are the same object.
    pub fn twins_of(&self, inventory: &Inventory<'_>, index: TargetIndex) -> Vec<TargetIndex> {
        let target = &inventory.targets[index];
        let home = namespace(inventory, target, self.fallback);
        let name = &inventory.object(target).id.name;
        self.at_home(target.kind, name, home).map_or_else(|| vec![index], <[TargetIndex]>::to_vec)
    }

    /// The targets of this kind and name in a namespace, where several have the name; `None` where there are none.
    pub(super) fn at_home<'a>(
        &'a self,
        kind: TargetKind,
        name: &'a str,
        home: Option<&'a str>,
    ) -> Option<&'a [TargetIndex]> {
        self.homes.get(&(kind, name, home)).map(Vec::as_slice)
    }

    /// The targets of this kind and name, in the order of the stream.
    pub fn get<'a>(&'a self, kind: TargetKind, name: &'a str) -> impl Iterator<Item = TargetIndex> + 'a {
        self.chain(self.first((kind, name)))
    }

    /// The targets of this kind that had this name earlier.
    pub fn earlier<'a>(&'a self, kind: TargetKind, name: &'a str) -> &'a [TargetIndex] {
        self.previous.get(&kind).and_then(|of_kind| of_kind.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The first target of this kind and name that may be in a namespace; what is absent on either side may be any.
    pub fn near(&self, kind: TargetKind, name: &str, wanted: Option<&str>) -> Option<TargetIndex> {
        let first = self.first((kind, name))?;
        // One that has the name alone is not among the homes.
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

/// Kind and name.
fn key<'i>(inventory: &'i Inventory<'_>, target: TargetIndex) -> (TargetKind, &'i str) {
    let target = &inventory.targets[target];
    (target.kind, inventory.object(target).id.name.as_ref())
}

/// The namespace in force: the object's own, or the one that fills what is absent.
pub fn namespace<'a>(
    inventory: &'a Inventory<'_>,
    target: &Target,
    fallback: Option<&'a str>,
) -> Option<&'a str> {
    inventory.object(target).id.namespace.as_deref().or(fallback)
}
