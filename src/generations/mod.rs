//! Generations: versions of earlier releases, carried forward so that a deployer does not delete them while old pods
//! still use them.
//!
//! Finds the versions of earlier releases that go into the new stream, and their text. An object is a version if its
//! name ends in the hash of its own content and it is immutable. Nothing else is ever carried.

mod age;
mod carried;
mod directory;
mod dropped;
mod found;
mod generation;
mod kinship;
mod lift;
mod named;
mod place;
mod previous;
mod regenerated;
mod roll;
mod size;
mod stream;
mod values;
mod without;

pub use generation::{Fate, Generation, Outcome, Previous};
pub use roll::GENERATIONS_AGO;
pub use stream::Stream;

use crate::decisions::decide::new_name;
use crate::decisions::deployed::Deployed;
use crate::decisions::policy::Decision;
use crate::edits::edit::{Addition, Change, Why};
use crate::edits::grants::Carried;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::helm_text;
use crate::kube::job::JobKind;
use crate::options::Options;
use crate::rules::Rules;
use crate::survey::inventory::Target;
use crate::text::parts;
use crate::text::source::Source;
use crate::yaml::{Site, Writing};
use age::Current;
use directory::Name;
use found::Found;
use place::Place;
use roll::{Beside, Roll};

impl Generation {
    /// Returns its kind, namespace and name.
    pub fn identity(&self) -> Carried<'_> {
        Carried { kind: self.kind, namespace: self.namespace.as_deref(), name: &self.name }
    }
}

/// All versions of earlier releases, and how they are carried.
#[derive(Debug, Default)]
pub struct Generations {
    /// Every earlier version once, in the order of the sources.
    pub list: Vec<Generation>,
    /// True if versions are carried as separate documents.
    pub as_documents: bool,
}

/// The objects of the stream and of every earlier manifest.
#[derive(Debug, Default)]
pub struct Rolls<'s> {
    stream: Roll<'s>,
    previous: Vec<Roll<'s>>,
}

/// Reads the objects of the stream and of the earlier manifests. Reads nothing if there is no earlier manifest.
pub fn read<'s>(source: &'s Source, previous: &'s [Previous], options: &Options) -> Rolls<'s> {
    if previous.is_empty() {
        return Rolls::default();
    }
    let sources = previous.iter().map(|previous| (&previous.source, Some(options.scheme())));
    let sources: Vec<_> = std::iter::once((source, None)).chain(sources).collect();
    let mut rolls = parts::each(options.threads, &sources, |(source, scheme)| roll::read(source, *scheme));
    Rolls { stream: rolls.remove(0), previous: rolls }
}

impl Rolls<'_> {
    /// Returns the ConfigMaps and Secrets of the deployed manifests.
    pub fn deployed<'a>(
        &self,
        previous: &'a [Previous],
        rules: &'a Rules,
        options: &'a Options,
    ) -> Deployed<'a> {
        let mut deployed = Deployed::new(move || named::named(previous, rules, options));
        let rolls = previous.iter().zip(&self.previous);
        let rolls = rolls.filter(|(previous, _)| previous.outcome == Outcome::Deployed);
        for entry in rolls.flat_map(|(_, roll)| &roll.entries) {
            let home = entry.id.namespace.as_deref().or(options.namespace.as_deref());
            let Some(kind) = entry.target else {
                let job =
                    [JobKind::Job, JobKind::Pod].into_iter().find(|kind| kind.as_str() == entry.id.kind);
                job.into_iter().for_each(|kind| deployed.add_job(kind, &entry.id.name, home));
                continue;
            };
            let names = match (entry.version, entry.beside) {
                (Some(version), _) => {
                    if entry.ago == 0 && version.is_usable() {
                        deployed.add_version(kind, entry.base(), home, &entry.id.name);
                    }
                    continue;
                }
                (None, Beside::No) => &mut deployed.plain,
                (None, Beside::Hook) => &mut deployed.hooks,
                (None, Beside::Original) => &mut deployed.originals,
                (None, Beside::ForOutside) => &mut deployed.outside,
            };
            names.add(kind, &entry.id.name, home);
        }
        deployed
    }
}

/// Finds the versions to carry forward, and returns them with the additions that write them.
pub fn carry(
    stream: Stream<'_, '_>,
    previous: &[Previous],
    rolls: &Rolls<'_>,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Generations, Vec<Addition>) {
    if previous.is_empty() {
        return (Generations::default(), Vec::new());
    }
    let Rolls { stream: own, previous: rolls } = rolls;
    let names = names(stream, options);
    let current = Current::new(&names, own);
    let found = previous::find((own, &current), previous, rolls, options, diagnostics);
    let to_helm_4 = helm_text::is_from_helm_4(stream.source);
    diagnostics.extend(dropped::find(stream, previous, rolls, options));
    diagnostics.extend(regenerated::find(own, previous, rolls, options.namespace.as_deref()));
    let mut list = Vec::with_capacity(found.len());
    for one in &found {
        let id = &one.entry.id;
        let home = id.namespace.as_deref().or(options.namespace.as_deref());
        let is_current = current.holds(one.kind.as_str(), &id.name, home);
        let source = &previous[one.previous as usize].source;
        list.push(settled(one, is_current, source, to_helm_4, options, diagnostics));
    }
    if options.by_helm {
        size::fit(stream, &mut list, diagnostics);
    }
    let place = place::find(stream.source, stream.documents);
    let as_documents = matches!(place, Place::Documents | Place::Json);
    let additions = additions(stream.source, &place, &list).unwrap_or_else(|(refused, why)| {
        diagnostics.push(cannot_carry(&list[refused], why));
        list[refused].fate = Fate::Refused;
        Vec::new()
    });
    (Generations { list, as_documents }, additions)
}

impl Generations {
    /// Returns the versions that are carried forward, in the order of the output.
    pub fn carried(&self) -> impl Iterator<Item = &Generation> {
        self.list.iter().filter(|generation| generation.fate == Fate::Carried)
    }
}

/// Returns the name of every ConfigMap and Secret in the new output.
fn names(stream: Stream<'_, '_>, options: &Options) -> Vec<Name> {
    let targets = stream.inventory.targets.iter().zip(stream.decisions);
    let name = |(target, decision): (&Target, &Decision)| {
        let id = stream.inventory.object(target).id;
        let awaited = match (decision, &target.suffix) {
            (Decision::AwaitKustomize, Ok(suffix)) => Some(suffix.name(id.name)),
            _ => None,
        };
        let new = new_name(stream.inventory, target, *decision).or(awaited);
        let home = id.namespace.or(options.namespace.as_deref());
        Name {
            kind: target.kind,
            version: new.is_some() || *decision == Decision::Keep,
            name: new.unwrap_or_else(|| id.name.to_string()),
            namespace: home.map(str::to_owned),
        }
    };
    targets.map(name).collect()
}

/// Returns a version with its fate, and with its text if it is carried.
fn settled(
    found: &Found<'_>,
    current: bool,
    source: &Source,
    to_helm_4: bool,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Generation {
    let mut one = found.generation();
    if one.fate != Fate::Carried {
        return one;
    }
    if current {
        return Generation { fate: Fate::Current, generations_ago: 0, ..one };
    }
    let longest = if found.failed { options.keep.0.max(1) } else { options.keep.0 };
    if one.generations_ago > longest {
        return Generation { fate: Fate::Dropped, ..one };
    }
    match carried::compose(source, found.entry, found.version, one.generations_ago, to_helm_4, options) {
        Ok(text) => one.text = text,
        Err(why) => {
            diagnostics.push(cannot_carry(&one, why));
            one.fate = Fate::Refused;
        }
    }
    one
}

/// Returns the additions for all carried versions, or the index of a version that cannot be added and the reason.
fn additions(
    source: &Source,
    place: &Place,
    list: &[Generation],
) -> Result<Vec<Addition>, (usize, &'static str)> {
    let (numbers, texts): (Vec<usize>, Vec<&str>) = list
        .iter()
        .enumerate()
        .filter(|(_, one)| one.fate == Fate::Carried)
        .map(|(number, one)| (number, one.text.as_str()))
        .unzip();
    let (span, written) = place.write(source, &texts).map_err(|(at, unfit)| (numbers[at], unfit.why()))?;
    if !texts.is_empty() && !place.holds(source, span, &written, &texts) {
        return Err((numbers[0], "the list in the input would parse differently"));
    }
    let addition = |text: String| {
        let site = Site { span, writing: Writing::Inner, via: None };
        Addition { change: Change { site, text: text.into(), old: "".into() }, why: Why::Carried }
    };
    Ok(written.into_iter().map(addition).collect())
}

fn cannot_carry(generation: &Generation, why: &str) -> Diagnostic {
    let Generation { kind, name, .. } = generation;
    let message = format!("{} `{name}` cannot be carried forward: {why}", kind.as_str());
    Diagnostic::new(Code::CannotCarry, message)
        .in_previous(generation.previous)
        .in_document(generation.document)
        .at(generation.place, "this earlier version")
        .help("provide the last deployed manifest in the format of the input, YAML or JSON, with one document per object; `--keep 0` carries nothing forward")
}
