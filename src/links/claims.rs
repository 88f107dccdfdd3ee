//! The targets that another object writes, or finds by a name that is derived from its own.
//!
//! Claims of one name are processed together, because there may be one for each namespace. Must not decide.

use crate::kube::object::TargetKind;
use crate::links::resolve::{Index, namespace};
use crate::rules::glob;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::{Claim, InNamespace};
use indexmap::IndexMap;
use std::collections::HashMap;

/// The claims for one kind and name, as indices: the first of all, the first without a namespace, and the first for
/// each namespace.
#[derive(Debug, Default)]
struct Group<'i> {
    first: Option<usize>,
    anywhere: Option<usize>,
    within: HashMap<&'i str, usize>,
}

/// Returns every claimed target with the index of its first claim, in no particular order. A target may occur several
/// times.
pub(super) fn claimed<'i>(
    inventory: &'i Inventory<'_>,
    index: &Index<'_>,
    fallback: Option<&'i str>,
) -> Vec<(TargetIndex, usize)> {
    let mut groups: IndexMap<(TargetKind, &str), Group<'_>> = IndexMap::new();
    for (number, claim) in inventory.collected.claims.iter().enumerate() {
        for kind in claim.kinds.iter() {
            let wanted = wanted(inventory, claim, fallback);
            groups.entry((kind, claim.name.as_ref())).or_default().add(number, wanted);
        }
    }
    let any_loose = groups.keys().any(|(_, name)| name.contains('*'));
    let by_name = if any_loose { by_name(inventory) } else { Vec::new() };
    let mut found = Vec::new();
    for ((kind, name), group) in &groups {
        let mut add = |target| {
            let home = namespace(inventory, &inventory.targets[target], fallback);
            found.extend(group.of(home).map(|number| (target, number)));
        };
        if name.contains('*') {
            matching(&by_name, *kind, name).for_each(&mut add);
        } else {
            index.get(*kind, name).for_each(&mut add);
        }
    }
    found
}

fn wanted<'i>(
    inventory: &'i Inventory<'_>,
    claim: &'i Claim<'_>,
    fallback: Option<&'i str>,
) -> Option<&'i str> {
    match &claim.namespace {
        InNamespace::Own => inventory.objects.namespace(claim.object).or(fallback),
        InNamespace::Any | InNamespace::Each => None,
        InNamespace::Given(namespace) => Some(namespace.as_ref()),
    }
}

impl<'i> Group<'i> {
    fn add(&mut self, number: usize, wanted: Option<&'i str>) {
        self.first.get_or_insert(number);
        match wanted {
            Some(namespace) => drop(self.within.entry(namespace).or_insert(number)),
            None => drop(self.anywhere.get_or_insert(number)),
        }
    }

    /// Returns the first claim that applies in the namespace `home`. An absent namespace, on either side, matches any
    /// namespace.
    fn of(&self, home: Option<&str>) -> Option<usize> {
        let Some(home) = home else { return self.first };
        let here = self.within.get(home).copied();
        here.into_iter().chain(self.anywhere).min()
    }
}

/// Returns every target, sorted by kind and name.
fn by_name<'i>(inventory: &'i Inventory<'_>) -> Vec<(TargetKind, &'i str, TargetIndex)> {
    let named = inventory.targets.indexed();
    let mut all: Vec<_> = named.map(|(index, target)| (target.kind, inventory.name(target), index)).collect();
    all.sort_unstable_by_key(|(kind, name, index)| (kind.as_str(), *name, *index));
    all
}

/// Returns the targets that match a name with a `*`. Only names that begin with the text before the first `*` are
/// compared.
fn matching<'a>(
    all: &'a [(TargetKind, &'a str, TargetIndex)],
    kind: TargetKind,
    pattern: &'a str,
) -> impl Iterator<Item = TargetIndex> + 'a {
    let head = pattern.split('*').next().unwrap_or_default();
    let from = all.partition_point(|(other, name, _)| (other.as_str(), *name) < (kind.as_str(), head));
    let alike =
        all[from..].iter().take_while(move |(other, name, _)| *other == kind && name.starts_with(head));
    alike.filter(move |(_, name, _)| glob(pattern, name)).map(|(.., index)| *index)
}
