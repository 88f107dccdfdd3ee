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

/// Returns the reason why the Secrets that an object names are written by a controller: cert-manager writes those of an
/// annotated Ingress or Gateway.
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
