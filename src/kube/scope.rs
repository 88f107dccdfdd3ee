//! Properties of an object's kind and annotations that affect all its references: whether the object has a namespace,
//! and whether a controller writes the Secrets that it names.
//!
//! Must not look at the fields with the references.

use super::object::View;

/// True for kinds whose objects have no namespace. Such an object refers to objects in the namespace that it states, or
/// in the namespace that its controller uses.
pub(crate) fn is_cluster_scoped(kind: &str) -> bool {
    let listed = [
        "APIService",
        "GatewayClass",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "PersistentVolume",
        "ProviderConfig",
        "StorageClass",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeSnapshotClass",
    ];
    (kind.starts_with("Cluster") && kind != "Cluster") || listed.contains(&kind)
}

/// Returns the reason why the Secrets that an object names are written by a controller: cert-manager and Gardener write
/// those of an annotated Ingress or Gateway.
pub(crate) fn written_by(view: &View<'_, '_>, group: &str, kind: &str) -> Option<&'static str> {
    let routes = matches!(group, "networking.k8s.io" | "extensions" | "gateway.networking.k8s.io");
    if !routes || !matches!(kind, "Ingress" | "Gateway") {
        return None;
    }
    if view.annotation("cert.gardener.cloud/purpose") == Some("managed") {
        return Some("Gardener writes it for an Ingress or Gateway in the input");
    }
    let annotated = CERT_MANAGER.iter().any(|key| view.annotation(key).is_some());
    annotated.then_some("cert-manager writes it for an Ingress or Gateway in the input")
}

/// Annotations by which cert-manager, before and since version 0.11, writes the Secrets of an Ingress or Gateway.
const CERT_MANAGER: [&str; 5] = [
    "cert-manager.io/issuer",
    "cert-manager.io/cluster-issuer",
    "kubernetes.io/tls-acme",
    "certmanager.k8s.io/issuer",
    "certmanager.k8s.io/cluster-issuer",
];
