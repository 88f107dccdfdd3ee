//! What happened, as data: old and new names, objects that are left alone with reasons, findings, and totals.
//!
//! Must not compute anything that an earlier stage knows.

use crate::decisions::decide::new_name;
use crate::decisions::jobs::{self, JobDecisions, Verdict};
use crate::decisions::policy::{Because, Decision};
use crate::edits::edit::{Cause, Why};
use crate::edits::plan::Plan;
use crate::findings::diagnostic::{Diagnostic, Severity};
use crate::findings::message::Message;
use crate::generations::{Generation, Generations};
use crate::kube::arena::Arena;
use crate::kube::shown;
use crate::links::{Links, lifetimes};
use crate::output::relations::Relation;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::text::source::Source;
use indexmap::IndexMap;
use serde::Serialize;

/// The whole report. docs/report.md describes its JSON form. Fields may be added, but existing fields never change.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// The configuration file; absent if none was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<&'a str>,
    /// The totals.
    pub summary: Summary,
    /// Every ConfigMap and Secret, in the order of the stream.
    pub objects: Vec<Entry<'a>>,
    /// Every reference to a ConfigMap or Secret, in the order of the stream.
    pub references: Vec<Relation<'a>>,
    /// Every Job and bare Pod that uses a versioned object, or for which an object is left alone.
    pub jobs: Vec<JobEntry<'a>>,
    /// Every earlier version; absent if no previous release was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generations: Option<Vec<EarlierVersion<'a>>>,
    /// Every finding.
    pub findings: Vec<Finding<'a>>,
}

/// The totals of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// ConfigMaps and Secrets whose name ends in their hash, or will when kustomize appends it.
    pub versioned: usize,
    /// Versioned objects that also stay under their original names; not written if there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub originals: usize,
    /// ConfigMaps and Secrets that are left alone.
    pub left_alone: usize,
    /// Jobs whose name contains the hash of their template.
    pub jobs: usize,
    /// Bare Pods whose name contains such a hash.
    pub pods: usize,
    /// Rewritten references.
    pub references: usize,
    /// Earlier versions carried forward; not written if there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub carried_forward: usize,
    /// Findings of warning severity.
    pub warnings: usize,
    /// Findings of error severity.
    pub errors: usize,
    /// True if nothing was written, because of errors or, with `--strict`, of warnings.
    pub refused: bool,
}

/// What happened to one ConfigMap or Secret.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its namespace, if it sets one.
    pub namespace: Option<&'a str>,
    /// Its name in the input.
    pub name: &'a str,
    /// Its name in the output, if different.
    pub new_name: Option<String>,
    /// `versioned`, `kept` (it already had its suffix), `awaits-kustomize` or `left-alone`.
    pub decision: &'static str,
    /// Why it is left alone.
    pub reason: Option<&'static str>,
    /// Why it also stays under its original name, next to its version; absent if it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<&'static str>,
    /// The lifetimes of its references other than `rolls`, such as `early` or `refused`; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lifetimes: Vec<&'static str>,
    /// How many references were rewritten.
    pub references: usize,
    /// The number of its document, 1-based.
    #[serde(skip)]
    pub document: u32,
}

/// What happened to one Job or bare Pod.
#[derive(Debug, Serialize)]
pub struct JobEntry<'a> {
    /// `Job` or `Pod`.
    pub kind: &'static str,
    /// Its namespace, if it sets one.
    pub namespace: Option<&'a str>,
    /// Its name in the input.
    pub name: &'a str,
    /// Its name in the output, if different.
    pub new_name: Option<&'a str>,
    /// `versioned`, `kept` (it already had its suffix), `left-alone` (together with what it uses) or `as-is` (its name
    /// stays, although its template changes).
    pub decision: &'static str,
    /// Why it keeps its name.
    pub reason: Option<&'a str>,
}

/// What happens to a version from an earlier release.
#[derive(Debug, Serialize)]
pub struct EarlierVersion<'a> {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its namespace, if it sets one.
    pub namespace: Option<&'a str>,
    /// Its name.
    pub name: &'a str,
    /// The number of releases since it was current, including this one; 0 if it is current.
    pub generations_ago: u32,
    /// `current`, `carried`, `dropped`, `other-release`, `other-namespace`, `edited`, `hook`, `owned` or `refused`.
    pub decision: &'static str,
}

/// One finding, with its place as line and column.
#[derive(Debug, Serialize)]
pub struct Finding<'a> {
    /// The stable code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: Severity,
    /// What was found and what was expected.
    pub message: &'a Message,
    /// The document's number, 1-based.
    pub document: Option<u32>,
    /// The file; `<stdin>` for standard input.
    pub file: Option<&'a str>,
    /// 1-based.
    pub line: Option<usize>,
    /// 1-based, in characters.
    pub column: Option<usize>,
    /// The template or file that a comment in the document names as its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<&'a str>,
    /// The cure.
    pub help: Option<&'a str>,
}

impl<'a> Finding<'a> {
    /// Creates a finding and looks up its place. `template`: the source that its document names, if any.
    pub fn new(diagnostic: &'a Diagnostic, source: &'a Source, template: Option<&'a str>) -> Finding<'a> {
        let place = diagnostic.labels.first().map(|label| source.locate(label.span.start));
        Finding {
            code: diagnostic.code.as_str(),
            severity: diagnostic.severity,
            message: &diagnostic.message,
            document: diagnostic.document,
            file: place.map(|place| place.file),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            template,
            help: diagnostic.help.as_deref(),
        }
    }
}

impl<'a> Report<'a> {
    /// Returns the report for an input that could not be read.
    pub fn unread(finding: &'a Diagnostic, source: &'a Source) -> Report<'a> {
        let summary = Summary { errors: 1, refused: true, ..Summary::default() };
        Report {
            configuration: None,
            summary,
            objects: Vec::new(),
            references: Vec::new(),
            jobs: Vec::new(),
            generations: None,
            findings: vec![Finding::new(finding, source, None)],
        }
    }
}

/// Computes the totals of a run, except those that later stages count.
pub fn summary(decisions: &[Decision], plan: &Plan, diagnostics: &[Diagnostic]) -> Summary {
    let count = |severity| {
        let these = diagnostics.iter().filter(|finding| finding.severity == severity);
        these.map(|finding| 1 + finding.more).sum()
    };
    let left_alone = decisions.iter().filter(|decision| matches!(decision, Decision::Leave(_))).count();
    Summary {
        versioned: decisions.len() - left_alone,
        originals: decisions.iter().filter(|decision| decision.original().is_some()).count(),
        left_alone,
        jobs: 0,
        pods: 0,
        references: plan.edits.iter().filter(|edit| is_reference(edit.cause, plan)).count(),
        carried_forward: 0,
        warnings: count(Severity::Warning),
        errors: count(Severity::Error),
        refused: false,
    }
}

fn is_reference(cause: Cause, plan: &Plan) -> bool {
    match cause {
        Cause::Reference(_) => true,
        Cause::Addition(index) => matches!(plan.additions[index].why, Why::JobReference | Why::Earlier),
        _ => false,
    }
}

/// Returns one entry for each Job and bare Pod with a decision.
pub fn jobs<'a>(inventory: &'a Inventory<'_>, decisions: &'a JobDecisions) -> Vec<JobEntry<'a>> {
    let entry = |verdict: &'a Verdict| {
        let job = &inventory.jobs[verdict.job];
        let (decision, new_name, reason) = match &verdict.decision {
            jobs::Decision::Version(name) => ("versioned", Some(name.as_str()), None),
            jobs::Decision::Keep => ("kept", None, None),
            jobs::Decision::LeaveBoth(why) => ("left-alone", None, Some(why.as_str())),
            jobs::Decision::LeaveJob(why) => ("as-is", None, why.as_deref()),
        };
        let (namespace, name) = (job.id.identity().shown_namespace(), job.id.identity().shown_name());
        let new_name = new_name.map(shown::any_name);
        JobEntry { kind: job.kind.as_str(), namespace, name, new_name, decision, reason }
    };
    decisions.verdicts.iter().map(entry).collect()
}

/// Returns one entry for each ConfigMap and Secret.
pub fn entries<'a>(
    inventory: &'a Inventory<'_>,
    links: &Links,
    decisions: &Arena<TargetIndex, Decision>,
    plan: &Plan,
) -> Vec<Entry<'a>> {
    let lifetimes = lifetimes::of_targets(inventory, &links.of_references);
    let mut references: IndexMap<TargetIndex, usize> = IndexMap::new();
    for edit in &plan.edits {
        if let Cause::Reference(target) = edit.cause {
            *references.entry(target).or_default() += 1;
        }
    }
    let targets = inventory.targets.indexed().zip(decisions);
    targets
        .map(|((index, target), decision)| {
            let lifetimes = lifetimes[index].iter().map(|lifetime| lifetime.as_str()).collect();
            Entry { lifetimes, ..entry(inventory, target, *decision, references.get(&index).copied()) }
        })
        .collect()
}

fn entry<'a>(
    inventory: &'a Inventory<'_>,
    target: &Target,
    decision: Decision,
    references: Option<usize>,
) -> Entry<'a> {
    let id = inventory.object(target).id;
    Entry {
        kind: target.kind.as_str(),
        namespace: id.shown_namespace(),
        name: id.shown_name(),
        new_name: new_name(inventory, target, decision).map(|name| shown::name(&name).to_owned()),
        decision: match decision {
            Decision::Version | Decision::Both(_) => "versioned",
            Decision::Keep => "kept",
            Decision::AwaitKustomize => "awaits-kustomize",
            Decision::Leave(_) => "left-alone",
        },
        reason: match decision {
            Decision::Leave(reason) => Some(reason.explain()),
            _ => None,
        },
        original: decision.original().map(Because::explain),
        lifetimes: Vec::new(),
        references: references.unwrap_or_default(),
        document: inventory.object(target).document,
    }
}

/// Returns one entry for each earlier version, in the order of the sources.
pub fn generations(generations: &Generations) -> Vec<EarlierVersion<'_>> {
    generations.list.iter().map(earlier_version).collect()
}

fn earlier_version(generation: &Generation) -> EarlierVersion<'_> {
    EarlierVersion {
        kind: generation.kind.as_str(),
        namespace: generation.namespace.as_deref().map(shown::name),
        name: shown::name(&generation.name),
        generations_ago: generation.generations_ago,
        decision: generation.fate.as_str(),
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}
