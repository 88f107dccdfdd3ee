//! How the rest of the stream uses each ConfigMap and Secret: what refers to it, claims it or mentions it.
//!
//! Must not decide: the policy does so from these values.

use crate::kube::arena::Arena;
use crate::links::claims;
use crate::links::lifetimes::{self, Reads};
use crate::links::resolve::{Index, Link, namespace};
use crate::rules::lifetimes::Lifetime;
use crate::rules::shapes::Strength;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::{Bound, InNamespace, Reference, ReferenceIndex};
use std::collections::{HashMap, HashSet};

/// How the rest of the stream uses an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// True if a reference that proves the use of the object resolves to it.
    pub referenced: bool,
    /// True if a reference resolves to it that may mean something else.
    pub perhaps: bool,
    /// Why it has to keep its name, if something writes it or finds it by its name.
    pub claimed: Option<&'static str>,
    /// True if its name appears in a place that is not rewritten.
    pub mentioned: bool,
    /// True if a reference almost matches it, which a finding reports.
    pub suspected: bool,
    /// How the references to it are read.
    pub reads: Reads,
}

const UNDECIDED: &str =
    "several namespaces have an object of this name, and a reference in the input states none of them";
const FOREIGN: &str = "an RBAC rule lets a program of another namespace read it by this name, and the input contains none that does";
const EITHER: &str = "a place in the input may name this object or another one of the same name";
const SCATTERED: &str =
    "objects of several namespaces refer to it, and its own namespace is not known: set `--namespace`";
const GRANTED: &str = "an RBAC rule grants access to it by this name and nothing else in the input refers to it, so a program looks it up";

/// Returns the usage of every target, in order, without mentions.
pub fn usage(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &Arena<ReferenceIndex, Link>,
    fallback: Option<&str>,
) -> Arena<TargetIndex, Usage> {
    let mut usage = inventory.targets.iter().map(|_| Usage::default()).collect::<Arena<TargetIndex, Usage>>();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        match reference.strength {
            Strength::Strong => link.targets().iter().for_each(|target| usage[*target].referenced = true),
            Strength::Weak => link.targets().iter().for_each(|target| usage[*target].perhaps = true),
            Strength::Grant => {}
        }
    }
    let reads = lifetimes::reads(inventory, index, links, fallback);
    usage.iter_mut().zip(&reads).for_each(|(usage, reads)| usage.reads = *reads);
    share_among_twins(index, &mut usage);
    looked_up(inventory, links, &mut usage);
    undecided(inventory, links, &mut usage);
    shared(inventory, links, fallback, &mut usage);
    scattered(inventory, links, fallback, &mut usage);
    let mut claims = claims::claimed(inventory, index, fallback);
    claims.sort_unstable();
    for (target, claim) in claims {
        usage[target].claimed.get_or_insert(inventory.collected.claims[claim].reason);
    }
    usage
}

/// Claims the targets that only a grant names: a program that is not in the stream looks them up.
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

/// Claims the targets of a reference that may name any of several, in several namespaces or in a place that is not always
/// a reference. A grant lists all of them instead.
fn undecided(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    usage: &mut Arena<TargetIndex, Usage>,
) {
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        let Link::Ambiguous(targets) = link else { continue };
        let held = reference.strength == Strength::Grant || reference.lifetime().keeps_name();
        let why = match reference.strength {
            _ if held => continue,
            _ if reference.is_anywhere() => UNDECIDED,
            Strength::Weak => EITHER,
            _ => continue,
        };
        let outcome = |target: TargetIndex| inventory.targets[target].suffix.as_ref().ok();
        if targets.iter().any(|target| outcome(*target) != outcome(targets[0])) {
            for target in targets.iter() {
                usage[*target].claimed.get_or_insert(why);
            }
        }
    }
}

/// Claims the targets that a grant shares with other namespaces, unless the stream contains what refers to them from there.
fn shared(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    fallback: Option<&str>,
    usage: &mut Arena<TargetIndex, Usage>,
) {
    let linked = || inventory.collected.references.iter().zip(links);
    let foreign = foreign_roles(inventory, fallback);
    let shared = |reference: Reference<'_>| shares(inventory, reference, (&foreign, fallback));
    if !linked().any(|(reference, _)| shared(reference).is_some()) {
        return;
    }
    let home = |reference: Reference<'_>| {
        inventory.objects.namespace(reference.object).or(fallback).map(str::to_owned)
    };
    let mut from_elsewhere: HashSet<TargetIndex> = HashSet::new();
    for (reference, link) in linked().filter(|(reference, _)| !is_grant(*reference)) {
        let own = home(reference);
        let away = |target: &&TargetIndex| {
            namespace(inventory, &inventory.targets[**target], fallback) != own.as_deref()
        };
        from_elsewhere.extend(link.targets().iter().filter(away));
    }
    for (reference, link) in linked() {
        let Some(why) = shared(reference) else { continue };
        for target in link.targets().iter().filter(|target| !from_elsewhere.contains(target)) {
            usage[*target].claimed.get_or_insert(why);
        }
    }
}

fn is_grant(reference: Reference<'_>) -> bool {
    reference.strength == Strength::Grant || reference.lifetime() == Lifetime::Grant
}

/// Returns why a grant keeps the name of what it names, if it shares the object with other namespaces.
fn shares(
    inventory: &Inventory<'_>,
    reference: Reference<'_>,
    (foreign, fallback): (&HashSet<(&str, &str)>, Option<&str>),
) -> Option<&'static str> {
    if reference.strength != Strength::Grant {
        return reference.fact.filter(|fact| fact.lifetime == Lifetime::Grant).map(|fact| fact.note);
    }
    let role = inventory.objects.at(reference.object).id;
    let home = role.namespace.or(fallback).filter(|_| role.kind == "Role")?;
    foreign.contains(&(home, role.name)).then_some(FOREIGN)
}

/// Returns the namespaces and names of the Roles that are bound to programs of other namespaces.
fn foreign_roles<'i>(inventory: &'i Inventory<'_>, fallback: Option<&'i str>) -> HashSet<(&'i str, &'i str)> {
    let role = |bound: &'i Bound<'_>| {
        let home = bound.namespace.as_deref().or(fallback)?;
        bound.subjects.iter().any(|subject| subject != home).then_some((home, bound.role.as_ref()))
    };
    inventory.collected.bound.iter().filter_map(role).collect()
}

/// Claims the targets without a namespace that objects of several namespaces name in their own: it can be in one of them only.
fn scattered(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    fallback: Option<&str>,
    usage: &mut Arena<TargetIndex, Usage>,
) {
    let mut first: HashMap<TargetIndex, &str> = HashMap::new();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        let Link::To(target) = link else { continue };
        let own = inventory.objects.namespace(reference.object);
        let wanted = own.filter(|_| reference.namespace() == InNamespace::Own);
        let absent = || namespace(inventory, &inventory.targets[*target], fallback).is_none();
        let Some(wanted) = wanted.filter(|_| absent()) else { continue };
        if *first.entry(*target).or_insert(wanted) != wanted {
            usage[*target].claimed.get_or_insert(SCATTERED);
        }
    }
}

/// Shares the usage among targets that are the same object, because a reference to it resolves to only one of them.
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
