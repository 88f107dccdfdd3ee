//! References of resources that act in another namespace, and that count only as mentions. Either only the name of the
//! field suggests that they refer to an object, or they match no object in their namespace while another namespace
//! contains an object of that name.
//!
//! Must not decide.

use crate::kube::arena::Arena;
use crate::links::mentions::{Form, Mention};
use crate::links::resolve::{Index, Link, namespace};
use crate::rules::lifetimes::Lifetime;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::{InNamespace, Reference, ReferenceIndex};
use std::collections::BTreeMap;

/// Adds these references to the mentions that were found in texts.
pub fn mentions(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &Arena<ReferenceIndex, Link>,
    fallback: Option<&str>,
    found: Vec<Mention>,
) -> Vec<Mention> {
    let mut by_target: BTreeMap<TargetIndex, Mention> =
        found.into_iter().map(|mention| (mention.target, mention)).collect();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        if *link != Link::Outside || reference.lifetime() != Lifetime::Elsewhere || reference.by_key {
            continue;
        }
        let place = reference.site.span;
        for target in meant(inventory, index, reference, fallback) {
            let mention = Mention { target, place, form: Form::Field, count: 0 };
            by_target.entry(target).or_insert(mention).count += 1;
        }
    }
    by_target.into_values().collect()
}

/// Returns the objects of this name in the namespace of the reference; if there are none, in all namespaces.
fn meant(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    reference: Reference<'_>,
    fallback: Option<&str>,
) -> Vec<TargetIndex> {
    let all: Vec<TargetIndex> =
        reference.kinds.iter().flat_map(|kind| index.get(kind, reference.name())).collect();
    let InNamespace::Given(wanted) = reference.namespace() else { return all };
    let home = |target: &TargetIndex| namespace(inventory, &inventory.targets[*target], fallback);
    let there = |target: &TargetIndex| home(target).is_none_or(|home| home == wanted);
    let within: Vec<TargetIndex> = all.iter().copied().filter(there).collect();
    if within.is_empty() { all } else { within }
}
