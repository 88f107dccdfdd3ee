//! Which objects comply: a verdict for each object, and totals.
//!
//! Evaluates findings. Must not create any.

use super::input::Input;
use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::arena::ArenaIndex;
use crate::kube::shown;
use crate::output::placed::{Place, place};
use indexmap::IndexMap;
use serde::Serialize;

/// The verdict of an audit on one ConfigMap or Secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No finding counts against it.
    Complies,
    /// It is left alone, with a reason.
    LeftAlone,
    /// All its errors are waived or allowed.
    Waived,
    /// Its suffix was made with a key that the audit does not have.
    Unknown,
    /// A finding counts against it.
    Fails,
}

/// A ConfigMap or Secret with its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its namespace, if the input or the options set one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is left alone.
    pub reason: Option<&'static str>,
    /// The place of its name.
    #[serde(flatten)]
    pub place: Place,
}

/// The totals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// All ConfigMaps and Secrets.
    pub all: Counts,
    /// By namespace; under the empty name for objects without a namespace.
    pub namespaces: IndexMap<String, Counts>,
    /// Findings of error severity.
    pub errors: usize,
    /// Findings of warning severity.
    pub warnings: usize,
    /// Findings of note severity.
    pub notes: usize,
    /// Waived findings.
    pub waived_findings: usize,
    /// Waivers that waive nothing, including expired ones.
    pub idle_waivers: usize,
}

/// The number of objects by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All objects.
    pub objects: usize,
    /// Objects that comply.
    pub comply: usize,
    /// Objects that are left alone.
    pub left_alone: usize,
    /// Objects whose errors are all waived or allowed.
    pub waived: usize,
    /// Objects whose suffix was made with a key that the audit does not have; not written if there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub unknown: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Returns a verdict for each object. An object fails if a finding in `kept` counts against it.
pub(super) fn judge(input: Input<'_, '_>, kept: &[Diagnostic], passed: &[Diagnostic]) -> Vec<Judged> {
    let inventory = input.inventory;
    let failing = owners(input, kept.iter().filter(|finding| stands_against(finding)));
    let waived = owners(input, passed.iter().filter(|one| stands_against(one)));
    let indexed = inventory.targets.indexed();
    indexed
        .map(|(index, target)| {
            let object = inventory.object(target);
            let at = target.object.position();
            let decision = input.decisions.of_targets[index];
            let verdict = match decision {
                _ if failing[at] => Verdict::Fails,
                _ if waived[at] => Verdict::Waived,
                _ if target.unknown_key => Verdict::Unknown,
                Decision::Leave(_) => Verdict::LeftAlone,
                _ => Verdict::Complies,
            };
            let namespace = object.id.namespace.or(input.options.namespace.as_deref());
            Judged {
                kind: target.kind.as_str(),
                namespace: namespace.map(|namespace| shown::name(namespace).to_owned()),
                name: object.id.shown_name().to_owned(),
                verdict,
                reason: match decision {
                    Decision::Leave(reason) => Some(reason.explain()),
                    _ => None,
                },
                place: place(input.stream.source, target.name.span),
            }
        })
        .collect()
}

/// True for an error, and for a name or `immutable` that does not fit the content, whatever its severity.
fn stands_against(finding: &Diagnostic) -> bool {
    let form = [Code::Unversioned, Code::Mutable, Code::StaleSuffix];
    finding.severity >= Severity::Error || form.contains(&finding.code)
}

/// Returns one flag for each object of the inventory: true if a finding is about it.
fn owners<'d>(input: Input<'_, '_>, findings: impl Iterator<Item = &'d Diagnostic>) -> Vec<bool> {
    let objects = &input.inventory.objects;
    let mut found = vec![false; objects.len()];
    for at in findings.filter_map(|finding| finding.labels.first()).map(|label| label.span.start) {
        let last = objects.last_before(at).filter(|(_, object)| at < object.span.end);
        last.into_iter().for_each(|(index, _)| found[index.position()] = true);
    }
    found
}

/// Adds up the verdicts and the findings.
pub(super) fn sums(objects: &[Judged], findings: &[Diagnostic], waived: usize) -> Sums {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let idle = [Code::UnusedWaiver, Code::ExpiredWaiver];
    let mut sums = Sums {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        waived_findings: waived,
        idle_waivers: findings.iter().filter(|finding| idle.contains(&finding.code)).count(),
        ..Sums::default()
    };
    for object in objects {
        let home = object.namespace.clone().unwrap_or_default();
        sums.all.add(object.verdict);
        sums.namespaces.entry(home).or_default().add(object.verdict);
    }
    sums.namespaces.sort_keys();
    sums
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        self.objects += 1;
        match verdict {
            Verdict::Complies => self.comply += 1,
            Verdict::LeftAlone => self.left_alone += 1,
            Verdict::Waived => self.waived += 1,
            Verdict::Unknown => self.unknown += 1,
            Verdict::Fails => {}
        }
    }
}
