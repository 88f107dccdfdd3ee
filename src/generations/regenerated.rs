//! Finds Secrets whose random values, and ConfigMaps whose UUIDs, all changed since the last release, often because a
//! chart generates them at each rendering.
//!
//! Compares hashes, never values.

use super::directory::Directory;
use super::roll::{Entry, Roll};
use super::values::Values;
use super::{Outcome, Previous};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::carried::Carried;
use crate::kube::object::{ObjectId, TargetKind};

/// Returns a finding for each object of the stream that was generated again.
pub(super) fn find(
    stream: &Roll<'_>,
    previous: &[Previous],
    rolls: &[Roll<'_>],
    fallback: Option<&str>,
) -> Vec<Diagnostic> {
    let mut last: Directory<'_, (&ObjectId<'_>, &Values)> = Directory::default();
    let deployed = previous.iter().zip(rolls).filter(|(previous, _)| previous.outcome == Outcome::Deployed);
    for entry in deployed.flat_map(|(_, roll)| &roll.entries) {
        let versioned = entry.version.as_ref().is_some_and(|version| version.carried != Carried::No);
        let current = entry.ago == 0 && versioned;
        if let Some(values) = entry.values.as_ref().filter(|_| current) {
            let home = entry.id.namespace.as_deref().or(fallback);
            last.add(&entry.id.kind, entry.base(), home, (&entry.id, values));
        }
    }
    let new = stream.entries.iter().filter(|entry| entry.ago == 0);
    let new = new.filter_map(|entry| {
        let home = entry.id.namespace.as_deref().or(fallback);
        let (id, before) = last.get(&entry.id.kind, entry.base(), home)?;
        let values = entry.values.as_ref()?;
        made_anew(before, values).then(|| {
            let finding = finding(entry, id).in_document(entry.document);
            finding.at(entry.place, "was generated again")
        })
    });
    new.collect()
}

/// True if both have the same keys and some random values, and all random values differ.
fn made_anew(before: &Values, now: &Values) -> bool {
    let same_keys =
        before.len() == now.len() && before.iter().zip(now).all(|(before, now)| before.0 == now.0);
    let mut random = before.iter().zip(now).filter(|(before, now)| before.2 && now.2).peekable();
    same_keys && random.peek().is_some() && random.all(|(before, now)| before.1 != now.1)
}

fn finding(new: &Entry<'_>, last: &ObjectId<'_>) -> Diagnostic {
    let (code, values) = match new.target {
        Some(TargetKind::ConfigMap) => (Code::RegeneratedId, "UUID"),
        _ => (Code::RegeneratedSecret, "random value"),
    };
    let message = format!("every {values} of {} differs from its last version, `{}`", new.id, last.name);
    let kind = &new.id.kind;
    Diagnostic::new(code, message).help(format!(
        "if nobody changed these values, the chart generates them at each rendering: let the chart find its {kind} under the original name, with `--keep-original '{kind}/{}'` or `--leave`, or set the values yourself",
        new.base()
    ))
}
