//! What is said about Secrets and keys: suffixes that a key made and that cannot be checked, and suffixes without a key.
//!
//! Must not change a decision.

use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::arena::Arena;
use crate::kube::object::TargetKind;
use crate::options::{KeylessSecrets, Options};
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::standing::Reason;

/// What to do about a suffix that no given key makes.
const WITH_ANOTHER_KEY: &str = "if the key was replaced, give the old key too; if the content was edited, remove the suffix from this name and from all references to it";
/// What to do about a missing key.
const WITH_A_KEY: &str = "give a key with `--secret-key-file FILE` or `IMMUTABLY_SECRET_KEY`";

/// The findings about all Secrets.
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

/// The finding about a Secret with a suffix that a key made and no given key makes. `so`: what follows, after a semicolon.
pub fn unknown(inventory: &Inventory<'_>, target: &Target, options: &Options, so: &str) -> Diagnostic {
    let object = inventory.object(target);
    let finding = unknown_suffix(&format!("{} has", object.id), options, so);
    finding.in_document(object.document).at(target.name.span, "")
}

/// The same without a place, about one Secret or several. `who_has`: their names and the verb.
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

/// The finding about a Secret whose suffix is made without a key, if that is to be reported.
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

/// How bad it is that the suffix of a Secret is made without a key; `None` when it is not reported. Whoever gives a key
/// expects that it is used.
fn severity(options: &Options) -> Option<Severity> {
    match options.keyless_secrets {
        KeylessSecrets::Error => Some(Severity::Error),
        KeylessSecrets::Warn => Some(Severity::Warning),
        _ if !options.keys.is_empty() => Some(Severity::Warning),
        KeylessSecrets::List => Some(Severity::Note),
        KeylessSecrets::Silent => None,
    }
}
