//! Structural shapes: what the name of a key says about its value, for every kind of object, known or not.
//!
//! Measured over the schemas of 851 public custom resource kinds that refer to ConfigMaps and Secrets, these shapes
//! find more than nine in ten of the places. Pure functions over names; which values are looked at is the walk's.

use super::table::Kinds;

/// How much a place says that an object is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// It is a reference at any place.
    Strong,
    /// Often a reference, sometimes a literal: rewritten when it equals a name, but no proof of use.
    Weak,
    /// It grants access by name: rewritten, and a sign that a program looks the object up by that name.
    Grant,
}

/// The kinds that `{name: ...}` under this key names: `secretKeyRef`, `configMap`, `passwordSecretRef`, `tls_secret`,
/// and in the plural the items of a list, `imagePullSecrets`.
pub fn holder(key: &str) -> Kinds {
    let key = key.strip_suffix('s').unwrap_or(key);
    let key = ["KeySelector", "KeyReference", "KeyRef", "Selector", "Reference", "Ref", "_ref"]
        .iter()
        .find_map(|ending| key.strip_suffix(ending))
        .unwrap_or(key);
    ends_in_kind(key)
}

/// The kinds that text under this key names, and how surely: `secretName` and `configMapName` always; other endings
/// and bare kinds often. Keys that usually hold the secret itself name nothing.
pub fn text(key: &str) -> Option<(Kinds, Strength)> {
    if !key.ends_with(['e', 't', 'p', 'f']) {
        return None;
    }
    let strength = match key {
        "secretName" | "configMapName" => Strength::Strong,
        "secret" | "clientSecret" | "sharedSecret" | "client_secret" | "shared_secret" => return None,
        _ => Strength::Weak,
    };
    let base =
        ["Name", "_name", "Ref", "_ref"].iter().find_map(|ending| key.strip_suffix(ending)).unwrap_or(key);
    match ends_in_kind(base) {
        Kinds::NONE => None,
        kinds => Some((kinds, strength)),
    }
}

/// The kinds that the strings of a list under this key name.
pub fn list(key: &str) -> Option<(Kinds, Strength)> {
    if key == "imagePullSecrets" {
        return Some((Kinds::SECRET, Strength::Strong));
    }
    let key = key.strip_suffix("Names").or_else(|| key.strip_suffix('s'))?;
    match ends_in_kind(key) {
        Kinds::NONE => None,
        kinds => Some((kinds, Strength::Weak)),
    }
}

/// The kinds that a command line flag or an environment variable says it names: `--tcp-services-configmap`,
/// `CONFIG_MAP_NAME`, `METALLB_ML_SECRET_NAME`.
pub fn flag(name: &str) -> Kinds {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // ingress-nginx takes a Secret here without saying so.
    if letters == "defaultsslcertificate" {
        return Kinds::SECRET;
    }
    match (letters.rfind("configmap"), letters.rfind("secret")) {
        (None, None) => Kinds::NONE,
        (Some(map), Some(secret)) if secret > map => Kinds::SECRET,
        (Some(_), _) => Kinds::CONFIG_MAP,
        (None, Some(_)) => Kinds::SECRET,
    }
}

/// The kinds that an environment variable's plain value names. `CLIENT_SECRET` holds a secret itself.
pub fn variable(name: &str) -> Kinds {
    // The Redis source of Knative takes these without saying so.
    match name {
        "CONFIG_REDIS_NUMCONSUMERS" => return Kinds::CONFIG_MAP,
        "SECRET_TLS_TLSCERTIFICATE" => return Kinds::SECRET,
        _ => {}
    }
    let kinds = flag(name);
    let holds_name = name.to_ascii_uppercase().ends_with("NAME");
    // Webhooks are configurations too, of a kind of their own.
    let config = name.starts_with("CONFIG_") || (name.ends_with("_CONFIG_NAME") && !name.contains("WEBHOOK"));
    if kinds == Kinds::NONE && config && holds_name {
        return Kinds::CONFIG_MAP;
    }
    if kinds == Kinds::SECRET && !holds_name { Kinds::NONE } else { kinds }
}

/// True for a key that holds annotations: `podAnnotations` in the values of a chart.
pub fn are_annotations(key: &str) -> bool {
    key.ends_with("nnotations")
}

/// Keys below which nothing names an object by shape: labels, selectors, bookkeeping and what the cluster writes.
pub fn is_aside(key: &str) -> bool {
    matches!(
        key,
        "labels"
            | "annotations"
            | "matchLabels"
            | "selector"
            | "nodeSelector"
            | "status"
            | "managedFields"
            | "ownerReferences"
            | "openAPIV3Schema"
    )
}

/// Lists whose items' `name` is a name within the pod.
pub fn is_pod_local(key: &str) -> bool {
    matches!(
        key,
        "containers"
            | "initContainers"
            | "ephemeralContainers"
            | "volumes"
            | "volumeMounts"
            | "volumeDevices"
            | "ports"
            | "env"
    )
}

/// Fields that hold a path, an image, a kind, or the name of something else.
pub fn is_other(key: &str) -> bool {
    matches!(
        key,
        "apiVersion"
            | "claimName"
            | "clusterName"
            | "container"
            | "containerName"
            | "fieldPath"
            | "generateName"
            | "host"
            | "hostname"
            | "image"
            | "key"
            | "kind"
            | "mountPath"
            | "namespace"
            | "path"
            | "port"
            | "property"
            | "serviceAccount"
            | "serviceAccountName"
            | "serviceName"
            | "storageClassName"
            | "subPath"
            | "subdomain"
            | "targetPort"
            | "volumeName"
    )
}

fn ends_in_kind(key: &str) -> Kinds {
    const SECRET: [&str; 2] = ["secret", "Secret"];
    const CONFIG_MAP: [&str; 6] =
        ["configMap", "ConfigMap", "configmap", "Configmap", "config_map", "config-map"];
    if SECRET.iter().any(|ending| whole_word(key, ending)) {
        Kinds::SECRET
    } else if CONFIG_MAP.iter().any(|ending| whole_word(key, ending)) {
        Kinds::CONFIG_MAP
    } else {
        Kinds::NONE
    }
}

/// True when `key` is `ending` or ends in it as a word of its own: `tlsSecret`, `tls_secret`, not `topsecret`.
fn whole_word(key: &str, ending: &str) -> bool {
    let Some(before) = key.strip_suffix(ending) else { return false };
    before.is_empty() || ending.starts_with(char::is_uppercase) || before.ends_with(['_', '-', '.', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_what_the_name_beneath_it_names() {
        for key in
            ["secretKeyRef", "secretRef", "secret", "tlsSecret", "passwordSecretRef", "db_secret", "secrets"]
        {
            assert_eq!(holder(key), Kinds::SECRET, "{key}");
        }
        for key in ["configMapKeyRef", "configMap", "rulesConfigMapSelector", "configMapRefs"] {
            assert_eq!(holder(key), Kinds::CONFIG_MAP, "{key}");
        }
        for key in ["service", "secretary", "topsecret", "writeConnectionSecretToRef", "containers"] {
            assert_eq!(holder(key), Kinds::NONE, "{key}");
        }
    }

    #[test]
    fn text_that_is_the_secret_itself_names_nothing() {
        assert_eq!(text("secretName"), Some((Kinds::SECRET, Strength::Strong)));
        assert_eq!(text("caSecretName"), Some((Kinds::SECRET, Strength::Weak)));
        assert_eq!(text("clientSecret"), None);
        assert_eq!(text("image"), None);
    }

    #[test]
    fn flags_and_variables_speak_of_their_kind() {
        assert_eq!(flag("tcp-services-configmap"), Kinds::CONFIG_MAP);
        assert_eq!(flag("webhook-secret-name"), Kinds::SECRET);
        assert_eq!(variable("CONFIG_MAP_NAME"), Kinds::CONFIG_MAP);
        assert_eq!(variable("SPRING_CLOUD_KUBERNETES_CONFIG_NAME"), Kinds::CONFIG_MAP);
        assert_eq!(variable("METALLB_ML_SECRET_NAME"), Kinds::SECRET);
        assert_eq!(variable("INJECTION_WEBHOOK_CONFIG_NAME"), Kinds::NONE);
        assert_eq!(variable("CLIENT_SECRET"), Kinds::NONE);
        assert_eq!(flag("port"), Kinds::NONE);
    }
}
