//! Fields that the API server does not allow to change, and what to do when a release changes one.
//!
//! Contains facts about the built-in API, from `Validate*Update`. Must not look at objects.

use super::{normal, quantity};
use serde_json::Value;

/// A field of a kind of object that must not change.
#[derive(Debug)]
pub struct Field {
    group: &'static str,
    kind: &'static str,
    path: &'static [&'static str],
    rule: Rule,
    help: &'static str,
}

/// The part of a field that must not change.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// The whole value.
    Whole,
    /// The whole value. An absent or empty field has this default.
    Default(&'static str),
    /// The whole value except for these fields.
    Except(&'static [&'static str]),
    /// The value, if the manifest states one. Without the field, the cluster keeps its value.
    Stated,
    /// A quantity that can grow but not shrink.
    Grows,
}

const RENAME: &str = "give it a new name, or delete it first";
const PODS_STOP: &str = "give it a new name, or delete it first; its pods stop until new ones start";
const ORPHAN: &str = "delete it first with `kubectl delete --cascade=orphan`, which keeps its pods";
const DATA: &str = "give it a new name; if you delete it instead, its data can be lost";
const ACCESS: &str = "delete it first; the access that it grants is missing until it exists again";
const SMALLER: &str = "keep the size: a claim can grow and not shrink";
const ADDRESS: &str = "leave the field out of the manifest, or delete the Service first";

/// A short constructor for the table.
const fn field(
    group: &'static str,
    kind: &'static str,
    path: &'static [&'static str],
    rule: Rule,
    help: &'static str,
) -> Field {
    Field { group, kind, path, rule, help }
}

const RBAC: &str = "rbac.authorization.k8s.io";
const STORAGE: &str = "storage.k8s.io";

const FIELDS: &[Field] = &[
    field("", "Secret", &["type"], Rule::Default("Opaque"), RENAME),
    // Tolerations can be added as well, but manifests rarely do that.
    field(
        "",
        "Pod",
        &["spec"],
        Rule::Except(&["containers[].image", "initContainers[].image", "activeDeadlineSeconds"]),
        PODS_STOP,
    ),
    field("", "Service", &["spec", "clusterIP"], Rule::Stated, ADDRESS),
    field(
        "",
        "PersistentVolumeClaim",
        &["spec"],
        Rule::Except(&["resources", "volumeAttributesClassName"]),
        DATA,
    ),
    field("", "PersistentVolumeClaim", &["spec", "resources", "requests", "storage"], Rule::Grows, SMALLER),
    field("", "PersistentVolume", &["spec"], Rule::Except(VOLUME), DATA),
    field("", "ResourceQuota", &["spec", "scopes"], Rule::Whole, RENAME),
    field("batch", "Job", &["spec", "template"], Rule::Whole, RENAME),
    field("batch", "Job", &["spec", "selector"], Rule::Whole, RENAME),
    field("batch", "Job", &["spec", "completionMode"], Rule::Default("NonIndexed"), RENAME),
    field("batch", "Job", &["spec", "podFailurePolicy"], Rule::Whole, RENAME),
    field("batch", "Job", &["spec", "successPolicy"], Rule::Whole, RENAME),
    field("batch", "Job", &["spec", "backoffLimitPerIndex"], Rule::Whole, RENAME),
    field("batch", "Job", &["spec", "managedBy"], Rule::Whole, RENAME),
    field("apps", "StatefulSet", &["spec"], Rule::Except(STATEFUL_SET), ORPHAN),
    field("apps", "Deployment", &["spec", "selector"], Rule::Whole, PODS_STOP),
    field("apps", "DaemonSet", &["spec", "selector"], Rule::Whole, PODS_STOP),
    field("apps", "ReplicaSet", &["spec", "selector"], Rule::Whole, PODS_STOP),
    field(RBAC, "RoleBinding", &["roleRef"], Rule::Whole, ACCESS),
    field(RBAC, "ClusterRoleBinding", &["roleRef"], Rule::Whole, ACCESS),
    field(STORAGE, "StorageClass", &["parameters"], Rule::Whole, RENAME),
    field(STORAGE, "StorageClass", &["provisioner"], Rule::Whole, RENAME),
    field(STORAGE, "StorageClass", &["reclaimPolicy"], Rule::Default("Delete"), RENAME),
    field(STORAGE, "StorageClass", &["volumeBindingMode"], Rule::Default("Immediate"), RENAME),
    field(STORAGE, "VolumeAttributesClass", &["parameters"], Rule::Whole, RENAME),
    field(STORAGE, "VolumeAttributesClass", &["driverName"], Rule::Whole, RENAME),
    field("scheduling.k8s.io", "PriorityClass", &["value"], Rule::Whole, RENAME),
    field(
        "scheduling.k8s.io",
        "PriorityClass",
        &["preemptionPolicy"],
        Rule::Default("PreemptLowerPriority"),
        RENAME,
    ),
    field(STORAGE, "CSIDriver", &["spec", "attachRequired"], Rule::Default("true"), RENAME),
    field("networking.k8s.io", "IngressClass", &["spec", "controller"], Rule::Whole, RENAME),
    field("discovery.k8s.io", "EndpointSlice", &["addressType"], Rule::Whole, RENAME),
    field("node.k8s.io", "RuntimeClass", &["handler"], Rule::Whole, RENAME),
    field("apiextensions.k8s.io", "CustomResourceDefinition", &["spec", "scope"], Rule::Whole, DATA),
];

/// Fields below one that must not change, with the value that the API server writes if they are absent. `[]` matches each
/// element of a list.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("PersistentVolumeClaim", "volumeMode", "Filesystem"),
    ("StatefulSet", "podManagementPolicy", "OrderedReady"),
    ("StatefulSet", "volumeClaimTemplates[].apiVersion", "v1"),
    ("StatefulSet", "volumeClaimTemplates[].kind", "PersistentVolumeClaim"),
    ("StatefulSet", "volumeClaimTemplates[].spec.volumeMode", "Filesystem"),
    ("RoleBinding", "apiGroup", RBAC),
    ("ClusterRoleBinding", "apiGroup", RBAC),
];

/// The fields of the `spec` of a StatefulSet that can change.
const STATEFUL_SET: &[&str] = &[
    "minReadySeconds",
    "ordinals",
    "persistentVolumeClaimRetentionPolicy",
    "replicas",
    "revisionHistoryLimit",
    "template",
    "updateStrategy",
];

/// The fields of the `spec` of a volume that can change. The others define where its data is.
const VOLUME: &[&str] = &[
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeAttributesClassName",
];

/// Returns the fields of this kind that must not change.
pub fn fields(group: &str, kind: &str) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| (field.group, field.kind) == (group, kind))
}

impl Field {
    /// Returns the path of the field.
    pub fn path(&self) -> &'static [&'static str] {
        self.path
    }

    pub(super) fn rule(&self) -> Rule {
        self.rule
    }

    /// Removes from the value of the field what can change, and what means the same if it is absent.
    pub fn normalize(&self, value: &mut Value) {
        match self.rule {
            Rule::Except(allowed) => allowed.iter().for_each(|path| normal::remove(value, path, &|_| true)),
            Rule::Default(default) if normal::is(value, default) => *value = Value::Null,
            _ => {}
        }
        for (_, path, default) in DEFAULTS.iter().filter(|(kind, ..)| *kind == self.kind) {
            normal::remove(value, path, &|value| normal::is(value, default));
        }
        normal::normalize(value);
    }

    /// Returns what to do when a release changes the field.
    pub fn help(&self) -> &'static str {
        self.help
    }

    /// True if the API server refuses to change the text at this place from `old` to `new`. Without text, they are
    /// `None`.
    pub fn forbids(&self, place: &str, old: Option<&str>, new: Option<&str>) -> bool {
        match self.rule {
            Rule::Whole | Rule::Default(_) => true,
            Rule::Stated => new.is_some(),
            Rule::Grows => quantity::shrinks(old, new),
            Rule::Except(allowed) => {
                let below = format!("{}.", self.path.join("."));
                let place = without_numbers(place.strip_prefix(&below).unwrap_or_default());
                !allowed.iter().any(|path| {
                    place
                        .strip_prefix(path)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                })
            }
        }
    }
}

/// Returns a path without indices: `containers[2].image` becomes `containers[].image`.
fn without_numbers(place: &str) -> String {
    place
        .chars()
        .fold((String::new(), false), |(mut text, inside), letter| {
            let inside = (inside || letter == '[') && letter != ']';
            if !inside || letter == '[' {
                text.push(letter);
            }
            (text, inside)
        })
        .0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(group: &str, kind: &str, text: &str) -> String {
        let mut value = serde_json::from_str(text).unwrap();
        fields(group, kind).next().unwrap().normalize(&mut value);
        value.to_string()
    }

    #[test]
    fn fields_that_can_change_are_left_out() {
        let text = r#"{"containers":[{"image":"a","name":"b"}],"activeDeadlineSeconds":1,"x":1}"#;
        assert_eq!(normal("", "Pod", text), r#"{"containers":[{"name":"b"}],"x":1}"#);
        assert_eq!(normal("", "Pod", "[1]"), "[1]");
    }

    #[test]
    fn what_the_api_server_adds_does_not_count() {
        let text = r#"{"podManagementPolicy":"OrderedReady","replicas":2,"volumeClaimTemplates":[{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"d"},"spec":{"volumeMode":"Filesystem"},"status":{}}]}"#;
        let rest = r#"{"volumeClaimTemplates":[{"metadata":{"name":"d"},"spec":{}}]}"#;
        assert_eq!(normal("apps", "StatefulSet", text), rest);
        let other = r#"{"podManagementPolicy":"Parallel"}"#;
        assert_eq!(normal("apps", "StatefulSet", other), other);
    }

    #[test]
    fn a_place_is_forbidden_unless_it_is_excepted() {
        let pod = fields("", "Pod").next().unwrap();
        let (old, new) = (Some("a"), Some("b"));
        assert!(!pod.forbids("spec.containers[0].image", old, new));
        assert!(pod.forbids("spec.containers[0].imagePullPolicy", old, new));
        assert!(pod.forbids("spec.nodeName", old, new));
        let service = fields("", "Service").next().unwrap();
        assert!(service.forbids("spec.clusterIP", old, new) && !service.forbids("spec.clusterIP", old, None));
    }
}
