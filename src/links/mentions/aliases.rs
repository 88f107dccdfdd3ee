//! Aliases of texts that contain a name. Each alias uses the text at its own place, with the fields around it.

use super::hits::Hits;
use super::signs::Near;
use crate::survey::inventory::Inventory;
use crate::survey::reread::within;
use crate::text::source::Span;

/// Returns the aliases of texts and collections that contain some of the names, directly or through other aliases, sorted.
pub(super) fn aliases(inventory: &Inventory<'_>, hits: &Hits<'_>, near: &Near<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    for document in &inventory.aliased {
        let hits = &hits.within(document.span);
        if hits.is_empty() {
            continue;
        }
        let mut aliases: Vec<(Span, Span, bool)> = Vec::new();
        for anchor in &document.anchored {
            let near_itself = within(hits, anchor.span).iter().any(|hit| near.counts(*hit, *hit));
            aliases.extend(anchor.aliases.iter().map(|alias| (*alias, anchor.span, near_itself)));
        }
        // An anchor is before its aliases, so the aliases in it are found before they are needed.
        aliases.sort_unstable();
        for (alias, anchored, near_itself) in aliases {
            // All hits are alike for another place if none counts at its own.
            let counts = || within(hits, anchored).first().is_some_and(|hit| near.counts(*hit, alias));
            if near_itself || counts() || !within(&found, anchored).is_empty() {
                found.push(alias);
            }
        }
    }
    found
}
