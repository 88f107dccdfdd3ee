//! What the lifetimes of references mean for their targets: which targets have to keep their names, which are read
//! under their original names before they are created, and which can get a new name.
//!
//! Must not decide.

use crate::kube::arena::Arena;
use crate::kube::object::TargetKind;
use crate::links::resolve::{Index, Link, namespace};
use crate::rules::lifetimes::{Fact, Lifetime, When};
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::ReferenceIndex;
use std::collections::BTreeSet;

/// How the references to an object are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// True if at least one reader gets the new name.
    pub follows: bool,
    /// The index of the first reference that is read before the object is created.
    pub early: Option<ReferenceIndex>,
    /// The index of the first reference that must not change. Its fact states why.
    pub held: Option<ReferenceIndex>,
    /// The index of the first reference that only lists the object. Its fact states why.
    pub listed: Option<ReferenceIndex>,
}

impl Reads {
    /// Returns why the object has to keep its name: a reference must not change, or the object is only listed.
    pub fn keeps_name(self, inventory: &Inventory<'_>) -> Option<(ReferenceIndex, &'static Fact)> {
        let reference = self.held.or(self.listed.filter(|_| !self.follows && self.early.is_none()))?;
        Some((reference, inventory.collected.references.at(reference).fact?))
    }

    /// Adds the reads of another target that is the same object.
    pub fn join(&mut self, other: Reads) {
        self.follows |= other.follows;
        self.early = self.early.or(other.early);
        self.held = self.held.or(other.held);
        self.listed = self.listed.or(other.listed);
    }
}

/// Returns the reads of every target, in order.
pub fn reads(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &Arena<ReferenceIndex, Link>,
    fallback: Option<&str>,
) -> Arena<TargetIndex, Reads> {
    let mut reads: Arena<TargetIndex, Reads> = inventory.targets.iter().map(|_| Reads::default()).collect();
    for ((number, reference), link) in inventory.collected.references.indexed().zip(links) {
        let holds = reference.fact.filter(|fact| fact.lifetime.keeps_name());
        let companion = holds.filter(|fact| fact.lifetime == Lifetime::Companion);
        for target in link.targets() {
            let reads = &mut reads[*target];
            match (link, holds.filter(|_| companion.is_none())) {
                (Link::Plain(_), _) => drop(reads.early.get_or_insert(number)),
                (_, Some(_)) => drop(reads.held.get_or_insert(number)),
                _ if reference.lifetime() == Lifetime::Listed => drop(reads.listed.get_or_insert(number)),
                _ => reads.follows |= reference.lifetime() != Lifetime::Grant,
            }
        }
        let Some(fact) = companion else { continue };
        for target in companions(inventory, index, link, fact, fallback) {
            reads[target].held.get_or_insert(number);
        }
    }
    reads
}

/// Returns the lifetimes of the references to every target, except [`Lifetime::Rolls`].
pub fn of_targets(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
) -> Arena<TargetIndex, BTreeSet<Lifetime>> {
    let mut found: Arena<TargetIndex, BTreeSet<Lifetime>> =
        inventory.targets.iter().map(|_| BTreeSet::new()).collect();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        let early = matches!(link, Link::Plain(_));
        let lifetime = if early { Lifetime::Early } else { reference.lifetime() };
        for target in link.targets().iter().filter(|_| lifetime != Lifetime::Rolls) {
            found[*target].insert(lifetime);
        }
    }
    found
}

/// Returns targets with their companions, whose names are derived from the targets' names. If the fact has a condition,
/// something looks for the companion, so the target is included even if the stream does not contain the companion.
fn companions(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    link: &Link,
    fact: &Fact,
    fallback: Option<&str>,
) -> Vec<TargetIndex> {
    let mut found = Vec::new();
    for number in link.targets() {
        let target = &inventory.targets[*number];
        let home = |other: TargetIndex| namespace(inventory, &inventory.targets[other], fallback);
        let name = format!("{}{}", inventory.name(target), fact.ending);
        let companions = index.get(TargetKind::Secret, &name);
        let beside: Vec<TargetIndex> = companions.filter(|other| home(*other) == home(*number)).collect();
        if !beside.is_empty() || fact.when != When::Always {
            found.push(*number);
        }
        found.extend(beside);
    }
    found
}
