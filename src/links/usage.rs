//! How the rest of the stream uses each ConfigMap and Secret: what refers to it, claims it or mentions it.
//!
//! Must not decide: the policy does, from these sums.

use crate::kube::arena::Arena;
use crate::links::lifetimes::{self, Reads};
use crate::links::resolve::{Index, Link, namespace};
use crate::rules::glob;
use crate::rules::shapes::Strength;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::{Claim, InNamespace, ReferenceIndex};

/// How the rest of the stream uses an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// A reference points at it.
    pub referenced: bool,
    /// Something writes it or finds it by its name; why.
    pub claimed: Option<&'static str>,
    /// Its name is in a place that is not rewritten.
    pub mentioned: bool,
    /// A reference almost names it, and a finding has said so.
    pub suspected: bool,
    /// How the references to it are read.
    pub reads: Reads,
}

const GRANTED: &str = "an RBAC rule grants access to it by this name and nothing else in the input refers to it, so a program looks it up";

/// The use of every target, in their order, without mentions.
pub fn usage(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &Arena<ReferenceIndex, Link>,
    fallback: Option<&str>,
) -> Arena<TargetIndex, Usage> {
    let mut usage = inventory.targets.iter().map(|_| Usage::default()).collect::<Arena<TargetIndex, Usage>>();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        if reference.strength == Strength::Strong {
            link.targets().iter().for_each(|target| usage[*target].referenced = true);
        }
    }
    let reads = lifetimes::reads(inventory, index, links, fallback);
    usage.iter_mut().zip(&reads).for_each(|(usage, reads)| usage.reads = *reads);
    share_among_twins(index, &mut usage);
    looked_up(inventory, links, &mut usage);
    for claim in &inventory.collected.claims {
        for target in claimed(inventory, index, claim, fallback) {
            usage[target].claimed.get_or_insert(claim.reason);
        }
    }
    usage
}

/// What nothing but a grant names is looked up by a program of which the stream holds only the grant.
fn looked_up(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    usage: &mut Arena<TargetIndex, Usage>,
) {
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        if reference.strength != Strength::Grant {
            continue;
        }
        for target in link.targets() {
            let usage = &mut usage[*target];
            if !usage.referenced {
                usage.claimed.get_or_insert(GRANTED);
            }
        }
    }
}

/// A reference to an object that occurs several times is linked to one of them and means them all.
fn share_among_twins(index: &Index<'_>, usage: &mut Arena<TargetIndex, Usage>) {
    for group in index.twins() {
        let of = |target: &TargetIndex| usage[*target];
        let referenced = group.iter().any(|target| of(target).referenced);
        let mut reads = Reads::default();
        group.iter().for_each(|target| reads.join(of(target).reads));
        for target in group {
            usage[*target].referenced = referenced;
            usage[*target].reads = reads;
        }
    }
}

fn claimed(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    claim: &Claim<'_>,
    fallback: Option<&str>,
) -> Vec<TargetIndex> {
    let own = inventory.objects[claim.object].id.namespace.as_deref().or(fallback);
    let wanted = match &claim.namespace {
        InNamespace::Own => own,
        InNamespace::Any => None,
        InNamespace::Given(namespace) => Some(namespace.as_ref()),
    };
    let mut found: Vec<TargetIndex> = Vec::new();
    for kind in claim.kinds.iter() {
        if claim.name.contains('*') {
            let indexed = inventory.targets.indexed().filter(|(_, target)| target.kind == kind);
            let named = indexed.filter(|(_, target)| glob(&claim.name, &inventory.object(target).id.name));
            found.extend(named.map(|(index, _)| index));
        } else {
            found.extend(index.get(kind, &claim.name));
        }
    }
    // A namespace that is absent on one side may be any.
    found.retain(|target| {
        let home = namespace(inventory, &inventory.targets[*target], fallback);
        home.is_none() || wanted.is_none() || home == wanted
    });
    found
}
