//! What uses each versioned object: references by any rule, claims, and the bare name anywhere in the text.
//!
//! A name that carries its hash is met nowhere by chance, so wherever it stands outside of the object itself, it counts.
//! Decides nothing.

use super::names::Names;
use crate::links::resolve::{self, Index, Link};
use crate::links::usage;
use crate::options::Options;
use crate::survey::inventory::Inventory;
use crate::text::source::{Source, Span};

/// Why an object is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The object with this index refers to it.
    By(u32),
    /// It is written or found by its name; why.
    Claimed(&'static str),
    /// Its name stands here.
    Named(Span),
}

/// The first use found of every target, in their order. The text is searched for the names of `candidates` only.
pub(super) fn uses(
    source: &Source,
    inventory: &Inventory<'_>,
    candidates: &[bool],
    options: &Options,
) -> Vec<Option<Use>> {
    let index = Index::new(inventory, None);
    let links = resolve::resolve(inventory, &index, options);
    let mut uses = by_rule(inventory, &links);
    let claims = usage::usage(inventory, &index, &links, None);
    for (found, usage) in uses.iter_mut().zip(&claims) {
        *found = found.or(usage.claimed.map(Use::Claimed));
    }
    share_among_twins(&index, &mut uses);
    by_name(source, inventory, &links, candidates, &mut uses);
    uses
}

fn by_rule(inventory: &Inventory<'_>, links: &[Link]) -> Vec<Option<Use>> {
    let mut uses = vec![None; inventory.targets.len()];
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        for target in link.targets() {
            let own = inventory.targets.get(*target as usize).map(|target| target.object);
            if own != Some(reference.object)
                && let Some(found) = uses.get_mut(*target as usize)
            {
                found.get_or_insert(Use::By(reference.object));
            }
        }
    }
    uses
}

/// A link leads to one of several exports of the same object and means them all.
fn share_among_twins(index: &Index<'_>, uses: &mut [Option<Use>]) {
    for group in index.twins() {
        let used = group.iter().find_map(|target| uses[*target as usize]);
        group.iter().for_each(|target| uses[*target as usize] = used);
    }
}

/// Looks for names where no reference was understood.
fn by_name(
    source: &Source,
    inventory: &Inventory<'_>,
    links: &[Link],
    candidates: &[bool],
    uses: &mut [Option<Use>],
) {
    let open = (0..).zip(&inventory.targets).zip(candidates.iter().zip(uses.iter()));
    let open = open.filter(|(_, (candidate, used))| **candidate && used.is_none());
    let names =
        Names::new(open.map(|((number, target), _)| (inventory.object(target).id.name.as_ref(), number)));
    let understood = understood(inventory, links);
    let homes: Vec<(Span, u32)> = homes(inventory);
    names.find(source.text(), &mut |place, targets| {
        if is_within(&understood, place) {
            return;
        }
        let home = homes.partition_point(|(span, _)| span.start <= place.start);
        let home = home.checked_sub(1).and_then(|at| homes.get(at)).filter(|(span, _)| span.contains(place));
        for target in targets {
            let own = home.is_some_and(|(_, holder)| same_name(inventory, *holder, *target));
            if let Some(found) = uses.get_mut(*target as usize).filter(|_| !own) {
                found.get_or_insert(Use::Named(place));
            }
        }
    });
}

/// The places of references that lead to an object of the export.
fn understood(inventory: &Inventory<'_>, links: &[Link]) -> Vec<Span> {
    let known = inventory.collected.references.iter().zip(links);
    let known = known.filter(|(_, link)| matches!(link, Link::To(_)));
    let mut known: Vec<Span> = known.map(|(reference, _)| reference.site.span).collect();
    known.sort_unstable();
    known
}

/// The bytes of every target, in the order of the source.
fn homes(inventory: &Inventory<'_>) -> Vec<(Span, u32)> {
    let homes = (0..).zip(&inventory.targets).map(|(number, target)| (inventory.object(target).span, number));
    let mut homes: Vec<(Span, u32)> = homes.collect();
    homes.sort_unstable();
    homes
}

/// What an object says of itself is no use, nor is what its namesake in another namespace says of itself.
fn same_name(inventory: &Inventory<'_>, holder: u32, target: u32) -> bool {
    let of = |number: u32| {
        inventory.targets.get(number as usize).map(|target| (target.kind, &inventory.object(target).id.name))
    };
    of(holder) == of(target)
}

fn is_within(spans: &[Span], place: Span) -> bool {
    let behind = spans.partition_point(|span| span.start <= place.start);
    behind.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|span| span.contains(place))
}
