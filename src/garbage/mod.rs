//! Garbage: versioned objects of a cluster that nothing in it refers to.
//!
//! Reads an export of a cluster and sorts its versioned objects into those that may be deleted and those that stay.
//! Must not access a cluster or a clock. Refuses an export that may be incomplete, because a missing object could
//! contain a reference.

mod census;
mod complete;
mod criteria;
mod cut;
mod homes;
mod names;
mod uses;
mod verdict;

pub use crate::kube::time;
pub use criteria::Criteria;
pub use verdict::Verdict;

use crate::decisions::keys;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::arena::Arena;
use crate::kube::names as api_names;
use crate::kube::object::TargetKind;
use crate::options::Options;
use crate::rules::Rules;
use crate::survey::inventory::{self, Inventory, TargetIndex};
use crate::survey::standing::{Reason, Standing};
use crate::text::source::Source;
use crate::yaml::split::{self, Stream};
use crate::yaml::{Style, scalar};
use indexmap::IndexMap;
use indexmap::map::Entry;
use std::borrow::Cow;
use std::io::{self, Write};
use verdict::Judge;

/// A versioned object and its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<'s> {
    /// Its kind.
    pub kind: TargetKind,
    /// Its namespace.
    pub namespace: Cow<'s, str>,
    /// Its name with the suffix.
    pub name: Cow<'s, str>,
    /// Its age in seconds.
    pub age: i64,
    /// Whether it may be deleted.
    pub verdict: Verdict,
}

/// The versioned objects of an export, in the order of the export.
#[derive(Debug, Default)]
pub struct Sorted<'s> {
    /// Each object once; empty if the export is refused.
    pub objects: Vec<Versioned<'s>>,
    /// The reasons to refuse the export.
    pub diagnostics: Vec<Diagnostic>,
    /// Other findings. They do not refuse the export.
    pub notes: Vec<Diagnostic>,
}

/// Reads an export and sorts its versioned objects. Uses only the rules, hash, keys and threads of the options.
pub fn sort<'s>(source: &'s Source, options: &Options, criteria: &Criteria) -> Sorted<'s> {
    let stream = split::split(source);
    let (documents, envelopes) = cut::cut(source, &stream.documents);
    let stream = Stream { documents, parts: Vec::new(), lists: Vec::new(), ..stream };
    let rules = Rules::new(&options.rules);
    let count = || census::take(source, &stream.documents, &envelopes, options);
    let (inventory, census) = if options.threads > 1 {
        std::thread::scope(|scope| {
            let census = scope.spawn(count);
            let inventory = inventory::take(&stream, &rules, options);
            (inventory, census.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    } else {
        (inventory::take(&stream, &rules, options), count())
    };
    let read = stream.findings.iter().chain(&inventory.findings);
    let mut diagnostics: Vec<Diagnostic> = read.filter(|finding| refuses(finding)).cloned().collect();
    if diagnostics.is_empty() {
        diagnostics = complete::check(&inventory, &census, criteria);
    }
    let versioned: Arena<TargetIndex, bool> =
        inventory.targets.iter().map(|target| target.standing == Standing::Versioned).collect();
    diagnostics.extend(unfit_names(&inventory, &versioned));
    if !diagnostics.is_empty() {
        diagnostics.sort_by_key(|finding| finding.labels.first().map(|label| label.span.start));
        return Sorted { diagnostics, ..Sorted::default() };
    }
    let uses = match uses::uses((source, &census.homes), &inventory, &versioned, options) {
        Ok(uses) => uses,
        Err(finding) => return Sorted { diagnostics: vec![*finding], ..Sorted::default() },
    };
    let numbers = || inventory.targets.indices().filter(|number| versioned[*number]);
    let judge = Judge::new(source, &inventory, &census, criteria, numbers());
    let unknown = |number: TargetIndex| inventory.targets[number].unknown_key;
    let listed = inventory.targets.indices().filter(|number| versioned[*number] || unknown(*number));
    let judged = listed.map(|number| {
        let id = inventory.object(&inventory.targets[number]).id;
        Versioned {
            kind: inventory.targets[number].kind,
            namespace: id.namespace.unwrap_or_default().to_owned().into(),
            name: id.name.to_owned().into(),
            age: criteria.now.saturating_sub(census.lives[number].created.unwrap_or(criteria.now)),
            verdict: match unknown(number) {
                true => Verdict::Keep(Reason::UnknownKey.explain().to_owned()),
                false => judge.verdict(number, uses[number]),
            },
        }
    });
    let notes = unknown_keys(&inventory, options).into_iter().collect();
    Sorted { objects: each_once(judged), diagnostics, notes }
}

/// Returns one finding for all Secrets whose suffix cannot be checked without their key.
fn unknown_keys(inventory: &Inventory<'_>, options: &Options) -> Option<Diagnostic> {
    let mut unknown = inventory.targets.iter().filter(|target| target.unknown_key);
    let first = unknown.next()?;
    let object = inventory.object(first);
    let (who_has, so, label) = match unknown.count() {
        0 => (format!("{} has", object.id), "; it is kept", ""),
        more => (format!("{} Secrets have", more + 1), "; they are kept", "the first of them"),
    };
    let finding = keys::unknown_suffix(&who_has, options, so);
    Some(finding.in_document(object.document).at(first.name.span, label))
}

/// Merges objects that the export contains twice. If one of them is kept, the object is kept.
fn each_once<'s>(judged: impl Iterator<Item = Versioned<'s>>) -> Vec<Versioned<'s>> {
    let mut found: IndexMap<(TargetKind, Cow<'s, str>, Cow<'s, str>), Versioned<'s>> = IndexMap::new();
    for object in judged {
        match found.entry((object.kind, object.namespace.clone(), object.name.clone())) {
            Entry::Occupied(mut twin) if object.verdict != Verdict::Delete => *twin.get_mut() = object,
            Entry::Occupied(_) => {}
            Entry::Vacant(entry) => {
                entry.insert(object);
            }
        }
    }
    found.into_values().collect()
}

impl Sorted<'_> {
    /// True if the export is unreliable, so that nothing may be written.
    pub fn refused(&self) -> bool {
        !self.diagnostics.is_empty()
    }

    /// Returns the objects that may be deleted, in the order of the export.
    pub fn garbage(&self) -> impl Iterator<Item = &Versioned<'_>> {
        self.objects.iter().filter(|object| object.verdict == Verdict::Delete)
    }

    /// Writes a minimal manifest of each object that may be deleted, enough for `kubectl delete`.
    ///
    /// # Errors
    /// The error of the writer.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        for (number, object) in self.garbage().enumerate() {
            let between = if number > 0 { "---\n" } else { "" };
            let name = scalar::write(&object.name, Style::Plain);
            let namespace = scalar::write(&object.namespace, Style::Plain);
            let kind = object.kind.as_str();
            writeln!(
                out,
                "{between}apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: {namespace}"
            )?;
        }
        Ok(())
    }
}

/// True if the finding refuses the export. Ignored text could contain a reference, so it counts as an error here.
fn refuses(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error || finding.code == Code::IgnoredText
}

/// Reports names that an API server does not accept. They do not come from a cluster, and must not get into the output.
fn unfit_names(inventory: &Inventory<'_>, versioned: &Arena<TargetIndex, bool>) -> Vec<Diagnostic> {
    let versioned = inventory.targets.iter().zip(versioned).filter(|(_, versioned)| **versioned);
    let found = versioned.filter_map(|(target, _)| {
        let object = inventory.object(target);
        let base = object.id.name.rsplit_once('-').map_or("", |(base, _)| base);
        let namespace = object.id.namespace.unwrap_or_default();
        let problem = if namespace.is_empty() {
            "it has no namespace, so it does not come from a cluster".to_owned()
        } else {
            [base, namespace].into_iter().find_map(|name| api_names::check(name).err())?.1
        };
        let finding = Diagnostic::new(Code::InvalidName, format!("{}: {problem}", object.id));
        let finding = finding.in_document(object.document).at(target.name.span, "");
        Some(finding.help("export it again from the cluster, with `kubectl get -o json`"))
    });
    found.collect()
}
