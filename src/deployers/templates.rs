//! The pod template of an object, and how its pods follow it; classes whose references are copied into volumes.
//!
//! Contains facts about the built-in API. Must not decide about updates.

use super::fixed::at;
use super::release::Rolls;
use crate::kube::object::View;
use crate::text::source::Span;
use crate::yaml::NodeId;

/// The classes whose references to Secrets are copied into each volume or snapshot, and stay there as long as it
/// exists.
const COPIED_FOR_LIFE: [(&str, &str); 3] = [
    ("storage.k8s.io", "StorageClass"),
    ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
    ("groupsnapshot.storage.k8s.io", "VolumeGroupSnapshotClass"),
];

/// True for a class whose references are copied into the objects created from it.
pub(super) fn is_class(group: &str, kind: &str) -> bool {
    COPIED_FOR_LIFE.contains(&(group, kind))
}

/// Returns the pod template of an object, and how its pods follow it. A custom resource with a template counts as
/// rolling.
pub(super) fn template(view: &View<'_, '_>, kind: &str) -> Option<(NodeId, Rolls)> {
    let path: &[&str] = match kind {
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => &["spec", "template"],
    };
    let node = at(view, path)?;
    let spec = if kind == "Pod" { node } else { view.tree.deref(view.tree.get(node, "spec")?) };
    view.tree.get(spec, "containers")?;
    Some((node, rolls(view, kind)))
}

/// Returns the pod spec in a template.
pub(super) fn pod_spec(view: &View<'_, '_>, kind: &str, template: NodeId) -> NodeId {
    let spec = view.tree.get(template, "spec").filter(|_| kind != "Pod");
    spec.map_or(template, |spec| view.tree.deref(spec))
}

/// The places of a pod spec that the kubelet has to read before it starts a container, in order: volumes, and variables
/// whose values come from an object. It neither looks into arguments and texts, nor waits for a pull secret.
pub(super) fn waited_for(view: &View<'_, '_>, spec: NodeId) -> Vec<Span> {
    let tree = view.tree;
    let mut places: Vec<NodeId> = tree.get(spec, "volumes").into_iter().collect();
    let lists = ["initContainers", "containers"].into_iter().filter_map(|list| tree.get(spec, list));
    for container in lists.flat_map(|list| tree.items(tree.deref(list))) {
        let container = tree.deref(container);
        places.extend(tree.get(container, "envFrom"));
        let variables = tree.get(container, "env").into_iter().flat_map(|env| tree.items(tree.deref(env)));
        places.extend(variables.filter_map(|variable| tree.get(tree.deref(variable), "valueFrom")));
    }
    let mut spans: Vec<Span> = places.into_iter().map(|place| tree.node(place).span).collect();
    spans.sort_unstable_by_key(|span| span.start);
    spans
}

fn rolls(view: &View<'_, '_>, kind: &str) -> Rolls {
    match kind {
        "Pod" => Rolls::Itself,
        "Job" => Rolls::Once,
        "ReplicaSet" | "ReplicationController" => Rolls::Slowly,
        _ if is_held_back(view) => Rolls::Slowly,
        _ => Rolls::Rolling,
    }
}

/// True if the update strategy leaves old pods running.
fn is_held_back(view: &View<'_, '_>) -> bool {
    let text = |path: &[&str]| at(view, path).and_then(|node| view.tree.text(node));
    let partition = text(&["spec", "updateStrategy", "rollingUpdate", "partition"]);
    text(&["spec", "updateStrategy", "type"]).is_some_and(|kind| kind == "OnDelete")
        || partition.is_some_and(|partition| partition != "0")
}
