//! What is wrong with references: a missing object, an object that is created too late, a template that can never
//! change.
//!
//! The links already resolve each reference, and the findings of the filter name those outside the input.

use super::criteria::Profile;
use super::input::Scene;
use crate::decisions::jobs::{self, Verdict};
use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::job::Job;
use crate::kube::object::{ObjectIndex, TargetKind};
use crate::kube::shown;
use crate::links::resolve::Link;
use crate::rules::shapes::Strength;
use crate::survey::inventory::{Target, TargetIndex};
use crate::survey::references::{InNamespace, Reference};
use crate::text::source::Span;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Returns the findings, and the kinds and namespaces that cannot be judged because none of them are in the input.
pub(super) fn findings(scene: &Scene<'_, '_>) -> (Vec<Diagnostic>, BTreeSet<String>) {
    let (mut found, unjudged) = dangling(scene);
    if scene.profile != Profile::Live {
        found.extend(early(scene));
        found.extend(fixed(scene));
    }
    (found, unjudged)
}

/// Finds references to missing objects if the input should contain every object. Skips those that a near miss already
/// covers.
fn dangling(scene: &Scene<'_, '_>) -> (Vec<Diagnostic>, BTreeSet<String>) {
    let live = scene.profile == Profile::Live;
    let mut unjudged = BTreeSet::new();
    if !live && !scene.criteria.closed {
        return (Vec::new(), unjudged);
    }
    let collected = &scene.input.inventory.collected.references;
    let by_place: HashMap<u32, Reference<'_>> =
        collected.iter().map(|reference| (reference.site.span.start, reference)).collect();
    let told = told(scene);
    let homes = homes(scene);
    let mut found = Vec::new();
    for finding in scene.input.diagnostics.iter().filter(|finding| finding.code == Code::ExternalReference) {
        let Some(at) = finding.labels.first().map(|label| label.span.start) else { continue };
        let Some(&reference) = by_place.get(&at).filter(|_| !told.contains(&at)) else { continue };
        let namespace = namespace(scene, reference).unwrap_or_default();
        let judged = reference.kinds.iter().all(|kind| homes.contains(&(kind, namespace)));
        if scene.criteria.closed || judged {
            let help = "make the object, correct the name, or mark the reference `optional: true`";
            let finding = Diagnostic { code: Code::DanglingReference, ..finding.clone() };
            found.push(finding.with_severity(Severity::Error).help(help));
        } else {
            let missing = reference.kinds.iter().filter(|kind| !homes.contains(&(*kind, namespace)));
            unjudged.extend(
                missing.map(|kind| format!("{}s in namespace `{}`", kind.as_str(), shown::name(namespace))),
            );
        }
    }
    (found, unjudged)
}

/// Returns the places for which another finding already reports that the object is missing.
fn told(scene: &Scene<'_, '_>) -> HashSet<u32> {
    let codes = [Code::NearMiss, Code::StaleReference];
    let found = scene.input.diagnostics.iter().filter(|finding| codes.contains(&finding.code));
    found.filter_map(|finding| finding.labels.first()).map(|label| label.span.start).collect()
}

/// Returns each kind and namespace of which the input contains an object: an export of one kind says nothing about
/// another.
fn homes<'a>(scene: &Scene<'a, '_>) -> HashSet<(TargetKind, &'a str)> {
    let inventory = scene.input.inventory;
    let home = |target: &'a Target| {
        let own = inventory.namespace(target);
        (target.kind, own.or(scene.input.options.namespace.as_deref()).unwrap_or_default())
    };
    inventory.targets.iter().map(home).collect()
}

fn namespace<'a>(scene: &Scene<'a, '_>, reference: Reference<'a>) -> Option<&'a str> {
    let fallback = scene.input.options.namespace.as_deref();
    match reference.namespace() {
        InNamespace::Given(namespace) => Some(namespace),
        InNamespace::Any | InNamespace::Each => None,
        InNamespace::Own => scene.input.inventory.objects.namespace(reference.object).or(fallback),
    }
}

/// Finds objects that read a version before the release creates it: one finding for each reader and version.
fn early(scene: &Scene<'_, '_>) -> Vec<Diagnostic> {
    let inventory = scene.input.inventory;
    let mut told: HashSet<(ObjectIndex, TargetIndex)> = HashSet::new();
    let mut found = Vec::new();
    for (reference, link) in inventory.collected.references.iter().zip(&scene.input.links.of_references) {
        let Link::Plain(targets) = link else { continue };
        let versions =
            targets.iter().all(|target| scene.input.decisions.of_targets[*target] == Decision::Keep);
        let Some(target) = targets.first().filter(|_| versions) else { continue };
        let needed = reference.strength == Strength::Strong && !reference.optional;
        if needed && told.insert((reference.object, *target)) {
            found.push(starving(scene, reference, *target));
        }
    }
    found
}

fn starving(scene: &Scene<'_, '_>, reference: Reference<'_>, target: TargetIndex) -> Diagnostic {
    let inventory = scene.input.inventory;
    let (reader, target) = (inventory.objects.at(reference.object), &inventory.targets[target]);
    let version = inventory.object(target).id;
    let message = format!(
        "{} runs before {version} is made: when the content changes, its pod waits for an object that comes after it, and the deployment hangs",
        reader.id
    );
    Diagnostic::new(Code::EarlyHook, message)
        .with_severity(Severity::Error)
        .in_document(reader.document)
        .at(reference.site.span, "read here")
        .at(target.name.span, "made with the release")
        .help("refer to the plain name and pipe the manifests through immutably, which keeps the object under it too, or make the object a hook that runs earlier")
}

/// Finds Jobs and bare Pods that use a version but have no hash in their own names.
fn fixed(scene: &Scene<'_, '_>) -> Vec<Diagnostic> {
    if scene.profile == Profile::Stream {
        return Vec::new();
    }
    let verdicts = scene.input.decisions.jobs.verdicts.iter();
    verdicts.filter_map(|verdict| refused_update(scene, verdict)).collect()
}

fn refused_update(scene: &Scene<'_, '_>, verdict: &Verdict) -> Option<Diagnostic> {
    let jobs::Decision::Version(_) = verdict.decision else { return None };
    let job = &scene.input.inventory.jobs[verdict.job];
    let (place, version) = used_version(scene, job)?;
    let version = scene.input.inventory.object(&scene.input.inventory.targets[version]).id;
    let kind = job.kind.as_str();
    let message = format!(
        "{} uses {version}, which is named by its content, and `{}` of a {kind} cannot change: the next deployment with other content is refused",
        job.id,
        job.kind.fixed()
    );
    let finding = Diagnostic::new(Code::FixedTemplate, message).in_document(job.document);
    let finding = finding.at(job.name.span, "this name has no hash of the template");
    Some(finding.at(place, "this name changes with the content").help(
        "pipe the manifests through immutably, which gives it a suffix of its own, or delete it before each deployment",
    ))
}

/// Returns the first place in the template that names a version.
fn used_version(scene: &Scene<'_, '_>, job: &Job<'_>) -> Option<(Span, TargetIndex)> {
    let references = scene.input.inventory.collected.references.indexed();
    let own = references.filter(|(_, reference)| Some(reference.object) == job.object);
    let kept = |target: &&TargetIndex| scene.input.decisions.of_targets[**target] == Decision::Keep;
    own.filter(|(_, reference)| job.template.contains(reference.site.span)).find_map(|(index, reference)| {
        let targets = scene.input.links.of_references[index].targets();
        Some((reference.site.span, *targets.iter().find(kept)?))
    })
}
