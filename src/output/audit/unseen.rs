//! Changes that running pods never see: they read a mutable object through environment variables or `subPath`.
//!
//! No finding if something else restarts the pods: a checksum in the template, or a controller.

use super::input::{Scene, is_immutable};
use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::{ObjectIndex, View};
use crate::links::resolve::Link;
use crate::survey::inventory::TargetIndex;
use crate::survey::references::ReferenceIndex;
use crate::survey::reread;
use crate::survey::standing::Reason;
use crate::yaml::NodeId;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Kinds whose pods run until they are replaced. A Job or CronJob reads the object again for each run.
const LONG_RUNNING: [&str; 8] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Pod",
    "DeploymentConfig",
    "Rollout",
];

/// Parts of the names of annotations that change with the content, or that make a controller restart the pods.
const ROLLED_BY: [&str; 6] =
    ["checksum", "hash", "sha256", "rollme", "reloader.stakater.com/", "wave.pusher.com/"];

/// How a container reads an object.
#[derive(Clone, Copy)]
enum Way {
    Environment,
    /// The index of the volume in the pod, 0-based.
    Volume(usize),
}

/// A reference to an object that can change.
type Read = (ReferenceIndex, TargetIndex, Way);

/// Returns one finding for each workload and object.
pub(super) fn findings(scene: &Scene<'_, '_>) -> Vec<Diagnostic> {
    let mut reads: BTreeMap<ObjectIndex, Vec<Read>> = BTreeMap::new();
    let inventory = scene.input.inventory;
    for ((index, reference), relation) in inventory.collected.references.indexed().zip(scene.relations) {
        let Some(way) = way(&relation.from.path) else { continue };
        let long = LONG_RUNNING.contains(&inventory.objects.at(reference.object).id.kind);
        let link = &scene.input.links.of_references[index];
        let targets = link.targets().iter().filter(|_| long && !matches!(link, Link::Ambiguous(_)));
        if let Some(target) = targets.copied().find(|target| can_change(scene, *target)) {
            reads.entry(reference.object).or_default().push((index, target, way));
        }
    }
    let wanted: BTreeSet<ObjectIndex> = reads.keys().copied().collect();
    let mut found = Vec::new();
    reread::each(scene.input.stream, inventory, &wanted, &mut |object, view| {
        let Some(pods) = Pods::of(view).filter(|pods| !pods.are_rolled(view)) else { return };
        let (volumes, mut told) = (pods.volumes(view), HashSet::new());
        for (index, target, way) in reads.get(&object).into_iter().flatten() {
            if volumes.hide(*way) && told.insert(*target) {
                found.push(finding(scene, *index, *target, *way));
            }
        }
    });
    found
}

/// Returns how a field of a pod reads the object that it names; `None` if changes may arrive.
fn way(path: &str) -> Option<Way> {
    let in_container = path.contains("ontainers[");
    // A value is only a name for the program: it may well follow the object.
    let in_variable = path.contains(".env[") && path.contains("].valueFrom.");
    if in_container && (in_variable || path.contains(".envFrom[")) {
        return Some(Way::Environment);
    }
    let (_, volume) = path.split_once("spec.volumes[").filter(|_| !in_container)?;
    Some(Way::Volume(volume.split(']').next()?.parse().ok()?))
}

/// True for an object that keeps its name when its content changes, unless the filter stamps its users with a checksum.
fn can_change(scene: &Scene<'_, '_>, target: TargetIndex) -> bool {
    let of = &scene.input.inventory.targets[target];
    let stamped = matches!(scene.input.decisions.of_targets[target], Decision::Leave(reason)
        if reason == Reason::Checksum || scene.input.options.checksum_left_alone)
        && scene.profile == super::criteria::Profile::Stream;
    !is_immutable(of) && !stamped && !scene.is_versioned(target)
}

fn finding(scene: &Scene<'_, '_>, index: ReferenceIndex, target: TargetIndex, way: Way) -> Diagnostic {
    let inventory = scene.input.inventory;
    let reference = inventory.collected.references.at(index);
    let (reader, target) = (inventory.objects.at(reference.object), &inventory.targets[target]);
    let how = match way {
        Way::Environment => "through environment variables",
        Way::Volume(_) => "through a mount with `subPath`",
    };
    let read = inventory.object(target).id;
    let message = format!("{} reads {read} {how}: its running pods never see a change of it", reader.id);
    Diagnostic::new(Code::UpdateNeverSeen, message)
        .in_document(reader.document)
        .at(reference.site.span, "read here")
        .at(target.name.span, "this object can change under its name")
        .help("have it named by its content, or annotate it with `immutably.dev/mode: checksum`, which rolls the pods when it changes")
}

/// The pod template of a workload, or a Pod itself.
struct Pods {
    template: NodeId,
    spec: NodeId,
}

impl Pods {
    /// Returns `None` for an object without pods, and for one with an owner: the audit looks at the owner itself.
    fn of(view: &View<'_, '_>) -> Option<Pods> {
        let tree = view.tree;
        let owners = view.meta("ownerReferences").map(|node| tree.deref(node));
        if owners.is_some_and(|owners| tree.children(owners).next().is_some()) {
            return None;
        }
        let spec = tree.deref(view.field("spec")?);
        let template = tree.get(spec, "template").map(|template| tree.deref(template));
        match template {
            Some(template) => Some(Pods { template, spec: tree.deref(tree.get(template, "spec")?) }),
            None => Some(Pods { template: view.root, spec }),
        }
    }

    /// True if an annotation of the pods or of the workload causes a restart after a change.
    fn are_rolled(&self, view: &View<'_, '_>) -> bool {
        let tree = view.tree;
        [self.template, view.root].into_iter().any(|node| {
            let metadata = tree.get(node, "metadata").map(|metadata| tree.deref(metadata));
            let annotations = metadata.and_then(|metadata| tree.get(metadata, "annotations"));
            let mut found = false;
            let Some(annotations) = annotations.map(|annotations| tree.deref(annotations)) else {
                return false;
            };
            tree.each_field(annotations, &mut |key, _| {
                let name = tree.text(key).unwrap_or_default();
                found |= ROLLED_BY.iter().any(|mark| name.contains(mark));
            });
            found
        })
    }

    /// Returns the volumes, in order, and how they are mounted.
    fn volumes<'t>(&self, view: &View<'t, '_>) -> Volumes<'t> {
        let tree = view.tree;
        let items = |node: NodeId, field: &str| {
            let list = tree.get(node, field).map(|list| tree.deref(list));
            list.into_iter().flat_map(|list| tree.items(list)).map(|item| tree.deref(item))
        };
        let names = items(self.spec, "volumes").map(|volume| tree.text_of(volume, "name")).collect();
        let containers =
            ["containers", "initContainers"].into_iter().flat_map(|field| items(self.spec, field));
        let mounts = containers.flat_map(|container| items(container, "volumeMounts"));
        let is_part = |mount: &NodeId| {
            ["subPath", "subPathExpr"]
                .iter()
                .any(|field| tree.text_of(*mount, field).is_some_and(|path| !path.is_empty()))
        };
        let mounted_in_part =
            mounts.filter(is_part).filter_map(|mount| tree.text_of(mount, "name")).collect();
        Volumes { names, mounted_in_part }
    }
}

/// The volumes of a pod.
struct Volumes<'t> {
    /// Their names, in order.
    names: Vec<Option<&'t str>>,
    /// The names of those that some container mounts with a `subPath`.
    mounted_in_part: HashSet<&'t str>,
}

impl Volumes<'_> {
    /// True if pods never see a change of an object that they read in this way.
    fn hide(&self, way: Way) -> bool {
        let Way::Volume(number) = way else { return true };
        self.names.get(number).copied().flatten().is_some_and(|name| self.mounted_in_part.contains(name))
    }
}
