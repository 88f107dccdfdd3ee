//! Which objects comply, one by one and in numbers.
//!
//! Counts what the findings say. Must not find anything.

use super::input::Input;
use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::arena::ArenaIndex;
use crate::kube::object::ObjectIndex;
use crate::kube::shown;
use crate::output::placed::{Place, place};
use indexmap::IndexMap;
use serde::Serialize;

/// What an audit says of one ConfigMap or Secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing stands against it.
    Complies,
    /// It is left alone, for a reason.
    LeftAlone,
    /// All its errors are waived or allowed.
    Waived,
    /// A key made its suffix, and that key is not given.
    Unknown,
    /// A finding stands against it.
    Fails,
}

/// A ConfigMap or Secret and what is said of it.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its namespace, as far as the input or the options say.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// What is said of it.
    pub verdict: Verdict,
    /// Why it is left alone.
    pub reason: Option<&'static str>,
    /// Where it is named.
    #[serde(flatten)]
    pub place: Place,
}

/// The sums.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// All ConfigMaps and Secrets.
    pub all: Counts,
    /// By namespace; the empty name for those that state none.
    pub namespaces: IndexMap<String, Counts>,
    /// Findings of error severity.
    pub errors: usize,
    /// Findings of warning severity.
    pub warnings: usize,
    /// Findings of note severity.
    pub notes: usize,
    /// Findings that a waiver lets pass.
    pub waived_findings: usize,
    /// Waivers that waive nothing, expired ones too.
    pub idle_waivers: usize,
}

/// How many objects there are, by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub objects: usize,
    /// Those that comply.
    pub comply: usize,
    /// Those that are left alone.
    pub left_alone: usize,
    /// Those of which all findings are waived.
    pub waived: usize,
    /// Those whose suffix a key made that is not given; not written when there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub unknown: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Says of each object whether it complies: no error or warning about it is left.
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
            let namespace = object.id.namespace.as_deref().or(input.options.namespace.as_deref());
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

/// True for an error, and for a name that does not say the content, however severe somebody calls that.
fn stands_against(finding: &Diagnostic) -> bool {
    let form = [Code::Unversioned, Code::Mutable, Code::StaleSuffix];
    finding.severity >= Severity::Error || form.contains(&finding.code)
}

/// For each object of the inventory whether one of the findings is about it.
fn owners<'d>(input: Input<'_, '_>, findings: impl Iterator<Item = &'d Diagnostic>) -> Vec<bool> {
    let objects = &input.inventory.objects;
    let mut found = vec![false; objects.len()];
    for at in findings.filter_map(|finding| finding.labels.first()).map(|label| label.span.start) {
        let behind = objects.partition_point(|object| object.span.start <= at);
        let number = behind.checked_sub(1).filter(|number| at < objects[ObjectIndex::at(*number)].span.end);
        number.into_iter().for_each(|number| found[number] = true);
    }
    found
}

/// Adds them up.
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
