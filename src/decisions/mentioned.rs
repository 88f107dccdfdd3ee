//! The findings of objects that are left alone because their name is mentioned somewhere.
//!
//! Must not look for mentions: the links have them.

use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::MODE;
use crate::kube::arena::Arena;
use crate::links::mentions::Mention;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::standing::Reason;
use crate::text::source::Span;

/// Says of every object that is left alone for a mention where that is.
pub fn report(
    inventory: &Inventory<'_>,
    mentions: &[Mention],
    decisions: &Arena<TargetIndex, Decision>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for mention in mentions {
        if decisions[mention.target] != Decision::Leave(Reason::Mentioned) {
            continue;
        }
        let object = inventory.object(&inventory.targets[mention.target]);
        let more = if mention.count > 1 {
            format!(", and in {} more places", mention.count - 1)
        } else {
            String::new()
        };
        let message = format!("{} is left alone: its name stands where nothing is rewritten", object.id);
        let finding = Diagnostic::new(Code::LooseMention, message)
            .in_document(object.document)
            .at(mention.place, format!("here{more}"))
            .help(cure(inventory, mention.place));
        diagnostics.push(finding);
    }
}

/// A rule helps anywhere but in what is hashed: there a new name would make another one.
fn cure(inventory: &Inventory<'_>, place: Span) -> String {
    let hashed = inventory.targets.iter().any(|target| inventory.object(target).span.contains(place));
    if hashed {
        return format!(
            "if this names the object, annotate the object with `{MODE}: leave`; if it does not, with `{MODE}: version`"
        );
    }
    format!(
        "if this names the object, say so in a rules file (`--rules`) or in the annotation `immutably.dev/references`; if it does not, annotate the object with `{MODE}: version`"
    )
}
