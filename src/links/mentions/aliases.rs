//! Aliases of texts that contain a name. Each alias uses the text at its own place, with the fields around it.

use super::signs::Near;
use crate::survey::inventory::Inventory;
use crate::survey::reread;
use crate::text::source::Span;
use std::collections::HashSet;

/// Returns the aliases of texts that contain some of `hits`, sorted. An alias through which a reference was read is known
/// and left out.
pub(super) fn aliases(inventory: &Inventory<'_>, hits: &[Span], near: &Near<'_>) -> Vec<Span> {
    if inventory.aliased.is_empty() || hits.is_empty() {
        return Vec::new();
    }
    let followed: HashSet<u32> =
        inventory.collected.references.iter().filter_map(|reference| reference.site.via).collect();
    let mut found = Vec::new();
    for anchor in inventory.aliased.iter().flat_map(|document| &document.anchored) {
        let named = reread::within(hits, anchor.span);
        let counts = |alias: &&Span| {
            !followed.contains(&alias.start) && named.iter().any(|hit| near.counts(*hit, **alias))
        };
        found.extend(anchor.aliases.iter().filter(counts));
    }
    found.sort_unstable();
    found
}
