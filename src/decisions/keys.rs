//! The findings about Secrets and keys: suffixes made with a key that is not given, and suffixes made without a key.
//!
//! Must not change a decision.

use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::arena::Arena;
use crate::kube::object::TargetKind;
use crate::options::{KeylessSecrets, Options};
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::standing::Reason;

/// Help text for a suffix that no given key produces.
const WITH_ANOTHER_KEY: &str = "if the key was replaced, give the old key too; if the content was edited, remove the suffix from this name and from all references to it";
/// Help text for a missing key.
const WITH_A_KEY: &str = "give a key with `--secret-key-file FILE` or `IMMUTABLY_SECRET_KEY`";

/// Returns the findings about all Secrets.
pub(super) fn findings(
    inventory: &Inventory<'_>,
    decisions: &Arena<TargetIndex, Decision>,
    options: &Options,
) -> Vec<Diagnostic> {
    let targets = inventory.targets.iter().zip(decisions);
    let found = targets.filter_map(|(target, decision)| {
        let so = match decision {
            Decision::Leave(Reason::UnknownKey) => "; it keeps its name",
            Decision::Version | Decision::Both(_) if target.unknown_key => "; it gets a second suffix",
            _ => return keyless(inventory, target, *decision, options),
        };
        Some(unknown(inventory, target, options, so))
    });
    found.collect()
}

/// Returns the finding about a Secret whose suffix was made with a key, but with none of the given keys. `so` is the
/// consequence, starting with a semicolon.
pub fn unknown(inventory: &Inventory<'_>, target: &Target, options: &Options, so: &str) -> Diagnostic {
    let object = inventory.object(target);
    let finding = unknown_suffix(&format!("{} has", object.id), options, so);
    finding.in_document(object.document).at(target.name.span, "")
}

/// Returns the same finding without a place, about one or more Secrets. `who_has` contains their names and the verb.
pub fn unknown_suffix(who_has: &str, options: &Options, so: &str) -> Diagnostic {
    let (why, cure) = match options.keys.len() {
        0 => ("no key is given", WITH_A_KEY),
        1 => ("the given key does not make it", WITH_ANOTHER_KEY),
        _ => ("none of the given keys makes it", WITH_ANOTHER_KEY),
    };
    let message = format!(
        "{who_has} a suffix made with a key, and {why}, so it is unknown whether the content was edited{so}"
    );
    Diagnostic::new(Code::UnknownKey, message).help(cure)
}

/// Returns the finding about a Secret whose suffix is made without a key, if the options ask for it.
pub fn keyless(
    inventory: &Inventory<'_>,
    target: &Target,
    decision: Decision,
    options: &Options,
) -> Option<Diagnostic> {
    let named = target.kind == TargetKind::Secret && target.suffix.is_ok() && !target.keyed;
    if !named || matches!(decision, Decision::Leave(_)) {
        return None;
    }
    let severity = severity(options)?;
    let object = inventory.object(target);
    let (made, cure) = match decision {
        Decision::AwaitKustomize => (
            format!("kustomize makes the suffix of {}", object.id),
            "set `disableNameSuffixHash: true` in the options of the `secretGenerator`, so that kustomize leaves the suffix to this program",
        ),
        Decision::Keep => (
            format!("the suffix of {} was made", object.id),
            "remove the suffix from this name and from all references to it, and give a key, which makes a new suffix; if the content can be guessed, replace it as well",
        ),
        _ => (format!("the suffix of {} is made", object.id), WITH_A_KEY),
    };
    let message = format!("{made} without a key, so whoever sees the name can test guesses of the content");
    let finding = Diagnostic::new(Code::SecretWithoutKey, message).with_severity(severity).help(cure);
    Some(finding.in_document(object.document).at(target.name.span, ""))
}

/// Returns the finding about a Secret whose checksum in pod templates is made without a key, if the options ask for it.
pub fn checksum(inventory: &Inventory<'_>, target: &Target, options: &Options) -> Option<Diagnostic> {
    let severity = severity(options)?;
    let object = inventory.object(target);
    let message = format!(
        "the checksum of {} in pod templates is made without a key, so whoever sees the pods can test guesses of the content",
        object.id
    );
    let finding = Diagnostic::new(Code::SecretWithoutKey, message).with_severity(severity).help(WITH_A_KEY);
    Some(finding.in_document(object.document).at(target.name.span, ""))
}

/// Returns the severity of a suffix that is made without a key; `None` if it is not reported. A user who gives a key
/// expects every Secret to use it, so the finding is then at least a warning.
fn severity(options: &Options) -> Option<Severity> {
    match options.keyless_secrets {
        KeylessSecrets::Error => Some(Severity::Error),
        KeylessSecrets::Warn => Some(Severity::Warning),
        _ if !options.keys.is_empty() => Some(Severity::Warning),
        KeylessSecrets::List => Some(Severity::Note),
        KeylessSecrets::Silent => None,
    }
}
