//! Objects that a sidecar of the stream finds by a label.

use crate::kube::arena::Arena;
use crate::links::resolve::namespace;
use crate::links::usage::Usage;
use crate::survey::details::Details;
use crate::survey::inventory::{Inventory, TargetIndex};
use std::collections::HashSet;

/// Why such an object keeps its name.
const REASON: &str = "a sidecar in the input finds it by its label";

/// What tells an object: its kind, its label, that label's value where it matters.
type Mark = (&'static str, u32, Option<u32>);

/// Notes each object that is found so.
pub fn claim(
    inventory: &Inventory<'_>,
    details: &Details,
    fallback: Option<&str>,
    usage: &mut Arena<TargetIndex, Usage>,
) {
    let sought = &inventory.collected.sought;
    if sought.is_empty() {
        return;
    }
    let mut within: HashSet<(Mark, Option<&str>)> = HashSet::new();
    let mut somewhere: HashSet<Mark> = HashSet::new();
    for one in sought {
        for kind in one.kinds.iter() {
            let mark = (kind.as_str(), one.label, one.value);
            within.insert((mark, one.namespace.as_deref()));
            somewhere.insert(mark);
        }
    }
    for (index, target) in inventory.targets.indexed() {
        let home = namespace(inventory, target, fallback);
        let found = |mark: Mark| match home {
            Some(home) => within.contains(&(mark, Some(home))) || within.contains(&(mark, None)),
            // A namespace that is absent may be any.
            None => somewhere.contains(&mark),
        };
        let kind = target.kind.as_str();
        let bears =
            |(label, value): &(u32, u32)| found((kind, *label, None)) || found((kind, *label, Some(*value)));
        if details.labels.of(index).iter().any(bears) {
            usage[index].claimed.get_or_insert(REASON);
        }
    }
}
