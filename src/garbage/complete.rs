//! Checks whether an export is complete: an object that it omits could contain a reference.
//!
//! An export does not state which kinds were requested, so its objects have to show which other kinds must exist.

use super::census::{Census, Need};
use super::criteria::Criteria;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::findings::message::Message;
use crate::kube::immutable::Immutable;
use crate::kube::suffix::looks_like_suffix;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::standing::Standing;
use crate::text::source::Span;
use indexmap::IndexMap;

/// The kinds of a complete export.
const KINDS: &str = "cm,secret,deploy,rs,sts,ds,cj,job,po,controllerrevision";
/// The kinds of [`KINDS`] under the names that owners and needs use.
const EXPORTED: [&str; 10] = [
    "configmap",
    "secret",
    "deployment",
    "replicaset",
    "statefulset",
    "daemonset",
    "cronjob",
    "job",
    "pod",
    "controllerrevision",
];

/// Returns a finding for everything that makes the export unreliable.
pub(super) fn check(inventory: &Inventory<'_>, census: &Census<'_>, criteria: &Criteria) -> Vec<Diagnostic> {
    if census.present.is_empty() && census.strangers.is_empty() {
        let cure = format!("export all of them: {}", command(&[]));
        return vec![incomplete("the export contains no objects").help(cure)];
    }
    let mut findings = cut_short(census);
    missing(census, &mut findings);
    if findings.is_empty() && !census.has("Pod") && !criteria.allow_no_pods {
        let cure = format!("{}; if there really are none, add `--allow-no-pods`", again(&[]));
        findings.push(incomplete("the export contains no Pods").help(cure));
    }
    let lives = || inventory.targets.iter().zip(&census.lives);
    let not_live = lives()
        .filter(|(target, life)| target.standing == Standing::Versioned && life.created.is_none())
        .map(|(target, _)| target);
    findings.extend(first_of(
        inventory,
        not_live,
        "no `metadata.creationTimestamp`, so it does not come from a cluster",
    ));
    let hidden = inventory.targets.indexed().filter(|(index, target)| is_hidden(inventory, *index, target));
    let hidden = hidden.map(|(_, target)| target);
    findings.extend(first_of(inventory, hidden, "no readable data: something removed or masked it"));
    findings
}

/// Reports documents that are not objects, and lists that are only a part of the result.
fn cut_short(census: &Census<'_>) -> Vec<Diagnostic> {
    let strangers = census.strangers.iter().map(|(place, document, expected)| {
        let finding = incomplete("a document is not a Kubernetes object, so the export may be truncated");
        finding.in_document(*document).at(*place, *expected).help(again(&[]))
    });
    let continued = census.continued.iter().map(|(place, document)| {
        let finding = incomplete("a list contains only a part of the objects").in_document(*document);
        finding.at(*place, "more objects follow").help(again(&[]))
    });
    strangers.chain(continued).collect()
}

/// Returns one finding for all objects that lack the same thing.
fn first_of<'t>(
    inventory: &Inventory<'_>,
    mut targets: impl Iterator<Item = &'t Target>,
    lack: &str,
) -> Option<Diagnostic> {
    let first = targets.next()?;
    let object = inventory.object(first);
    let more = match targets.count() {
        0 => String::new(),
        more => format!(" ({more} more like it)"),
    };
    let finding = incomplete(format!("{} has {lack}{more}", object.id)).in_document(object.document);
    Some(finding.at(Span::empty(first.name.span.start), "").help(again(&[])))
}

/// Reports each kind that must exist and is not in the export, once.
fn missing(census: &Census<'_>, findings: &mut Vec<Diagnostic>) {
    let mut unmet: IndexMap<&str, (&str, &str, &Need<'_>)> = IndexMap::new();
    for ((namespace, kind), need) in &census.needs {
        let anywhere = || census.present.contains(&("".into(), kind.clone()));
        if !census.present.contains(&(namespace.clone(), kind.clone())) && !anywhere() {
            unmet.entry(&need.resource).or_insert((namespace, kind, need));
        }
    }
    let resources: Vec<&str> = unmet.keys().copied().collect();
    for (namespace, kind, need) in unmet.values() {
        let place = if namespace.is_empty() { String::new() } else { format!(" of namespace `{namespace}`") };
        let message = format!("the export contains no {kind}{place}, although {} {}", need.by, need.why);
        let finding = incomplete(message).in_document(need.document).at(need.place, "");
        findings.push(finding.help(again(&resources)));
    }
}

/// True for an immutable object with a name that seems to end in a hash, but without readable content.
fn is_hidden(inventory: &Inventory<'_>, index: TargetIndex, target: &Target) -> bool {
    let name = inventory.name(target);
    target.standing != Standing::Versioned
        && target.immutable == Immutable::Already
        && inventory.collected.details.keys.of(index).is_empty()
        && name.rsplit_once('-').is_some_and(|(_, tail)| looks_like_suffix(tail))
}

fn incomplete(message: impl Into<Message>) -> Diagnostic {
    Diagnostic::new(Code::IncompleteExport, message)
}

fn again(more: &[&str]) -> String {
    format!("export everything with one command: {}", command(more))
}

fn command(more: &[&str]) -> String {
    let more: String =
        more.iter().filter(|kind| !EXPORTED.contains(kind)).map(|kind| format!(",{kind}")).collect();
    format!("`kubectl get {KINDS}{more} -A -o json`")
}
