//! The kinds that the server knows, with their resources.

/// A kind of object.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) plural: &'static str,
    pub(super) namespaced: bool,
}

const fn kind(group: &'static str, kind: &'static str, plural: &'static str, namespaced: bool) -> Kind {
    Kind { group, version: "v1", kind, plural, namespaced }
}

const fn policy(
    group: &'static str,
    version: &'static str,
    named: &'static str,
    plural: &'static str,
) -> Kind {
    Kind { group, version, kind: named, plural, namespaced: true }
}

const RBAC: &str = "rbac.authorization.k8s.io";

pub(super) static KINDS: [Kind; 35] = [
    kind("", "ConfigMap", "configmaps", true),
    kind("", "Endpoints", "endpoints", true),
    kind("", "Event", "events", true),
    kind("", "LimitRange", "limitranges", true),
    kind("", "Namespace", "namespaces", false),
    kind("", "PersistentVolume", "persistentvolumes", false),
    kind("", "PersistentVolumeClaim", "persistentvolumeclaims", true),
    kind("", "Pod", "pods", true),
    kind("", "ReplicationController", "replicationcontrollers", true),
    kind("", "ResourceQuota", "resourcequotas", true),
    kind("", "Secret", "secrets", true),
    kind("", "Service", "services", true),
    kind("", "ServiceAccount", "serviceaccounts", true),
    kind("apps", "ControllerRevision", "controllerrevisions", true),
    kind("apps", "DaemonSet", "daemonsets", true),
    kind("apps", "Deployment", "deployments", true),
    kind("apps", "ReplicaSet", "replicasets", true),
    kind("apps", "StatefulSet", "statefulsets", true),
    kind("batch", "CronJob", "cronjobs", true),
    kind("batch", "Job", "jobs", true),
    policy("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    // Used by the example chart.
    kind("example.com", "Backup", "backups", true),
    kind("networking.k8s.io", "Ingress", "ingresses", true),
    kind("networking.k8s.io", "IngressClass", "ingressclasses", false),
    kind("networking.k8s.io", "NetworkPolicy", "networkpolicies", true),
    policy("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    kind(RBAC, "ClusterRole", "clusterroles", false),
    kind(RBAC, "ClusterRoleBinding", "clusterrolebindings", false),
    kind(RBAC, "Role", "roles", true),
    kind(RBAC, "RoleBinding", "rolebindings", true),
    kind("scheduling.k8s.io", "PriorityClass", "priorityclasses", false),
    kind("storage.k8s.io", "StorageClass", "storageclasses", false),
    kind(
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        false,
    ),
    kind(
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        false,
    ),
    kind("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", false),
];

impl Kind {
    /// Returns `v1`, `apps/v1` and the like.
    pub(super) fn api_version(&self) -> String {
        match self.group {
            "" => self.version.to_owned(),
            group => format!("{group}/{}", self.version),
        }
    }
}

/// Returns the kind with this name.
pub(super) fn by_kind(kind: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|known| known.kind == kind)
}

/// Returns the kind with this resource.
pub(super) fn by_resource(group: &str, version: &str, plural: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|known| (known.group, known.version, known.plural) == (group, version, plural))
}
