//! What each ConfigMap and Secret lacks: a name made from its content, immutability, a valid name, a user.
//!
//! The filter already decided which objects are left alone and why; nothing is decided again.

use super::criteria::Profile;
use super::input::{Scene, is_immutable};
use crate::decisions::keys;
use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::names;
use crate::output::placed::base;
use crate::survey::inventory::{Target, TargetIndex};
use crate::survey::standing::Reason;

/// Returns the findings about the objects themselves, in the order of the objects.
pub(super) fn findings(scene: &Scene<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, target) in scene.input.inventory.targets.indexed() {
        found.extend(form(scene, index, target));
        found.extend(refused_name(scene, index, target));
        found.extend(unused(scene, index, target));
        found.extend(keyless(scene, index, target));
    }
    found
}

/// Returns what is wrong with the name or `immutable`.
fn form(scene: &Scene<'_, '_>, index: TargetIndex, target: &Target) -> Option<Diagnostic> {
    let immutable = is_immutable(target);
    match scene.input.decisions.of_targets[index] {
        Decision::Leave(Reason::UnknownKey) => Some(unknown_key(scene, target)),
        Decision::Leave(reason) if immutable && is_kept_by_people(reason) => {
            let finding = immutable_unversioned(scene, target);
            Some(finding.with_severity(Severity::Warning))
        }
        Decision::Leave(_) => None,
        // What the filter refuses has its own findings, and the filter fixes the rest.
        _ if target.suffix.is_err() || scene.profile == Profile::Stream => None,
        Decision::Keep | Decision::AwaitKustomize => (!immutable).then(|| mutable(scene, target)),
        _ if target.unknown_key => Some(unknown_key(scene, target)),
        Decision::Version | Decision::Both(_) => Some(without_hash(scene, target, immutable)),
    }
}

/// True for an object that keeps its name only because of a person or a reader.
fn is_kept_by_people(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Annotated
            | Reason::Checksum
            | Reason::NamedInOptions
            | Reason::Claimed(_)
            | Reason::Mentioned
            | Reason::Held(_)
            | Reason::Early
            | Reason::KeptByHelm
            | Reason::Unreferenced
            | Reason::Original
    )
}

/// Neither right nor wrong: the audit does not have the key.
fn unknown_key(scene: &Scene<'_, '_>, target: &Target) -> Diagnostic {
    keys::unknown(scene.input.inventory, target, scene.input.options, "")
}

/// Reports an existing suffix that was made without a key.
fn keyless(scene: &Scene<'_, '_>, index: TargetIndex, target: &Target) -> Option<Diagnostic> {
    let decision = scene.input.decisions.of_targets[index];
    let there =
        matches!(decision, Decision::Keep | Decision::AwaitKustomize) || scene.profile == Profile::Stream;
    keys::keyless(scene.input.inventory, target, decision, scene.input.options).filter(|_| there)
}

fn mutable(scene: &Scene<'_, '_>, target: &Target) -> Diagnostic {
    let id = scene.input.inventory.object(target).id;
    let message = format!(
        "{id} is not immutable: whoever edits it changes what running pods read, under a name that stands for other content"
    );
    scene
        .about(target, Code::Mutable, message)
        .help("add `immutable: true` beside `kind`, or pipe the manifests through immutably")
}

fn without_hash(scene: &Scene<'_, '_>, target: &Target, immutable: bool) -> Diagnostic {
    let id = scene.input.inventory.object(target).id;
    if base(id.name) != id.name {
        let message = format!(
            "{id} is named by the hash of other content: it was edited after it was named, so pods that use this name do not agree on what it holds"
        );
        let help = "take the suffix off this name and off all that refers to it, and pipe the manifests through immutably";
        return scene.about(target, Code::StaleSuffix, message).with_severity(Severity::Error).help(help);
    }
    if immutable {
        return immutable_unversioned(scene, target);
    }
    let message = format!(
        "{id} is not named by its content and not immutable: a change reaches running pods at any moment or never, and nothing rolls back"
    );
    let help = "pipe the manifests through immutably before they are applied, or annotate the object with `immutably.dev/mode: leave`";
    scene.about(target, Code::Unversioned, message).help(help)
}

fn immutable_unversioned(scene: &Scene<'_, '_>, target: &Target) -> Diagnostic {
    let id = scene.input.inventory.object(target).id;
    let message = format!(
        "{id} is immutable and its name is not made from its content: if it is deleted and created again with other content, kubelets that know it still serve the old content"
    );
    let help = "pipe the manifests through immutably, which puts the hash into the name, or take `immutable: true` off";
    scene.about(target, Code::ImmutableUnversioned, message).help(help)
}

/// Reports a name that the filter does not check, because it leaves the object alone, and that the API server rejects.
fn refused_name(scene: &Scene<'_, '_>, index: TargetIndex, target: &Target) -> Option<Diagnostic> {
    let id = scene.input.inventory.object(target).id;
    let unseen = match scene.input.decisions.of_targets[index] {
        Decision::Version | Decision::Both(_) => return None,
        Decision::Leave(Reason::GeneratedName) => return None,
        _ => !id.name.is_empty(),
    };
    let (code, problem, help) = names::check(base(id.name)).err().filter(|_| unseen)?;
    let refused = code == Code::InvalidName || id.name.len() > names::LONGEST_NAME;
    refused.then(|| scene.about(target, code, format!("{id}: {problem}")).help(help))
}

/// Reports an object that nothing in the input uses. Something outside the input may use it, so this is a note.
fn unused(scene: &Scene<'_, '_>, index: TargetIndex, target: &Target) -> Option<Diagnostic> {
    let usage = scene.input.links.usage[index];
    let used = usage.referenced || usage.claimed.is_some() || usage.mentioned || usage.suspected;
    let read = usage.reads.follows || usage.reads.early.is_some() || usage.reads.held.is_some();
    let left = matches!(scene.input.decisions.of_targets[index], Decision::Leave(reason) if reason != Reason::Unreferenced);
    if used || read || left {
        return None;
    }
    let id = scene.input.inventory.object(target).id;
    let message = format!("nothing in the input refers to {id}, so it may be unused");
    let help = match scene.profile {
        Profile::Live => "look at `immutably gc`, or find what reads it by name",
        _ => "delete it, or name what reads it in the annotation `immutably.dev/references` of that object",
    };
    Some(scene.about(target, Code::Unreferenced, message).help(help))
}
