//! What the lifetimes of references mean for what they point at: which objects have to keep their names, which are read
//! under their original names before they are made, and which are reached by a new name.
//!
//! Decides nothing.

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
    /// A new name reaches one of the readers.
    pub follows: bool,
    /// The first reference that is read before the object is made, by its index.
    pub early: Option<ReferenceIndex>,
    /// The first reference that has to keep its text, by its index. Its fact says why.
    pub held: Option<ReferenceIndex>,
    /// The first reference that only lists it, by its index. Its fact says why.
    pub listed: Option<ReferenceIndex>,
}

impl Reads {
    /// Why the object has to keep its name: something holds it, or nothing but a list names it.
    pub fn keeps_name(self, inventory: &Inventory<'_>) -> Option<(ReferenceIndex, &'static Fact)> {
        let reference = self.held.or(self.listed.filter(|_| !self.follows && self.early.is_none()))?;
        Some((reference, inventory.collected.references[reference].fact?))
    }

    /// Adds what holds of another object that is the same.
    pub fn join(&mut self, other: Reads) {
        self.follows |= other.follows;
        self.early = self.early.or(other.early);
        self.held = self.held.or(other.held);
        self.listed = self.listed.or(other.listed);
    }
}

/// The reads of every target, in their order.
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

/// The lifetimes of the references to every target that do more than roll.
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

/// An object and the companion that is found by a name made from its own. Where a condition says that the companion
/// is looked for, the object keeps its name even when the stream does not hold the companion.
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
        let name = format!("{}{}", inventory.object(target).id.name, fact.ending);
        let companions = index.get(TargetKind::Secret, &name);
        let beside: Vec<TargetIndex> = companions.filter(|other| home(*other) == home(*number)).collect();
        if !beside.is_empty() || fact.when != When::Always {
            found.push(*number);
        }
        found.extend(beside);
    }
    found
}
