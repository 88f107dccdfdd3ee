//! Structural shapes: what the name of a key says about its value, for every kind of object, known or unknown.
//!
//! In the schemas of 851 public custom resource kinds that refer to ConfigMaps and Secrets, these shapes find more than
//! nine in ten references. Contains pure functions over names; the walk decides which values to look at.

use super::table::Kinds;

/// How certain it is that a place uses an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The place is always a reference.
    Strong,
    /// The place is often a reference and sometimes a literal. It is rewritten if it equals a name, but does not prove
    /// that the object is used.
    Weak,
    /// The place grants access by name. It is rewritten, and suggests that a program looks the object up by that name.
    Grant,
}

/// Returns the kinds that `{name: ...}` under this key names: `secretKeyRef`, `configMap`, `passwordSecretRef`,
/// `tls_secret`. A plural key, such as `imagePullSecrets`, refers to the items of a list.
pub fn holder(key: &str) -> Kinds {
    let key = key.strip_suffix('s').unwrap_or(key);
    let key = ["KeySelector", "KeyReference", "KeyRef", "Selector", "Reference", "Ref", "_ref"]
        .iter()
        .find_map(|ending| key.strip_suffix(ending))
        .unwrap_or(key);
    ends_in_kind(key)
}

/// Returns the kinds that text under this key names, and how certain that is: always for `secretName` and
/// `configMapName`, often for other endings and bare kinds. Keys whose value is usually the secret itself name nothing.
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

/// Returns the kinds that the strings of a list under this key name.
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

/// True for the key of a list of names that an operator is likely to mount: `secrets`, `configMaps`, `mountedSecrets`.
pub fn are_mounted(key: &str) -> bool {
    matches!(key, "secrets" | "configMaps" | "configmaps") || key.contains("mount") || key.contains("Mount")
}

/// True for the field `key` of an ExternalSecret under `remoteRef` or `extract`: the name of a Secret, if its store is a cluster.
pub fn is_remote_key(holder: &str, key: &str) -> bool {
    key == "key" && matches!(holder, "remoteRef" | "extract")
}

/// True for a key whose value is a map of annotations, such as `podAnnotations` in the values of a chart.
pub fn are_annotations(key: &str) -> bool {
    key.ends_with("nnotations")
}

/// True for keys whose values contain no reference by shape: labels, selectors, bookkeeping and what the cluster
/// writes.
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

/// True for lists whose items have a `name` that is local to the pod.
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

/// True for fields that contain a path, an image, a kind, or the name of something else.
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

/// True for a list that contains a command line.
pub fn is_command_line(key: &str) -> bool {
    matches!(key, "args" | "command" | "extraArgs" | "arguments")
}

fn ends_in_kind(key: &str) -> Kinds {
    const SECRET: [&str; 2] = ["secret", "Secret"];
    const CONFIG_MAP: [&str; 6] =
        ["configMap", "ConfigMap", "configmap", "Configmap", "config_map", "config-map"];
    if !key.ends_with(['t', 'p']) {
        return Kinds::NONE;
    }
    if SECRET.iter().any(|ending| whole_word(key, ending)) {
        Kinds::SECRET
    } else if CONFIG_MAP.iter().any(|ending| whole_word(key, ending)) {
        Kinds::CONFIG_MAP
    } else {
        Kinds::NONE
    }
}

/// True if `key` is `ending`, or ends in it as a separate word: `tlsSecret`, `tls_secret`, but not `topsecret`.
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
}
