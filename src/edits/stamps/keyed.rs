//! The annotation on a Secret whose suffix was made with a key. Without the key, such a suffix looks as if the content
//! was edited.

use crate::decisions::policy::Decision;
use crate::edits::annotation::Annotation;
use crate::kube::annotations::KEYED;
use crate::kube::arena::Arena;
use crate::kube::object::ObjectIndex;
use crate::survey::inventory::{Inventory, TargetIndex};
use std::collections::BTreeSet;

/// Returns the objects that get the annotation: all whose name ends in such a suffix.
pub(super) fn objects(
    inventory: &Inventory<'_>,
    decisions: &Arena<TargetIndex, Decision>,
) -> BTreeSet<ObjectIndex> {
    let named = |decision: &Decision| decision.renames() || *decision == Decision::Keep;
    let keyed = inventory.targets.iter().zip(decisions);
    let keyed = keyed.filter(|(target, decision)| target.keyed && named(decision));
    keyed.map(|(target, _)| target.object).collect()
}

/// Returns the annotation.
pub(super) fn annotation() -> Annotation {
    (KEYED.to_owned(), "true".to_owned())
}
