//! What an object's kind and annotations say of all its references: whether it has a namespace, and whether a
//! controller writes what it names.
//!
//! Must not look at the fields that hold the references.

use super::object::View;

/// Kinds whose objects have no namespace of their own: what they name is in the namespace that they say, or wherever
/// their controller looks.
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

/// cert-manager writes the Secrets that an annotated Ingress or Gateway names.
pub(crate) fn written_by(view: &View<'_, '_>, group: &str, kind: &str) -> Option<&'static str> {
    let routes = matches!(group, "networking.k8s.io" | "extensions" | "gateway.networking.k8s.io");
    let annotated = || {
        ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme"]
            .iter()
            .any(|key| view.annotation(key).is_some())
    };
    let written = routes && matches!(kind, "Ingress" | "Gateway") && annotated();
    written.then_some("cert-manager writes it for an Ingress or Gateway in the input")
}
