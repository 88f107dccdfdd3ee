//! Finds what uses each versioned object: references by any rule, claims, and the bare name anywhere in the text.
//!
//! A name with a hash does not occur by chance, so each occurrence outside of the object itself counts, if the text
//! around it can refer to the namespace of the object. Must not decide.

use super::homes::{Home, HomeIndex, Homes};
use super::names::Names;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::kube::object::{ObjectIndex, TargetKind};
use crate::links::resolve::{self, Index, Link};
use crate::links::usage;
use crate::options::Options;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::ReferenceIndex;
use crate::text::source::{Source, Span};
use std::collections::HashSet;

/// Why an object is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The object with this index refers to it.
    By(ObjectIndex),
    /// A controller writes it or finds it by its name, for this reason.
    Claimed(&'static str),
    /// This object contains its name.
    In(HomeIndex),
    /// The text at this place contains its name, outside of any object.
    Named(Span),
}

/// Returns the first use of each target, in the order of the targets. Searches the text only for the names of
/// `candidates`.
///
/// # Errors
/// A reference cannot be resolved.
pub(super) fn uses<'s>(
    (source, all): (&'s Source, &[Home<'s>]),
    inventory: &Inventory<'_>,
    candidates: &Arena<TargetIndex, bool>,
    options: &Options,
) -> Result<Arena<TargetIndex, Option<Use>>, Box<Diagnostic>> {
    let details = &inventory.collected.details;
    let index = Index::new(inventory, details, None);
    let links = resolve::resolve(inventory, details, &index, options)?;
    let mut uses = by_rule(inventory, &links);
    let claims = usage::usage(inventory, &index, &links, None);
    for (found, usage) in uses.iter_mut().zip(&claims) {
        *found = found.or(usage.claimed.map(Use::Claimed));
    }
    share_among_twins(&index, &mut uses);
    by_name((source, &mut Homes::new(source, all)), inventory, &links, candidates, &mut uses);
    Ok(uses)
}

fn by_rule(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
) -> Arena<TargetIndex, Option<Use>> {
    let mut uses: Arena<TargetIndex, _> = inventory.targets.iter().map(|_| None).collect();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        for target in link.targets() {
            let own = inventory.targets.get(*target).map(|target| target.object);
            if own != Some(reference.object)
                && let Some(found) = uses.get_mut(*target)
            {
                found.get_or_insert(Use::By(reference.object));
            }
        }
    }
    uses
}

/// Copies each use to all targets that are the same object. A link leads to only one of them.
fn share_among_twins(index: &Index<'_>, uses: &mut Arena<TargetIndex, Option<Use>>) {
    for group in index.twins() {
        let used = group.iter().find_map(|target| uses[*target]);
        group.iter().for_each(|target| uses[*target] = used);
    }
}

/// Searches for names in places that are not resolved references.
fn by_name(
    (source, places): (&Source, &mut Homes<'_, '_>),
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    candidates: &Arena<TargetIndex, bool>,
    uses: &mut Arena<TargetIndex, Option<Use>>,
) {
    let open = inventory.targets.indexed().zip(candidates.iter().zip(uses.iter()));
    let open = open.filter(|(_, (candidate, used))| **candidate && used.is_none());
    let names = Names::new(open.map(|((index, target), _)| (inventory.name(target), index)));
    let understood = understood(inventory, links);
    let homes: Vec<(Span, TargetIndex)> = homes(inventory);
    // Pairs of a kind and a name for which every object with the name has this kind, so the name in such an object is
    // not a use. A name may exist in thousands of namespaces, so the check is not repeated.
    let mut own_only: HashSet<(TargetKind, TargetIndex)> = HashSet::new();
    let mut named = |place: Span, targets: &[TargetIndex]| {
        if is_within(&understood, place) {
            return;
        }
        let within = places.of(place);
        let home = homes.partition_point(|(span, _)| span.start <= place.start);
        let home = home.checked_sub(1).and_then(|at| homes.get(at)).filter(|(span, _)| span.contains(place));
        let Some(first) = targets.first() else { return };
        let holder = home.filter(|(_, holder)| bear_one_name(inventory, *holder, *first));
        let key = holder.and_then(|(_, holder)| Some((inventory.targets.get(*holder)?.kind, *first)));
        if key.is_some_and(|key| own_only.contains(&key)) {
            return;
        }
        if let Some(key) =
            key.filter(|(kind, _)| targets.iter().all(|one| inventory.targets[*one].kind == *kind))
        {
            own_only.insert(key);
            return;
        }
        for target in targets {
            let own = home.is_some_and(|(_, holder)| same_name(inventory, *holder, *target));
            let Some(found) = uses.get_mut(*target).filter(|found| !own && found.is_none()) else { continue };
            let namespace = inventory.namespace(&inventory.targets[*target]).unwrap_or_default();
            if within.is_none_or(|within| places.speaks_of(within, namespace)) {
                *found = Some(within.map_or(Use::Named(place), Use::In));
            }
        }
    };
    names.find(source.text(), &mut named);
    for field in &inventory.encoded {
        names.find_encoded(source.slice(*field), field.start, &mut named);
    }
}

/// Returns the places of references to an object of the export, sorted.
fn understood(inventory: &Inventory<'_>, links: &Arena<ReferenceIndex, Link>) -> Vec<Span> {
    let known = inventory.collected.references.iter().zip(links);
    let known = known.filter(|(_, link)| matches!(link, Link::To(_)));
    let mut known: Vec<Span> = known.map(|(reference, _)| reference.site.span).collect();
    known.sort_unstable();
    known
}

/// Returns the spans of all targets, sorted.
fn homes(inventory: &Inventory<'_>) -> Vec<(Span, TargetIndex)> {
    let homes = inventory.targets.indexed().map(|(index, target)| (inventory.object(target).span, index));
    let mut homes: Vec<(Span, TargetIndex)> = homes.collect();
    homes.sort_unstable();
    homes
}

/// True if both have the same kind and name. Text in an object about itself or about its namesake in another namespace
/// is not a use.
fn same_name(inventory: &Inventory<'_>, holder: TargetIndex, target: TargetIndex) -> bool {
    let of = |index: TargetIndex| {
        let target = &inventory.targets[index];
        (target.kind, inventory.name(target))
    };
    of(holder) == of(target)
}

fn bear_one_name(inventory: &Inventory<'_>, one: TargetIndex, other: TargetIndex) -> bool {
    let name = |index: TargetIndex| inventory.name(&inventory.targets[index]);
    name(one) == name(other)
}

fn is_within(spans: &[Span], place: Span) -> bool {
    let behind = spans.partition_point(|span| span.start <= place.start);
    behind.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|span| span.contains(place))
}
