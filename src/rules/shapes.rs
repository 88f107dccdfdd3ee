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

/// Returns the kinds that the name of a command line flag or an environment variable refers to:
/// `--tcp-services-configmap`, `CONFIG_MAP_NAME`, `METALLB_ML_SECRET_NAME`.
pub fn flag(name: &str) -> Kinds {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // This flag of ingress-nginx takes a Secret, although its name does not show it.
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

/// Returns the kinds that the plain value of an environment variable names. The value of `CLIENT_SECRET` is itself a
/// secret.
pub fn variable(name: &str) -> Kinds {
    // The Redis source of Knative reads these objects, although the variables' names do not show it.
    match name {
        "CONFIG_REDIS_NUMCONSUMERS" => return Kinds::CONFIG_MAP,
        "SECRET_TLS_TLSCERTIFICATE" => return Kinds::SECRET,
        _ => {}
    }
    let kinds = flag(name);
    let holds_name = name.to_ascii_uppercase().ends_with("NAME");
    // A webhook configuration is a kind of object, and not a ConfigMap.
    let config = name.starts_with("CONFIG_") || (name.ends_with("_CONFIG_NAME") && !name.contains("WEBHOOK"));
    if kinds == Kinds::NONE && config && holds_name {
        return Kinds::CONFIG_MAP;
    }
    if kinds == Kinds::SECRET && !holds_name { Kinds::NONE } else { kinds }
}

/// True for the field `key` of an ExternalSecret under `remoteRef` or `extract`: the name of a Secret, if its store is a cluster.
pub fn is_remote_key(holder: &str, key: &str) -> bool {
    key == "key" && matches!(holder, "remoteRef" | "extract")
}

/// True if the name of a flag or variable says that the program writes the object: `--state-configmap`, `LOCK_CONFIGMAP_NAME`.
pub fn is_written(name: &str) -> bool {
    const WORDS: [&str; 11] = [
        "state",
        "status",
        "lock",
        "lease",
        "leader",
        "election",
        "output",
        "target",
        "write",
        "create",
        "generated",
    ];
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
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

    #[test]
    fn flags_and_variables_speak_of_their_kind() {
        assert_eq!(flag("tcp-services-configmap"), Kinds::CONFIG_MAP);
        assert_eq!(flag("webhook-secret-name"), Kinds::SECRET);
        assert!(
            is_written("--state-configmap") && is_written("LOCK_CONFIGMAP_NAME") && !is_written("statement")
        );
        assert_eq!(variable("CONFIG_MAP_NAME"), Kinds::CONFIG_MAP);
        assert_eq!(variable("SPRING_CLOUD_KUBERNETES_CONFIG_NAME"), Kinds::CONFIG_MAP);
        assert_eq!(variable("METALLB_ML_SECRET_NAME"), Kinds::SECRET);
        assert_eq!(variable("INJECTION_WEBHOOK_CONFIG_NAME"), Kinds::NONE);
        assert_eq!(variable("CLIENT_SECRET"), Kinds::NONE);
        assert_eq!(flag("port"), Kinds::NONE);
    }
}
