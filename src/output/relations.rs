//! Every reference as data: who needs what, by which field and how, and what became of the place.
//!
//! Must not decide: the links and decisions have it all. Documents with references are read once more for the paths.

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
    /// Who refers.
    pub from: From<'a>,
    /// What is referred to.
    pub to: To<'a>,
    /// How the referrer uses it.
    pub how: How,
    /// The environment variable, or the paths at which the volume is mounted; absent where it has neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What became of the place.
    pub state: State,
    /// True when the referrer works without it (`optional: true`).
    pub optional: bool,
}

/// The object that refers, and the place in it.
#[derive(Clone, Debug, Serialize)]
pub struct From<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// Its namespace, if it states one.
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
    /// The template or file that the document says it came from.
    pub template: Option<&'a str>,
    /// The object that controls it, as a ReplicaSet controls a Pod in an export of a cluster; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
}

/// An object that controls another one of its namespace.
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
    /// `ConfigMap`, `Secret`, or both where the field takes either and the input has neither.
    pub kinds: Vec<&'static str>,
    /// The namespace that the reference means, as far as the input says it.
    pub namespace: Option<&'a str>,
    /// The name as written in the input.
    pub name: &'a str,
    /// The object of the input, by its position among the objects of the report; absent for what is outside.
    pub object: Option<usize>,
}

/// How a referrer uses an object, told by the field.
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
    /// Another field, of a custom resource for the most part.
    Field,
}

/// What became of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It names the version now.
    Rewritten,
    /// It keeps the name, and the input has the object under that name.
    Left,
    /// The object is not in the input: it must be in the cluster.
    External,
    /// The object is not in the input, and the input has one of nearly that name, or no such key.
    Dangling,
}

/// Every reference, in the order of the input.
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
    let relation = |(index, reference): (ReferenceIndex, &'a Reference<'_>)| {
        let object = &inventory.objects[reference.object];
        let place = stream.source.locate(reference.site.span.start);
        let (path, detail) = read.places.get(&index).cloned().unwrap_or_default();
        let link = decisions.link(index, links);
        Relation {
            how: how(&path),
            detail,
            from: From {
                kind: shown::kind(&object.id.kind),
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
            state: state(decisions, link, dangling.contains(&reference.site.span.start)),
            optional: reference.optional,
        }
    };
    inventory.collected.references.indexed().map(relation).collect()
}

fn to<'a>(inventory: &'a Inventory<'_>, reference: &'a Reference<'_>, link: Option<&Link>) -> To<'a> {
    let target = link.and_then(|link| link.targets().first()).copied();
    let kinds: Vec<TargetKind> = match target {
        Some(target) => vec![inventory.targets[target].kind],
        None => reference.kinds.iter().collect(),
    };
    let own = inventory.objects[reference.object].id.shown_namespace();
    To {
        kinds: kinds.into_iter().map(TargetKind::as_str).collect(),
        namespace: match &reference.namespace {
            InNamespace::Own => own,
            InNamespace::Any => None,
            InNamespace::Given(namespace) => Some(shown::name(namespace)),
        },
        name: shown::name(&reference.name),
        object: target.map(crate::kube::arena::ArenaIndex::position),
    }
}

fn state(decisions: &Decisions, link: &Link, dangling: bool) -> State {
    let mut targets = link.targets().iter();
    match link {
        _ if dangling => State::Dangling,
        Link::Outside => State::External,
        _ if targets.any(|target| decisions.of_targets[*target].renames()) => State::Rewritten,
        _ => State::Left,
    }
}

/// Where findings say that a reference leads nowhere, as offsets.
fn dangling(findings: &[Diagnostic]) -> HashSet<u32> {
    let codes = [Code::NearMiss, Code::StaleReference, Code::MissingKey];
    let found = findings.iter().filter(|finding| codes.contains(&finding.code) && finding.previous.is_none());
    found.filter_map(|finding| finding.labels.first()).map(|label| label.span.start).collect()
}

/// What is read again of objects that refer to others.
#[derive(Default)]
struct Read {
    /// The path of each reference within its object, and what its pod calls it.
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

/// The object that controls this one.
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
