//! The finding about a reference that several objects match.
//!
//! Must not look for the objects: the links contain them.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::shown;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::Reference;

/// The number of candidates that the finding lists.
const MOST_SHOWN: usize = 8;

/// Returns the finding about a reference that may mean any of these targets.
pub(super) fn finding(
    inventory: &Inventory<'_>,
    reference: &Reference<'_>,
    targets: &[TargetIndex],
) -> Diagnostic {
    let owner = inventory.objects.at(reference.object);
    let shown = &targets[..targets.len().min(MOST_SHOWN)];
    let mut candidates: Vec<String> = shown.iter().map(|target| candidate(inventory, *target)).collect();
    let others = targets.len() - shown.len();
    candidates.extend((others > 0).then(|| format!("one of {others} others")));
    let message = format!(
        "{} refers to `{}`, which could be {}",
        owner.id,
        shown::name(reference.name()),
        candidates.join(" or ")
    );
    let mut finding = Diagnostic::new(Code::AmbiguousReference, message)
        .in_document(owner.document)
        .at(reference.site.span, "which one?");
    for target in shown {
        finding = finding.at(inventory.targets[*target].name.span, "this one");
    }
    let kinds =
        targets.iter().any(|target| inventory.targets[*target].kind != inventory.targets[targets[0]].kind);
    finding.help(if kinds {
            "one reference cannot name both: write one rule or entry for each kind, or give the objects different names"
        } else {
            "set `--namespace` for objects that don't set a namespace, set `metadata.namespace` explicitly, or give the objects different names"
        })
}

fn candidate(inventory: &Inventory<'_>, target: TargetIndex) -> String {
    let id = inventory.object(&inventory.targets[target]).id;
    match &id.namespace {
        Some(namespace) => format!("{id} in namespace `{}`", shown::name(namespace)),
        None => format!("{id} without a namespace"),
    }
}
