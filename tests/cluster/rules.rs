//! What the API server does to an object before it stores it, and which changes it refuses.

use super::store::Key;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// The most bytes in a Secret.
const LIMIT: usize = 1_048_576;

/// Turns an object into the form that the server stores: with defaults, and with `stringData` of a Secret merged into
/// `data`.
pub(super) fn stored(object: &mut Value) {
    let default = match object["kind"].as_str() {
        Some("Service") => Some(("clusterIP", json!("10.0.0.1"))),
        Some("Deployment" | "StatefulSet" | "ReplicaSet") => Some(("replicas", json!(1))),
        _ => None,
    };
    if let Some((field, value)) = default.filter(|(field, _)| object["spec"][field].is_null()) {
        object["spec"][field] = value;
    }
    if object["kind"] != "Secret" {
        return;
    }
    let fields = object.as_object_mut().expect("an object");
    if let Some(Value::Object(texts)) = fields.remove("stringData") {
        let data = fields.entry("data").or_insert_with(|| json!({}));
        for (name, text) in texts {
            data[name] = json!(BASE64_STANDARD.encode(text.as_str().unwrap_or_default()));
        }
    }
    fields.entry("type").or_insert_with(|| json!("Opaque"));
}

/// Checks a new object, or the change of an old one. Returns the problem as the error.
pub(super) fn check(key: &Key, old: Option<&Value>, new: &Value) -> Result<(), String> {
    if let Some(bad) = bad_port(key, new) {
        return Err(bad);
    }
    if let Some(size) = too_large(key, new) {
        return Err(format!("data: Too long: may not be more than {LIMIT} bytes: {size}"));
    }
    let Some(old) = old else { return Ok(()) };
    let fixed = |path: &str| old.pointer(path) != new.pointer(path);
    let refuse =
        |path: &str, why: &str| Err(format!("{}: {why}", path.trim_start_matches('/').replace('/', ".")));
    for path in immutable_fields(key.kind.kind) {
        if fixed(path) {
            return refuse(path, "field is immutable");
        }
    }
    match key.kind.kind {
        "ConfigMap" | "Secret" if old["immutable"] == true => {
            let content = ["/data", "/binaryData", "/immutable"];
            let changed = content.into_iter().find(|path| fixed(path));
            changed.map_or(Ok(()), |path| refuse(path, "field is immutable when `immutable` is set"))
        }
        "Pod" if pod(&old["spec"]) != pod(&new["spec"]) => {
            Err("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`".to_owned())
        }
        "StatefulSet" if stateful_set(&old["spec"]) != stateful_set(&new["spec"]) => {
            Err("spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' are forbidden".to_owned())
        }
        _ => Ok(()),
    }
}

/// Returns the size of a Secret in bytes if it exceeds the limit.
fn too_large(key: &Key, new: &Value) -> Option<usize> {
    let data = new["data"].as_object().filter(|_| key.kind.kind == "Secret")?;
    let size = data.values().filter_map(Value::as_str).map(|text| text.len() / 4 * 3).sum();
    (size > LIMIT).then_some(size)
}

fn immutable_fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "Job" => &["/spec/template", "/spec/selector", "/spec/completions"],
        "Deployment" | "DaemonSet" | "ReplicaSet" => &["/spec/selector"],
        "Secret" => &["/type"],
        "StorageClass" => &["/parameters", "/provisioner", "/reclaimPolicy"],
        "PersistentVolume" => &["/spec/csi", "/spec/cephfs", "/spec/rbd", "/spec/nfs", "/spec/azureFile"],
        "RoleBinding" | "ClusterRoleBinding" => &["/roleRef"],
        _ => &[],
    }
}

/// Returns the fields of a pod that cannot change: all except images.
fn pod(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for list in ["containers", "initContainers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            container["image"] = Value::Null;
        }
    }
    spec
}

fn stateful_set(spec: &Value) -> Value {
    let mut spec = spec.clone();
    if let Some(fields) = spec.as_object_mut() {
        for free in ["replicas", "template", "updateStrategy", "minReadySeconds", "ordinals"] {
            fields.remove(free);
        }
    }
    spec
}

fn bad_port(key: &Key, new: &Value) -> Option<String> {
    let ports = new["spec"]["ports"].as_array().filter(|_| key.kind.kind == "Service")?;
    let bad = |port: &Value| port["port"].as_u64().is_none_or(|port| port == 0 || port > 65535);
    let at = ports.iter().position(bad)?;
    Some(format!("spec.ports[{at}].port: Invalid value: must be between 1 and 65535, inclusive"))
}
