//! The audit: does every ConfigMap and Secret comply, and what stands against it.
//!
//! Built from the values of the filter's own stages, so both always agree. Changes nothing.

mod criteria;
mod exceptions;
mod input;
mod objects;
mod references;
mod size;
mod sums;
mod unseen;
mod waivers;

pub use criteria::{Criteria, Profile};
pub use input::Input;
pub use sums::{Counts, Judged, Sums, Verdict};

use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::output::placed::{Placed, Placer};
use crate::output::relations::relations;
use exceptions::Exceptions;
use input::Scene;
use serde::Serialize;
use waivers::Waivers;

/// What an audit found.
#[derive(Debug)]
pub struct Audit {
    /// What the input was taken for.
    pub profile: Profile,
    /// The findings that count, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// The same, one for one, with their places, objects and fingerprints.
    pub findings: Vec<Placed>,
    /// The findings that a waiver lets pass.
    pub waived: Vec<Waived>,
    /// Every ConfigMap and Secret.
    pub objects: Vec<Judged>,
    /// Kinds and namespaces of which the input holds nothing, so that references to them are not judged.
    pub unjudged: Vec<String>,
    /// The sums.
    pub sums: Sums,
}

/// A finding that a person lets pass.
#[derive(Clone, Debug, Serialize)]
pub struct Waived {
    /// The finding.
    #[serde(flatten)]
    pub finding: Placed,
    /// Why.
    pub reason: String,
    /// The last day, if there is one.
    pub until: Option<String>,
}

/// Looks at a stream. The options of `input` list what is outside it.
pub fn audit(input: Input<'_, '_>, criteria: &Criteria) -> Audit {
    let relations = relations(input.stream, input.inventory, input.links, input.decisions, input.diagnostics);
    let profile = criteria.profile.unwrap_or_else(|| input::profile(input.stream, input.inventory));
    let scene = Scene { input, relations: &relations, criteria, profile };
    let mut waivers = match criteria.no_waivers {
        true => Waivers::default(),
        false => Waivers::read(input.stream, input.inventory, criteria),
    };
    let (found, unjudged) = found(&scene);
    let (found, allowed) = weighed_all(criteria, found);
    let mut exceptions = Exceptions::new(criteria, input.inventory, input.options.namespace.as_deref());
    let (mut kept, mut passed) = (Vec::new(), Vec::new());
    for finding in found {
        match waivers.waive(&finding).or_else(|| exceptions.waive(&finding)) {
            Some(grounds) => passed.push((finding, grounds)),
            None => kept.push(finding),
        }
    }
    let about_waivers =
        waivers.idle(|code| scene.seeks(code)).into_iter().chain(waivers.findings.iter().cloned());
    let about_waivers = about_waivers.chain(exceptions.expired());
    kept.extend(about_waivers.filter_map(|finding| weighed(criteria, finding)));
    kept.sort_by_key(|finding| finding.labels.first().map(|label| label.span.start));
    let mut placer = Placer::new(input.stream, input.inventory, &relations);
    let waived = passed.iter().map(|(finding, grounds)| {
        let (reason, until) = (grounds.reason.clone(), grounds.until.clone());
        Waived { finding: placer.place(finding), reason, until }
    });
    let waived: Vec<Waived> = waived.collect();
    let findings = kept.iter().map(|finding| placer.place(finding)).collect();
    // What the caller allows does not make an object comply.
    let passed: Vec<Diagnostic> = passed.into_iter().map(|(finding, _)| finding).chain(allowed).collect();
    let objects = sums::judge(input, &kept, &passed);
    let sums = sums::sums(&objects, &kept, waived.len());
    let unjudged = unjudged.into_iter().collect();
    Audit { profile, diagnostics: kept, findings, waived, objects, unjudged, sums }
}

impl Audit {
    /// True when a finding is as bad as `from`, or worse.
    pub fn fails(&self, from: Severity) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity >= from)
    }
}

/// Says of each object of the filter whether it is versioned or left alone, or fails for one of these `findings`.
pub fn judged(input: Input<'_, '_>, findings: &[Diagnostic]) -> Vec<Judged> {
    sums::judge(input, findings, &[])
}

/// Every finding, and what cannot be judged.
fn found(scene: &Scene<'_, '_>) -> (Vec<Diagnostic>, std::collections::BTreeSet<String>) {
    let of_filter =
        scene.input.diagnostics.iter().filter(|finding| counts(scene.profile, finding)).map(raised);
    let (of_references, unjudged) = references::findings(scene);
    let own = objects::findings(scene).into_iter().chain(size::findings(scene)).chain(of_references);
    let all = of_filter.chain(own).chain(unseen::findings(scene)).chain(nothing(scene));
    (all.collect(), unjudged)
}

/// The findings with the severities that the criteria give them, and apart from them those that are allowed.
fn weighed_all(criteria: &Criteria, found: Vec<Diagnostic>) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let (mut kept, mut allowed) = (Vec::new(), Vec::new());
    for finding in found {
        match criteria.severity(finding.code, finding.severity) {
            Some(severity) => kept.push(finding.with_severity(severity)),
            None => allowed.push(finding),
        }
    }
    (kept, allowed)
}

fn weighed(criteria: &Criteria, finding: Diagnostic) -> Option<Diagnostic> {
    let severity = criteria.severity(finding.code, finding.severity)?;
    Some(finding.with_severity(severity))
}

/// True for a finding of the filter that says something about the input itself. What only tells of the filter's own work
/// is left out: in a stream that goes through the filter, and everywhere else what only the filter would run into.
fn counts(profile: Profile, finding: &Diagnostic) -> bool {
    match finding.code {
        Code::ExternalReference | Code::Unreferenced | Code::HelmSecret | Code::SlowRollout => false,
        // The audit finds these on its own.
        Code::UnknownKey | Code::SecretWithoutKey => false,
        Code::EarlyHook
        | Code::StaleSuffix
        | Code::NameTooLong
        | Code::NameTaken
        | Code::AmbiguousReference
        | Code::SharedAnchor
        | Code::TextChangedByHelm
        | Code::HiddenSecret => profile == Profile::Stream,
        Code::FixedTemplate | Code::Twins => profile != Profile::Live,
        _ => true,
    }
}

/// What the filter passes on with a warning and a cluster does not take is an error here.
fn raised(finding: &Diagnostic) -> Diagnostic {
    let broken = [Code::InvalidKey, Code::MissingKey, Code::StaleReference].contains(&finding.code);
    if broken { finding.clone().with_severity(Severity::Error) } else { finding.clone() }
}

/// An input without any object: a path that is wrong must not look like a cluster where everything complies.
fn nothing(scene: &Scene<'_, '_>) -> Option<Diagnostic> {
    let inventory = scene.input.inventory;
    let empty = inventory.objects.is_empty()
        && inventory.other_names.is_empty()
        && scene.input.diagnostics.is_empty();
    let finding =
        Diagnostic::new(Code::NoObjects, "the input holds no Kubernetes object, so nothing was audited");
    empty.then(|| finding.help("check the path, or the command before the pipe"))
}
