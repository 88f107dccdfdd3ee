//! How the rest of the stream uses each ConfigMap and Secret: who refers to it, who claims it, who mentions it.
//!
//! Sums up links, claims and mentions for the policy to decide on. Decides nothing.

use crate::links::resolve::{Index, Link, namespace};
use crate::rules::glob;
use crate::rules::shapes::Strength;
use crate::survey::inventory::Inventory;
use crate::survey::references::{Claim, InNamespace};

/// How the rest of the stream uses an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// A reference points at it.
    pub referenced: bool,
    /// Something writes it or finds it by its name; why.
    pub claimed: Option<&'static str>,
    /// Its name stands in a place that is not rewritten.
    pub mentioned: bool,
    /// A reference almost names it, and a finding has said so.
    pub suspected: bool,
}

const GRANTED: &str = "an RBAC rule grants access to it by this name and nothing else in the stream refers to it, so a program looks it up";

/// The use of every target, in their order, without mentions.
pub fn usage(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &[Link],
    fallback: Option<&str>,
) -> Vec<Use> {
    let mut usage = vec![Use::default(); inventory.targets.len()];
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        if reference.strength == Strength::Strong {
            link.targets().iter().for_each(|target| usage[*target as usize].referenced = true);
        }
    }
    share_among_twins(index, &mut usage);
    looked_up(inventory, links, &mut usage);
    for claim in &inventory.collected.claims {
        for target in claimed(inventory, index, claim, fallback) {
            usage[target as usize].claimed.get_or_insert(claim.reason);
        }
    }
    usage
}

/// What nothing but a grant names is looked up by a program of which the stream holds only the grant.
fn looked_up(inventory: &Inventory<'_>, links: &[Link], usage: &mut [Use]) {
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        if reference.strength != Strength::Grant {
            continue;
        }
        for target in link.targets() {
            let usage = &mut usage[*target as usize];
            if !usage.referenced {
                usage.claimed.get_or_insert(GRANTED);
            }
        }
    }
}

/// A reference to an object that stands several times is linked to one of them and means them all.
fn share_among_twins(index: &Index<'_>, usage: &mut [Use]) {
    for group in index.twins() {
        let referenced = group.iter().any(|target| usage[*target as usize].referenced);
        group.iter().for_each(|target| usage[*target as usize].referenced |= referenced);
    }
}

fn claimed(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    claim: &Claim<'_>,
    fallback: Option<&str>,
) -> Vec<u32> {
    let own = inventory.objects[claim.object as usize].id.namespace.as_deref().or(fallback);
    let wanted = match &claim.namespace {
        InNamespace::Own => own,
        InNamespace::Any => None,
        InNamespace::Given(namespace) => Some(namespace.as_ref()),
    };
    let mut found: Vec<u32> = Vec::new();
    for kind in claim.kinds.iter() {
        if claim.name.contains('*') {
            let numbered = (0..).zip(&inventory.targets).filter(|(_, target)| target.kind == kind);
            let named = numbered.filter(|(_, target)| glob(&claim.name, &inventory.object(target).id.name));
            found.extend(named.map(|(number, _)| number));
        } else {
            found.extend(index.get(kind, &claim.name));
        }
    }
    // A namespace that is absent on one side may be any.
    found.retain(|target| {
        let home = namespace(inventory, &inventory.targets[*target as usize], fallback);
        home.is_none() || wanted.is_none() || home == wanted
    });
    found
}
