//! Names in anchored texts. An edit of the text changes every alias of it, so all of these places have to be known.
//!
//! Must not decide.

use super::resolve::Link;
use super::usage::Usage;
use crate::kube::arena::Arena;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::{Reference, ReferenceIndex};
use crate::text::source::Span;
use crate::yaml::{Anchored, Writing};
use std::collections::{HashMap, HashSet};

const UNKNOWN: &str =
    "a text that contains its name is anchored, and the anchor or an alias is in a place that no rule knows";

/// Claims the targets whose name is a part of an anchored text that is also used in a place which no rule knows.
pub(super) fn claim(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    usage: &mut Arena<TargetIndex, Usage>,
) {
    if inventory.aliased.is_empty() {
        return;
    }
    let mut anchors: Vec<&Anchored> = inventory.aliased.iter().flat_map(|shared| &shared.anchored).collect();
    anchors.sort_unstable_by_key(|anchor| anchor.span.start);
    let is_part = |reference: &Reference<'_>| {
        reference.site.writing == Writing::Inner && inventory.shared_at(reference.site.span).is_some()
    };
    let mut ways: HashMap<Span, HashSet<Option<u32>>> = HashMap::new();
    for reference in inventory.collected.references.iter().filter(is_part) {
        ways.entry(reference.site.span).or_default().insert(reference.site.via);
    }
    let half: HashSet<Span> = ways
        .into_iter()
        .filter(|(span, ways)| around(&anchors, *span).is_some_and(|anchor| !are_known(anchor, ways)))
        .map(|(span, _)| span)
        .collect();
    let links = inventory.collected.references.iter().zip(links);
    for (_, link) in links.filter(|(reference, _)| half.contains(&reference.site.span)) {
        for target in link.targets() {
            usage[*target].claimed.get_or_insert(UNKNOWN);
        }
    }
}

/// Returns the innermost anchored node around a part of a text.
fn around<'a>(anchors: &[&'a Anchored], part: Span) -> Option<&'a Anchored> {
    let behind = anchors.partition_point(|anchor| anchor.span.start <= part.start);
    let last = anchors.get(behind.checked_sub(1)?)?;
    last.span.contains(part).then_some(*last)
}

/// True if the text was read at its own place and through every alias.
fn are_known(anchor: &Anchored, ways: &HashSet<Option<u32>>) -> bool {
    let aliases = anchor.aliases.iter().filter(|alias| ways.contains(&Some(alias.start))).count();
    aliases == anchor.aliases.len() && ways.len() > aliases
}
