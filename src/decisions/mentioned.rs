//! The findings about objects that are left alone because their name is mentioned somewhere.
//!
//! Must not look for mentions: the links contain them.

use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::{KEEP_ORIGINAL, MODE};
use crate::kube::arena::Arena;
use crate::kube::object::Identity;
use crate::links::mentions::{Form, Mention};
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::standing::Reason;
use crate::text::source::Span;

/// For each object that is left alone because of a mention, reports where its name is mentioned.
pub fn report(
    inventory: &Inventory<'_>,
    mentions: &[Mention],
    decisions: &Arena<TargetIndex, Decision>,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let left = |mention: &&Mention| decisions[mention.target] == Decision::Leave(Reason::Mentioned);
    let mentions: Vec<&Mention> = mentions.iter().filter(left).collect();
    let hashed = if mentions.is_empty() { Vec::new() } else { hashed(inventory) };
    for mention in mentions {
        let object = inventory.object(&inventory.targets[mention.target]);
        let message =
            format!("{} keeps its name: the name also appears in a place that is never edited", object.id);
        let finding = Diagnostic::new(Code::LooseMention, message)
            .in_document(object.document)
            .at(mention.place, label(mention))
            .help(cure(&hashed, mention, object.id));
        findings.push(finding);
    }
    findings
}

fn label(mention: &Mention) -> String {
    let place = if mention.form == Form::Hidden { "in the value of this key" } else { "here" };
    match mention.count {
        1 => place.to_owned(),
        2 => format!("{place}, and in one more place"),
        count => format!("{place}, and in {} more places", count - 1),
    }
}

/// Returns every cure that works. A rule can describe a whole field, but not a field of a ConfigMap or Secret: a new
/// name in it would change the hash.
fn cure(hashed: &[Span], mention: &Mention, id: Identity<'_>) -> String {
    let rule = if mention.form == Form::Field && !is_within(hashed, mention.place) {
        "describe the field in a rules file (`--rules`) or in the annotation `immutably.dev/references`, "
    } else {
        ""
    };
    let name = id.name;
    let both = format!(
        "keep the object under both names if nothing writes to it (`--keep-original {}/{name}` or `{KEEP_ORIGINAL}: \"true\"`)",
        id.kind
    );
    format!(
        "if this text refers to the object, {rule}{both}, or annotate it with `{MODE}: leave`; if it does not, annotate it with `{MODE}: version`"
    )
}

/// Returns the spans of the ConfigMaps and Secrets, sorted.
fn hashed(inventory: &Inventory<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = inventory.targets.iter().map(|target| inventory.object(target).span).collect();
    spans.sort_unstable();
    spans
}

fn is_within(spans: &[Span], place: Span) -> bool {
    let behind = spans.partition_point(|span| span.start <= place.start);
    behind.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|span| span.contains(place))
}
