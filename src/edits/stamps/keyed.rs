//! The annotation on a Secret whose suffix a key made: without the key the suffix looks like that of edited content.

use crate::decisions::policy::Decision;
use crate::edits::annotation::Annotation;
use crate::kube::annotations::KEYED;
use crate::kube::arena::Arena;
use crate::kube::object::ObjectIndex;
use crate::survey::inventory::{Inventory, TargetIndex};
use std::collections::BTreeSet;

/// The objects that have it: all whose name ends in such a suffix.
pub(super) fn objects(
    inventory: &Inventory<'_>,
    decisions: &Arena<TargetIndex, Decision>,
) -> BTreeSet<ObjectIndex> {
    let named = |decision: &Decision| decision.renames() || *decision == Decision::Keep;
    let keyed = inventory.targets.iter().zip(decisions);
    let keyed = keyed.filter(|(target, decision)| target.keyed && named(decision));
    keyed.map(|(target, _)| target.object).collect()
}

/// The annotation.
pub(super) fn annotation() -> Annotation {
    (KEYED.to_owned(), "true".to_owned())
}
