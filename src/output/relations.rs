//! Every reference as data: which object refers to which, through which field, for what use, and what happened to it.
//!
//! Must not decide: links and decisions contain the results. Parses documents with references again, to get the paths.

use super::uses::Uses;
use crate::decisions::Decisions;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::kube::origin;
use crate::kube::shown;
use crate::links::Links;
use crate::links::resolve::Link;
use crate::survey::inventory::Inventory;
use crate::survey::references::{InNamespace, Reference, ReferenceIndex};
use crate::survey::reread;
use crate::yaml::split::Stream;
use crate::yaml::{NodeId, path};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// One reference.
#[derive(Clone, Debug, Serialize)]
pub struct Relation<'a> {
    /// The object that refers, and where.
    pub from: From<'a>,
    /// The object that it refers to.
    pub to: To<'a>,
    /// How the referrer uses it.
    pub how: How,
    /// The environment variable, or the paths at which the volume is mounted; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What happened to the reference.
    pub state: State,
    /// True if the referrer works without the object (`optional: true`).
    pub optional: bool,
}

/// The object that refers, and the place in it.
#[derive(Clone, Debug, Serialize)]
pub struct From<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// Its namespace, if it sets one.
    pub namespace: Option<&'a str>,
    /// Its name.
    pub name: &'a str,
    /// The field, such as `spec.containers[0].envFrom[1].configMapRef.name`.
    pub path: String,
    /// The number of the document, 1-based.
    pub document: u32,
    /// The file, `<stdin>` for standard input.
    pub file: &'a str,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// The template or file that a comment in the document names as its source.
    pub template: Option<&'a str>,
    /// The object that controls it, as a ReplicaSet controls a Pod in a cluster export; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
}

/// An object that controls another one in its namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// The object that is referred to.
#[derive(Clone, Debug, Serialize)]
pub struct To<'a> {
    /// `ConfigMap`, `Secret`, or both if the field accepts either and the input contains neither.
    pub kinds: Vec<&'static str>,
    /// The namespace that the reference points to, if known.
    pub namespace: Option<&'a str>,
    /// The name as written in the input.
    pub name: &'a str,
    /// The object in the input, by its position among the objects of the report; absent for an object outside the
    /// input.
    pub object: Option<usize>,
}

/// How a referrer uses an object, judged by the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Environment variables of a container.
    Env,
    /// A volume of a pod.
    Volume,
    /// A projected volume of a pod.
    Projected,
    /// Credentials for pulling images.
    ImagePull,
    /// A certificate for TLS.
    Tls,
    /// An argument of a command.
    Argument,
    /// An annotation.
    Annotation,
    /// A name that an RBAC rule grants access to.
    Grant,
    /// Another field, usually of a custom resource.
    Field,
}

/// What happened to a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It now names the version, or a version of the release before.
    Rewritten,
    /// It keeps the name, and the input contains an object with that name.
    Left,
    /// The object is not in the input: it must be in the cluster.
    External,
    /// The object is not in the input, but the input contains one with a similar name; or the object lacks the key.
    Dangling,
}

/// Returns every reference, in the order of the input.
pub fn relations<'a>(
    stream: &'a Stream<'_>,
    inventory: &'a Inventory<'_>,
    links: &'a Links,
    decisions: &'a Decisions,
    findings: &[Diagnostic],
) -> Vec<Relation<'a>> {
    let read = read(stream, inventory);
    let dangling = dangling(findings);
    let documents: HashMap<u32, Option<&str>> = stream
        .documents
        .iter()
        .map(|document| (document.number, origin::template(stream.source.slice(document.span))))
        .collect();
    let relation = |(index, reference): (ReferenceIndex, Reference<'a>)| {
        let object = inventory.objects.at(reference.object);
        let place = stream.source.locate(reference.site.span.start);
        let (path, detail) = read.places.get(&index).cloned().unwrap_or_default();
        let link = decisions.link(index, links);
        Relation {
            how: how(&path),
            detail,
            from: From {
                kind: shown::kind(object.id.kind),
                namespace: object.id.shown_namespace(),
                name: object.id.shown_name(),
                path,
                document: object.document,
                file: place.file,
                line: place.line,
                column: place.column,
                template: documents.get(&object.document).copied().flatten(),
                owner: read.owners.get(&reference.object).cloned(),
            },
            to: to(inventory, reference, links.of_references.get(index)),
            state: state(decisions, (index, reference), link, dangling.contains(&reference.site.span.start)),
            optional: reference.optional,
        }
    };
    inventory.collected.references.indexed().map(relation).collect()
}

fn to<'a>(inventory: &'a Inventory<'_>, reference: Reference<'a>, link: Option<&Link>) -> To<'a> {
    let target = link.and_then(|link| link.targets().first()).copied();
    let kinds: Vec<TargetKind> = match target {
        Some(target) => vec![inventory.targets[target].kind],
        None => reference.kinds.iter().collect(),
    };
    let own = inventory.objects.at(reference.object).id.shown_namespace();
    To {
        kinds: kinds.into_iter().map(TargetKind::as_str).collect(),
        namespace: match reference.namespace() {
            InNamespace::Own => own,
            InNamespace::Any | InNamespace::Each => None,
            InNamespace::Given(namespace) => Some(shown::name(namespace)),
        },
        name: shown::name(reference.name()),
        object: target.map(crate::kube::arena::ArenaIndex::position),
    }
}

fn state(
    decisions: &Decisions,
    (index, reference): (ReferenceIndex, Reference<'_>),
    link: &Link,
    dangling: bool,
) -> State {
    let mut targets = link.targets().iter();
    match link {
        _ if dangling => State::Dangling,
        Link::Outside => State::External,
        Link::Plain(_) if decisions.earlier.contains_key(&index) => State::Rewritten,
        Link::Plain(_) => State::Left,
        _ if decisions.stays(reference, link) => State::Left,
        _ if targets.any(|target| decisions.of_targets[*target].renames()) => State::Rewritten,
        _ => State::Left,
    }
}

/// Returns the offsets of references that, according to a finding, lead nowhere.
fn dangling(findings: &[Diagnostic]) -> HashSet<u32> {
    let codes = [Code::NearMiss, Code::StaleReference, Code::MissingKey];
    let found = findings.iter().filter(|finding| codes.contains(&finding.code) && finding.previous.is_none());
    found.filter_map(|finding| finding.labels.first()).map(|label| label.span.start).collect()
}

/// Facts from parsing the referring objects again.
#[derive(Default)]
struct Read {
    /// The path of each reference within its object, and its environment variable or mount paths.
    places: HashMap<ReferenceIndex, (String, Option<String>)>,
    owners: HashMap<ObjectIndex, Owner>,
}

fn read(stream: &Stream<'_>, inventory: &Inventory<'_>) -> Read {
    let mut by_object: BTreeMap<ObjectIndex, Vec<(u32, ReferenceIndex)>> = BTreeMap::new();
    for (index, reference) in inventory.collected.references.indexed() {
        by_object.entry(reference.object).or_default().push((reference.site.span.start, index));
    }
    let wanted: BTreeSet<ObjectIndex> = by_object.keys().copied().collect();
    let mut read = Read::default();
    reread::each(stream, inventory, &wanted, &mut |object, view| {
        let Some(references) = by_object.get_mut(&object) else { return };
        references.sort_unstable();
        let places: Vec<u32> = references.iter().map(|(place, _)| *place).collect();
        let uses = Uses::of(view);
        let paths = path::paths(view.tree, view.root, &places);
        for ((place, index), path) in references.iter().zip(paths) {
            let detail = uses.at(*place).filter(|_| !path.is_empty());
            read.places.insert(*index, (path, detail.map(str::to_owned)));
        }
        read.owners.extend(owner(view).map(|owner| (object, owner)));
    });
    read
}

/// Returns the object that controls this one.
fn owner(view: &View<'_, '_>) -> Option<Owner> {
    let tree = view.tree;
    let owners = tree.deref(view.meta("ownerReferences")?);
    let controls = |owner: &NodeId| tree.text_of(*owner, "controller").is_some_and(|text| text == "true");
    let owner = tree.items(owners).map(|owner| tree.deref(owner)).find(controls)?;
    let (kind, name) = (tree.text_of(owner, "kind")?, tree.text_of(owner, "name")?);
    Some(Owner { kind: shown::kind(kind).to_owned(), name: shown::any_name(name).to_owned() })
}

fn how(path: &str) -> How {
    let has = |part: &str| path.contains(part);
    if path.starts_with("metadata.annotations") || has(".metadata.annotations") {
        How::Annotation
    } else if has("resourceNames[") {
        How::Grant
    } else if has("imagePullSecrets[") {
        How::ImagePull
    } else if has("envFrom[") || has("KeyRef.") || has(".env[") {
        How::Env
    } else if has("projected.sources[") {
        How::Projected
    } else if has("volumes[") {
        How::Volume
    } else if has(".args[") || has(".command[") {
        How::Argument
    } else if has("tls") || has("Tls") || has("certificate") || has("Certificate") {
        How::Tls
    } else {
        How::Field
    }
}
