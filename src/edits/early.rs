//! The edits that give early readers the names of versions of the release before.
//!
//! Must not choose the names: the decisions contain them.

use super::edit::{Addition, Change, Why};
use crate::decisions::Decisions;
use crate::survey::inventory::Inventory;

/// Returns one addition for each reference, in the order of the source.
pub fn early(inventory: &Inventory<'_>, decisions: &Decisions) -> Vec<Addition> {
    let mut chosen: Vec<_> = decisions.earlier.iter().collect();
    chosen.sort_unstable_by_key(|(index, _)| **index);
    let addition = |(index, name): (&_, &String)| {
        let reference = inventory.collected.references.at(*index);
        let (site, old) = (reference.site, reference.name().to_string());
        let text = site.writing.write(name).into_owned();
        Addition { change: Change { site, text: text.into(), old: old.into() }, why: Why::Earlier }
    };
    chosen.into_iter().map(addition).collect()
}
