//! The audit: whether each ConfigMap and Secret complies, and if not, why.
//!
//! Built from the stages of the filter, so the audit and the filter always agree. Changes nothing.

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
    /// What kind of input it was, given or detected.
    pub profile: Profile,
    /// The findings that are not waived, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// The same findings, in the same order, with their places, objects and fingerprints.
    pub findings: Vec<Placed>,
    /// The waived findings.
    pub waived: Vec<Waived>,
    /// Every ConfigMap and Secret.
    pub objects: Vec<Judged>,
    /// Kinds and namespaces that do not occur in the input, so references to them are not judged.
    pub unjudged: Vec<String>,
    /// The totals.
    pub sums: Sums,
}

/// A finding that a waiver or an exception lets pass.
#[derive(Clone, Debug, Serialize)]
pub struct Waived {
    /// The finding.
    #[serde(flatten)]
    pub finding: Placed,
    /// The reason given for it.
    pub reason: String,
    /// The last day on which it is waived, if limited.
    pub until: Option<String>,
}

/// Audits a stream. The options of `input` name the objects outside the stream.
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
    // An object with a finding that the caller allows still does not comply.
    let passed: Vec<Diagnostic> = passed.into_iter().map(|(finding, _)| finding).chain(allowed).collect();
    let objects = sums::judge(input, &kept, &passed);
    let sums = sums::sums(&objects, &kept, waived.len());
    let unjudged = unjudged.into_iter().collect();
    Audit { profile, diagnostics: kept, findings, waived, objects, unjudged, sums }
}

impl Audit {
    /// True if any finding has severity `from` or higher.
    pub fn fails(&self, from: Severity) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity >= from)
    }
}

/// Returns a verdict for each object: versioned, left alone, or failing because of one of these `findings`.
pub fn judged(input: Input<'_, '_>, findings: &[Diagnostic]) -> Vec<Judged> {
    sums::judge(input, findings, &[])
}

/// Returns every finding, and what cannot be judged.
fn found(scene: &Scene<'_, '_>) -> (Vec<Diagnostic>, std::collections::BTreeSet<String>) {
    let of_filter =
        scene.input.diagnostics.iter().filter(|finding| counts(scene.profile, finding)).map(raised);
    let (of_references, unjudged) = references::findings(scene);
    let own = objects::findings(scene).into_iter().chain(size::findings(scene)).chain(of_references);
    let all = of_filter.chain(own).chain(unseen::findings(scene)).chain(nothing(scene));
    (all.collect(), unjudged)
}

/// Applies the severities of the criteria. Returns the findings that count, and separately those that the criteria
/// allow.
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

/// True for a finding of the filter that is about the input itself. A finding about the work of the filter does not
/// count for a stream; a problem that only the filter would have counts for a stream alone.
fn counts(profile: Profile, finding: &Diagnostic) -> bool {
    match finding.code {
        Code::ExternalReference | Code::Unreferenced | Code::HelmSecret | Code::SlowRollout => false,
        // The audit reports these itself.
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

/// Raises findings to errors if the filter only warns but a cluster rejects the manifest.
fn raised(finding: &Diagnostic) -> Diagnostic {
    let broken = [Code::InvalidKey, Code::MissingKey, Code::StaleReference].contains(&finding.code);
    if broken { finding.clone().with_severity(Severity::Error) } else { finding.clone() }
}

/// Returns a finding for an input without any object: a wrong path must not look like a cluster where everything
/// complies.
fn nothing(scene: &Scene<'_, '_>) -> Option<Diagnostic> {
    let inventory = scene.input.inventory;
    let empty = inventory.objects.is_empty()
        && inventory.other_names.is_empty()
        && scene.input.diagnostics.is_empty();
    let finding =
        Diagnostic::new(Code::NoObjects, "the input holds no Kubernetes object, so nothing was audited");
    empty.then(|| finding.help("check the path, or the command before the pipe"))
}
