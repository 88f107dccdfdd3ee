//! The orders in which deployers apply kinds of objects.

use super::release::Member;
use std::sync::Arc;

/// The order of kinds in Helm and Argo CD. Kinds that are not listed come last.
const INSTALL: [&str; 33] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// The kinds that Flux applies, and waits for, before anything else.
const FLUX_FIRST: [&str; 3] = ["CustomResourceDefinition", "Namespace", "ClusterRole"];

/// Returns the position of a kind in the order of Helm and Argo CD. Kinds that are not listed come last, by name.
pub(super) fn rank(kind: &str) -> (usize, &str) {
    match INSTALL.iter().position(|known| *known == kind) {
        Some(at) => (at, ""),
        None => (INSTALL.len(), kind),
    }
}

/// Returns objects in the order of Helm.
pub(super) fn sorted(mut members: Vec<&Arc<Member>>) -> Vec<&Arc<Member>> {
    members.sort_by(|a, b| rank(&a.id.kind).cmp(&rank(&b.id.kind)));
    members
}

/// Returns the stage in which Flux applies an object. Each stage is complete before the next begins.
pub(super) fn flux_stage(member: &Member) -> u8 {
    let kind = member.id.kind.as_str();
    match kind {
        _ if FLUX_FIRST.contains(&kind) => 0,
        _ if kind.ends_with("Class") => 1,
        _ => 2,
    }
}

/// True if kapp applies the object first: the kinds up to `RoleBinding` in Helm's order, such as configuration, storage
/// and RBAC.
pub(super) fn kapp_first(member: &Member) -> bool {
    let (at, _) = rank(&member.id.kind);
    at <= rank("RoleBinding").0
}
