//! Words that name kinds of objects, alone or at the end of a key.

use super::said::Noun;
use std::ops::Range;

/// The length in bytes of the longest key that is interpreted.
const LONGEST: usize = 128;
/// Endings that mean "the name of": `secretName`, `configMapRef`.
const OF_A_NAME: [&str; 8] = ["names", "name", "id", "refs", "ref", "references", "reference", "selector"];
/// Endings of keys that refer to something other than a ConfigMap or Secret.
const OTHERS: [&str; 29] = [
    "host",
    "hostname",
    "hosts",
    "database",
    "databases",
    "dbname",
    "db",
    "schema",
    "user",
    "users",
    "username",
    "service",
    "services",
    "serviceaccount",
    "svc",
    "container",
    "containers",
    "claim",
    "volume",
    "image",
    "namespace",
    "node",
    "deployment",
    "statefulset",
    "daemonset",
    "ingress",
    "bucket",
    "topic",
    "queue",
];
/// What `key` follows in a word for a key within an object. Any other word of this ending, such as `sshKey` or
/// `licenseKey`, may name the Secret that holds a key.
const HAVE_KEYS: [&str; 8] =
    ["secret", "configmap", "data", "remote", "property", "label", "annotation", "topology"];

/// Returns the kind that this word means to kubectl and to programs that wait for objects.
pub fn resource(word: &str) -> Option<Noun> {
    target(word).or_else(|| other_resource(word))
}

/// False if no word for a ConfigMap or Secret ends in these two bytes.
pub fn may_end_kind(end: [u8; 2]) -> bool {
    matches!(&end, b"cm" | b"ap" | b"ps" | b"et" | b"ts" | b"ET")
}

fn target(word: &str) -> Option<Noun> {
    Some(match word {
        "configmap" | "configmaps" | "cm" | "ConfigMap" | "ConfigMaps" | "configMap" | "configMaps" => {
            Noun::ConfigMap
        }
        "secret" | "secrets" | "Secret" | "Secrets" | "SECRET" => Noun::Secret,
        _ => return None,
    })
}

fn other_resource(word: &str) -> Option<Noun> {
    Some(match word {
        "job" | "jobs" | "job.batch" | "jobs.batch" | "job.v1.batch" | "jobs.v1.batch" => Noun::Job,
        // Forms of k8s-wait-for, which treat failures differently.
        "job-wr" | "job-we" => Noun::Job,
        "pod" | "pods" | "pod-wr" | "pod-we" => Noun::Pod,
        "service"
        | "services"
        | "svc"
        | "deployment"
        | "deployments"
        | "deployment.apps"
        | "deploy"
        | "statefulset"
        | "statefulsets"
        | "statefulset.apps"
        | "sts"
        | "daemonset"
        | "daemonsets"
        | "ds"
        | "replicaset"
        | "replicasets"
        | "rs"
        | "ingress"
        | "ingresses"
        | "ing"
        | "cronjob"
        | "cronjobs"
        | "cj"
        | "pvc"
        | "persistentvolumeclaim"
        | "persistentvolumeclaims"
        | "serviceaccount"
        | "serviceaccounts"
        | "sa"
        | "namespace"
        | "namespaces"
        | "ns"
        | "node"
        | "nodes"
        | "crd"
        | "endpoints"
        | "Service"
        | "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "CronJob"
        | "Ingress"
        | "ServiceAccount"
        | "PersistentVolumeClaim" => Noun::Other,
        _ => return None,
    })
}

/// Returns the kind that a field or variable of this name refers to: `tlsSecret`, `CONFIG_MAP_NAME`, `credentials`. For
/// something else, such as `MYSQL_DATABASE`, this is [`Noun::Other`].
pub fn field(key: &str) -> Option<Noun> {
    // Spring Cloud Kubernetes reads a ConfigMap, although its keys do not say `configmap`.
    if SPRING.iter().any(|ending| key.ends_with(ending)) {
        return Some(Noun::ConfigMap);
    }
    let mut segments = key.rsplit(['.', '/']);
    let last = segments.next().filter(|last| !(*last == "key" && key.contains('/'))).and_then(segment);
    // `spark.kubernetes.driver.secretKeyRef.PASSWORD`
    let before = segments.next().and_then(segment).filter(|noun| *noun != Noun::Other);
    last.filter(|noun| *noun != Noun::Other).or(before).or(last)
}

/// Endings of the keys under which Spring Cloud Kubernetes has the names of ConfigMaps.
const SPRING: [&str; 3] = ["kubernetes.config", "kubernetes.config.name", "kubernetes.config.sources"];

/// Returns the byte ranges of the names that may follow a kind in a dotted key: `spark.kubernetes.driver.secrets.web`.
/// The name may be the rest of the key, or only its next part.
pub fn in_key(word: &str) -> impl Iterator<Item = (Range<usize>, Noun)> + '_ {
    let mut before = 0;
    let ends = word.bytes().enumerate().filter(|(_, byte)| *byte == b'.').map(|(at, _)| at);
    let named = ends.filter_map(move |at| {
        let noun = target(word.get(std::mem::replace(&mut before, at + 1)..at)?)?;
        Some((at + 1, noun))
    });
    named.take(MOST_IN_KEY).flat_map(|(start, noun)| {
        let rest = &word[start..];
        let part = rest.find('.').map(|length| (start..start + length, noun));
        part.into_iter().chain([(start..word.len(), noun)])
    })
}

/// The maximum number of kinds that are considered in one dotted key.
const MOST_IN_KEY: usize = 4;

/// True for a label that the Job controller puts on the pods of a Job, with the Job's name as its value.
pub fn is_selecting_label(key: &str) -> bool {
    matches!(key, "job-name" | "batch.kubernetes.io/job-name" | "job_name")
}

fn segment(key: &str) -> Option<Noun> {
    if key.is_empty() || key.len() > LONGEST {
        return None;
    }
    if is_selecting_label(key) {
        return Some(Noun::Job);
    }
    let letters: String =
        key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let (base, named) = without_endings(&letters);
    let base = if named { base.strip_suffix("key").unwrap_or(base) } else { base };
    let secret = ["secret", "secrets", "credential", "credentials", "regcred"];
    if secret.iter().any(|ending| base.ends_with(ending)) {
        return Some(Noun::Secret);
    }
    let short = base == "cm" || key.ends_with("Cm") || key.ends_with("-cm") || key.ends_with("_cm");
    if short || base.ends_with("configmap") || base.ends_with("configmaps") {
        return Some(Noun::ConfigMap);
    }
    let other = OTHERS.iter().any(|ending| base.ends_with(ending) || letters.ends_with(ending));
    (other || is_key(base) || is_key(&letters)).then_some(Noun::Other)
}

/// True for `key` and, for example, `secretkey`: a key within an object.
fn is_key(letters: &str) -> bool {
    let holder = letters.strip_suffix("key");
    holder.is_some_and(|holder| holder.is_empty() || HAVE_KEYS.iter().any(|word| holder.ends_with(word)))
}

/// Strips endings such as `Name` and `Ref`. The second value is true if there was one.
fn without_endings(letters: &str) -> (&str, bool) {
    let mut base = letters;
    while let Some(shorter) = OF_A_NAME.iter().find_map(|ending| base.strip_suffix(ending)) {
        base = shorter;
    }
    (base, base.len() < letters.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_what_they_name() {
        for key in [
            "secret",
            "secretName",
            "existingSecret",
            "KUBE_SECRET",
            "secretKeyRef",
            "imagePullSecrets",
            "credentials",
            "tls-secret-name",
            "spark.kubernetes.driver.secretKeyRef.PASSWORD",
        ] {
            assert_eq!(field(key), Some(Noun::Secret), "{key}");
        }
        for key in ["configMap", "CONFIG_MAP_NAME", "config_map", "rulesConfigMapRef", "cm", "extraCm"] {
            assert_eq!(field(key), Some(Noun::ConfigMap), "{key}");
        }
        for key in
            ["MYSQL_DATABASE", "DB_USER", "PGHOST", "DB_NAME", "OTEL_SERVICE_NAME", "secretKey", "username"]
        {
            assert_eq!(field(key), Some(Noun::Other), "{key}");
        }
        // What holds a key is an object, most often a Secret.
        for key in ["sshKey", "licenseKey", "ENCRYPTION_KEY", "team.example.com/key", "private-key"] {
            assert_eq!(field(key), None, "{key}");
        }
        for key in ["key", "SECRET_KEY", "dataKey", "remoteKey", "config-map-key"] {
            assert_eq!(field(key), Some(Noun::Other), "{key}");
        }
        for key in ["", "name", "config", "value", "URL", "job"] {
            assert_eq!(field(key), None, "{key}");
        }
    }

    #[test]
    fn names_stand_in_dotted_keys() {
        let key = "spark.kubernetes.driver.secrets.web.db";
        let found: Vec<_> = in_key(key).map(|(part, noun)| (&key[part], noun)).collect();
        assert_eq!(found, [("web", Noun::Secret), ("web.db", Noun::Secret)]);
    }
}
