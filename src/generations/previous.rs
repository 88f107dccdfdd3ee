//! The previously deployed manifest: whether it is readable, which versions it contains, and which of them belong to
//! this release.
//!
//! Findings about it carry the index of their source. Must not extract the text of versions.

use super::age::Current;
use super::directory::Directory;
use super::found::Found;
use super::generation::{Fate, Outcome, Previous};
use super::kinship::{Kin, Relation};
use super::roll::{Entry, Roll};
use crate::decisions::keys;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::carried::Carried;
use crate::options::Options;
use crate::text::source::{Source, Span};

/// Returns every version in the earlier sources. A version that belongs to this release is returned once.
pub(super) fn find<'a>(
    (stream, current): (&'a Roll<'_>, &Current<'a>),
    previous: &'a [Previous],
    rolls: &'a [Roll<'_>],
    options: &'a Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Found<'a>> {
    let mut kin = Kin::new(stream, options.namespace.as_deref());
    let known = previous.iter().zip(rolls);
    let related: Vec<bool> = known.map(|(previous, roll)| kin.learn(roll) || previous.certain).collect();
    let mut all = Vec::new();
    for (index, (previous, (roll, related))) in (0..).zip(previous.iter().zip(rolls.iter().zip(related))) {
        let mut findings = unreadable(&previous.source, roll, options);
        let mut found = Vec::new();
        if findings.is_empty() {
            let relation = |entry: &Entry<'_>| match related {
                true if previous.certain => Relation::Own,
                true => kin.relation(entry),
                false => Relation::OtherRelease,
            };
            found.extend(roll.entries.iter().filter_map(|entry| version(index, entry, relation(entry))));
            findings = match roll.entries.first() {
                Some(first) if !related => vec![other_manifest(&previous.source, first)],
                _ => not_carried(&found).into_iter().chain(unknown_keys(&found, options)).collect(),
            };
            let unsure = kin.knows_no_namespace() && !previous.certain;
            findings.extend(unsure.then(|| several_namespaces(&found)).flatten());
            let ages = current.ages(&found, previous.outcome, options.keep);
            for (one, age) in found.iter_mut().zip(ages) {
                (one.age, one.failed) = (age, previous.outcome == Outcome::Failed);
            }
        }
        all.append(&mut found);
        diagnostics.extend(findings.into_iter().map(|finding| finding.in_previous(index)));
    }
    each_once(all)
}

/// Returns why an earlier source cannot be used; empty if it can.
fn unreadable(source: &Source, roll: &Roll<'_>, options: &Options) -> Vec<Diagnostic> {
    let file = source.locate(0).file;
    let unreadable = |problem: &str| Diagnostic::new(Code::UnreadablePrevious, format!("{file} {problem}"));
    if let Some((place, document)) = roll.encrypted {
        let finding = unreadable("is encrypted with SOPS").in_document(document).at(place, "");
        return vec![finding.help("decrypt it first, for example with `--previous <(sops decrypt FILE)`")];
    }
    let only_empty_lists = roll.entries.is_empty() && roll.empty_lists > 0 && roll.strangers == 0;
    if is_blank(source.text()) || (only_empty_lists && roll.diagnostics.is_empty()) {
        let problem = if only_empty_lists { "is an empty list" } else { "is empty" };
        let cure = "name the last deployed manifest; on a first release, add `--previous-optional`";
        return (!options.previous_optional).then(|| unreadable(problem).help(cure)).into_iter().collect();
    }
    if roll.entries.is_empty() {
        let finding = unreadable("contains no Kubernetes object").at(Span::empty(0), "expected manifests");
        return vec![finding.help("name the last deployed manifest, as unencrypted YAML or JSON, such as the output of `helm get manifest`")];
    }
    roll.diagnostics.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect()
}

/// True if the text contains only blanks, comments and markers.
fn is_blank(text: &str) -> bool {
    let line = |line: &str| {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        line.is_empty() || line == "---" || line.starts_with('#')
    };
    text.lines().all(line)
}

fn version<'a>(index: u32, entry: &'a Entry<'_>, relation: Relation) -> Option<Found<'a>> {
    let (version, kind) = (entry.version.as_ref()?, entry.target?);
    let fate = match relation {
        Relation::OtherRelease => Fate::OtherRelease,
        Relation::OtherNamespace => Fate::OtherNamespace,
        Relation::Own if version.hook => Fate::Hook,
        Relation::Own if version.owned => Fate::Owned,
        Relation::Own if version.carried == Carried::No => Fate::Edited,
        Relation::Own => Fate::Carried,
    };
    Some(Found { previous: index, kind, entry, version, fate, age: entry.ago, failed: false })
}

/// Keeps the youngest of several copies of a version.
fn each_once(found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    let mut known: Directory<'_, usize> = Directory::default();
    let mut kept: Vec<Found<'_>> = Vec::with_capacity(found.len());
    for one in found {
        let (kind, id) = (one.kind.as_str(), &one.entry.id);
        let twin = known.get(kind, &id.name, id.namespace.as_deref());
        match twin.copied().and_then(|twin| kept.get_mut(twin)).filter(|_| one.fate == Fate::Carried) {
            Some(twin) if (one.age, !one.failed) < (twin.age, !twin.failed) => *twin = one,
            Some(_) => {}
            None => {
                if one.fate == Fate::Carried {
                    known.add(kind, &id.name, id.namespace.as_deref(), kept.len());
                }
                kept.push(one);
            }
        }
    }
    kept
}

fn other_manifest(source: &Source, first: &Entry<'_>) -> Diagnostic {
    let file = source.locate(0).file;
    let message = format!(
        "{file} shares no object with the input, so it belongs to another release and nothing in it is carried forward"
    );
    Diagnostic::new(Code::OtherRelease, message)
        .in_document(first.document)
        .at(first.place, "its first object")
        .help("name the last deployed manifest of this release; if it sets namespaces and the input does not, set `--namespace`")
}

/// Reports versions in several namespaces if the stream does not state its namespace: not all of them can be its own.
fn several_namespaces(found: &[Found<'_>]) -> Option<Diagnostic> {
    let mut stated = found
        .iter()
        .filter(|one| one.fate == Fate::Carried)
        .filter_map(|one| Some((one.entry, one.entry.id.namespace.as_deref()?)));
    let (first, home) = stated.next()?;
    let (other, away) = stated.find(|(_, namespace)| *namespace != home)?;
    let message = format!(
        "earlier versions are in the namespaces `{home}` and `{away}`, and the input does not set its namespace"
    );
    let finding = Diagnostic::new(Code::CannotCarry, message).in_document(other.document);
    let finding = finding.at(other.place, "in one namespace").at(first.place, "in another");
    Some(finding.help("set the namespace of the release with `--namespace`, or export only that namespace"))
}

/// Returns one warning for all versions of other releases, one for all in other namespaces, and one for each edited
/// version.
fn not_carried(found: &[Found<'_>]) -> Vec<Diagnostic> {
    let releases = strangers(
        found,
        (Fate::OtherRelease, Code::OtherRelease),
        ["belongs to another release", "belong to other releases"],
        "if this is wrong, check the label `app.kubernetes.io/instance` and the annotation `meta.helm.sh/release-name`",
    );
    let namespaces = strangers(
        found,
        (Fate::OtherNamespace, Code::OtherNamespace),
        ["is in a namespace that the input does not use", "are in namespaces that the input does not use"],
        "if the release uses that namespace, set it with `--namespace`",
    );
    let edited = found.iter().filter(|one| one.fate == Fate::Edited).map(edited);
    releases.into_iter().chain(namespaces).chain(edited).collect()
}

fn strangers(
    found: &[Found<'_>],
    (fate, code): (Fate, Code),
    [one, several]: [&str; 2],
    help: &'static str,
) -> Option<Diagnostic> {
    let mut strangers = found.iter().filter(|found| found.fate == fate);
    let first = strangers.next()?.entry;
    let (message, label) = match strangers.count() {
        0 => (format!("{} {one}, so it is not carried forward", first.id), ""),
        more => (
            format!("{} earlier versions {several}, so they are not carried forward", more + 1),
            "the first of them",
        ),
    };
    Some(Diagnostic::new(code, message).in_document(first.document).at(first.place, label).help(help))
}

/// Reports versions whose suffix cannot be checked without the key. Pods may use them, so they are carried anyway.
fn unknown_keys(found: &[Found<'_>], options: &Options) -> Option<Diagnostic> {
    let is_unknown = |found: &&Found<'_>| found.version.carried == Carried::Unknown;
    let mut unknown = found.iter().filter(|found| found.fate == Fate::Carried).filter(is_unknown);
    let first = unknown.next()?.entry;
    let (who_has, so, label) = match unknown.count() {
        0 => (format!("{} has", first.id), "; it is carried forward", ""),
        more => {
            (format!("{} earlier versions have", more + 1), "; they are carried forward", "the first of them")
        }
    };
    let finding = keys::unknown_suffix(&who_has, options, so);
    Some(finding.in_document(first.document).at(first.place, label))
}

fn edited(found: &Found<'_>) -> Diagnostic {
    let message = format!("{} is not carried forward: its suffix does not match its content", found.entry.id);
    let (label, help) = if found.version.helm_text {
        (
            "Helm 4 changed blank lines in one of its values, or somebody edited it",
            "in the chart, write folded text (`>`) with indented lines, and blocks with `+`, as `|` or in double quotes: Helm 4 re-serialises each document before and after a post-renderer, and changes such text",
        )
    } else {
        (
            "somebody edited its content, or another tool created its name",
            "use the manifest exactly as it was deployed; if another tool appends the suffix, no action is needed",
        )
    };
    Diagnostic::new(Code::EditedVersion, message)
        .in_document(found.entry.document)
        .at(found.entry.place, label)
        .help(help)
}
