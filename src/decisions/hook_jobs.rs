//! Notes about hook Jobs that no deployer is known to delete before it creates them again.
//!
//! Decides nothing.

use super::policy::Decision;
use super::value::Decisions;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::ObjectIndex;
use crate::links::Links;
use crate::survey::inventory::Inventory;
use crate::survey::references::ReferenceIndex;
use std::collections::HashSet;

/// Returns a note for each hook Job whose template refers to an object that gets a new name.
pub(super) fn report(inventory: &Inventory<'_>, links: &Links, decisions: &Decisions) -> Vec<Diagnostic> {
    let mut known: HashSet<ObjectIndex> = HashSet::new();
    let mut notes = Vec::new();
    for (index, reference) in inventory.collected.references.indexed() {
        let object = inventory.objects.at(reference.object);
        if !object.hook || object.id.kind != "Job" || known.contains(&reference.object) {
            continue;
        }
        if let Some(used) = versioned(index, inventory, links, decisions) {
            known.insert(reference.object);
            let message = format!(
                "{} is a hook and uses {used}, whose new name depends on its content: where `kubectl apply` or Flux creates the Job, the API server refuses it when the content changes; `helm template --no-hooks` omits hooks",
                object.id
            );
            notes.push(
                Diagnostic::new(Code::HookJob, message)
                    .in_document(object.document)
                    .at(reference.site.span, ""),
            );
        }
    }
    notes
}

/// Returns the object that a reference points at, if that object gets a new name.
fn versioned(
    reference: ReferenceIndex,
    inventory: &Inventory<'_>,
    links: &Links,
    decisions: &Decisions,
) -> Option<String> {
    let mut targets = decisions.link(reference, links).targets().iter();
    let target = targets.find(|target| decisions.of_targets[**target] == Decision::Version)?;
    Some(inventory.object(&inventory.targets[*target]).id.to_string())
}
