//! Simulates controllers and kubelets, immediately after each write: rollouts, Jobs, Pods and their statuses.

use super::kinds;
use super::store::{Key, Store};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Brings every workload as far as it can get.
pub(super) fn settle(store: &mut Store) {
    let keys: Vec<Key> = store.keys().cloned().collect();
    for key in keys {
        match key.kind.kind {
            "Deployment" => deployment(store, &key),
            "StatefulSet" | "DaemonSet" => in_place(store, &key),
            "Job" => job(store, &key),
            "Pod" => pod(store, &key),
            "PersistentVolumeClaim" => status(store, &key, json!({"phase": "Bound"})),
            "Namespace" => status(store, &key, json!({"phase": "Active"})),
            "CustomResourceDefinition" => {
                let condition = |kind: &str| json!({"type": kind, "status": "True"});
                let conditions = [condition("NamesAccepted"), condition("Established")];
                status(store, &key, json!({"conditions": conditions}));
            }
            _ => {}
        }
    }
}

/// Returns the references of running templates to missing objects.
pub(super) fn dangling(store: &Store) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (key, template) in running(store) {
        let missing = references(template)
            .into_iter()
            .filter(|(kind, name)| !exists(store, &key.namespace, kind, name));
        found.extend(missing.map(|(kind, name)| format!("{}/{} -> {kind}/{name}", key.kind.kind, key.name)));
    }
    found
}

/// Returns every pod template, or Pod, that runs or from which a pod may start at any time.
fn running(store: &Store) -> Vec<(&Key, &Value)> {
    let replica_sets = store.list("ReplicaSet", "").filter(|(_, object)| object["spec"]["replicas"] != 0);
    let pods = store.list("Pod", "").filter(|(_, object)| object["status"]["phase"] != "Succeeded");
    let jobs = store.list("Job", "").filter(|(_, object)| object["status"]["succeeded"] != 1);
    let crons = store
        .list("CronJob", "")
        .map(|(key, object)| (key, &object["spec"]["jobTemplate"]["spec"]["template"]));
    replica_sets
        .map(|(key, object)| (key, &object["spec"]["template"]))
        .chain(pods)
        .chain(jobs.map(|(key, object)| (key, &object["spec"]["template"])))
        .chain(crons)
        .chain(store.running.iter().flat_map(|(key, templates)| templates.iter().map(move |one| (key, one))))
        .collect()
}

/// Creates a ReplicaSet for each template. Scales down the old ones once the pods of the new one are ready.
fn deployment(store: &mut Store, key: &Key) {
    let Some(mut object) = store.get(key).cloned() else { return };
    let replicas = object["spec"]["replicas"].as_u64().unwrap_or(1);
    let template = object["spec"]["template"].clone();
    let hash = hash(&template);
    let own = Key::new(
        kinds::by_kind("ReplicaSet").expect("it is known"),
        &key.namespace,
        &format!("{}-{hash}", key.name),
    );
    let ready = startable(store, &key.namespace, &template) && (!store.held || is_ready(store, &own));
    let owner = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": key.name,
        "uid": object["metadata"]["uid"], "controller": true});
    if store.get(&own).is_none() {
        let set = replica_set(&object, &template, &hash, &owner);
        store.put(&own, set);
    }
    let sets: Vec<Key> = store
        .list("ReplicaSet", &key.namespace)
        .filter(|(_, set)| owned(set, &owner))
        .map(|(key, _)| key.clone())
        .collect();
    for set in sets {
        let is_new = set == own;
        if is_new || ready {
            scale(store, &set, if is_new { replicas } else { 0 }, if is_new && ready { replicas } else { 0 });
        }
    }
    let available = if ready { replicas } else { 0 };
    object["status"] = json!({"observedGeneration": object["metadata"]["generation"], "replicas": replicas,
        "updatedReplicas": replicas, "readyReplicas": available, "availableReplicas": available,
        "unavailableReplicas": replicas - available, "conditions": [
            {"type": "Available", "status": if ready { "True" } else { "False" }},
            {"type": "Progressing", "status": "True", "reason": if ready { "NewReplicaSetAvailable" } else { "ReplicaSetUpdated" }}]});
    store.put(key, object);
}

fn owned(object: &Value, owner: &Value) -> bool {
    object["metadata"]["ownerReferences"][0]["uid"] == owner["uid"]
}

fn is_ready(store: &Store, key: &Key) -> bool {
    store.get(key).is_some_and(|set| set["status"]["readyReplicas"].as_u64().is_some_and(|ready| ready > 0))
}

fn replica_set(deployment: &Value, template: &Value, hash: &str, owner: &Value) -> Value {
    let mut template = template.clone();
    template["metadata"]["labels"]["pod-template-hash"] = json!(hash);
    json!({"metadata": {"labels": template["metadata"]["labels"], "ownerReferences": [owner]},
        "spec": {"replicas": 0, "selector": deployment["spec"]["selector"], "template": template}})
}

fn scale(store: &mut Store, key: &Key, replicas: u64, ready: u64) {
    let Some(mut set) = store.get(key).cloned() else { return };
    set["spec"]["replicas"] = json!(replicas);
    set["status"] = json!({"observedGeneration": set["metadata"]["generation"], "replicas": replicas, "readyReplicas": ready, "availableReplicas": ready});
    store.put(key, set);
}

/// Updates StatefulSets and DaemonSets: pods of the old template run until the new one is ready.
fn in_place(store: &mut Store, key: &Key) {
    let Some(mut object) = store.get(key).cloned() else { return };
    let template = object["spec"]["template"].clone();
    let already = store.running.get(key).is_some_and(|running| running[..] == [template.clone()]);
    let ready = startable(store, &key.namespace, &template) && (!store.held || already);
    let running = store.running.entry(key.clone()).or_default();
    if ready {
        running.clear();
    }
    if !running.contains(&template) {
        running.push(template.clone());
    }
    let replicas = object["spec"]["replicas"].as_u64().unwrap_or(1);
    let now = if ready { replicas } else { 0 };
    let revision = hash(&template);
    object["status"] = json!({"observedGeneration": object["metadata"]["generation"],
        "replicas": replicas, "readyReplicas": now, "currentReplicas": now, "updatedReplicas": replicas, "availableReplicas": now,
        "currentRevision": if ready { revision.clone() } else { "old".to_owned() }, "updateRevision": revision,
        "desiredNumberScheduled": 1, "currentNumberScheduled": 1, "updatedNumberScheduled": 1, "numberMisscheduled": 0,
        "numberReady": u64::from(ready), "numberAvailable": u64::from(ready)});
    store.put(key, object);
}

fn job(store: &mut Store, key: &Key) {
    let Some(mut object) = store.get(key).cloned() else { return };
    if object["status"]["succeeded"] == 1 {
        return;
    }
    let done = startable(store, &key.namespace, &object["spec"]["template"]);
    object["status"] = if done {
        json!({"succeeded": 1, "completionTime": "2026-11-25T08:00:01Z", "startTime": "2026-11-25T08:00:00Z",
            "conditions": [{"type": "Complete", "status": "True"}]})
    } else {
        json!({"active": 1, "startTime": "2026-11-25T08:00:00Z"})
    };
    store.put(key, object);
}

/// Starts a Pod. A Pod with `restartPolicy: Never` succeeds at once; any other one never stops after its start.
fn pod(store: &mut Store, key: &Key) {
    let Some(mut object) = store.get(key).cloned() else { return };
    if object["status"]["phase"].is_string() && object["status"]["phase"] != "Pending" {
        return;
    }
    let started = startable(store, &key.namespace, &object);
    let phase = match (started, object["spec"]["restartPolicy"] == "Never") {
        (false, _) => "Pending",
        (true, true) => "Succeeded",
        (true, false) => "Running",
    };
    object["status"] = json!({"phase": phase, "conditions": [{"type": "Ready", "status": if started { "True" } else { "False" }}]});
    store.put(key, object);
}

fn status(store: &mut Store, key: &Key, status: Value) {
    let Some(mut object) = store.get(key).cloned() else { return };
    object["status"] = status;
    store.put(key, object);
}

/// True if pods of this template can start: all objects that they refer to exist, and no image is `bad`.
fn startable(store: &Store, namespace: &str, template: &Value) -> bool {
    let spec = &template["spec"];
    let containers = ["containers", "initContainers"].into_iter().filter_map(|list| spec[list].as_array());
    let bad = containers.flatten().any(|container| container["image"] == "bad");
    !bad && references(template).iter().all(|(kind, name)| exists(store, namespace, kind, name))
}

fn exists(store: &Store, namespace: &str, kind: &str, name: &str) -> bool {
    kinds::by_kind(kind).is_some_and(|kind| store.get(&Key::new(kind, namespace, name)).is_some())
}

/// Returns the ConfigMaps and Secrets that a pod needs to start.
fn references(template: &Value) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    let mut open = vec![&template["spec"]];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                for (field, value) in fields {
                    let (kind, name) = match field.as_str() {
                        "configMapRef" | "configMapKeyRef" | "configMap" => ("ConfigMap", &value["name"]),
                        "secretRef" | "secretKeyRef" => ("Secret", &value["name"]),
                        "secret" if value["secretName"].is_string() => ("Secret", &value["secretName"]),
                        "secret" => ("Secret", &value["name"]),
                        _ => ("", &Value::Null),
                    };
                    if let Some(name) = name.as_str().filter(|_| value["optional"] != true) {
                        found.insert((kind, name.to_owned()));
                    }
                    open.push(value);
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// Returns a few characters that are the same for equal templates.
fn hash(template: &Value) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    template.to_string().hash(&mut hasher);
    format!("{:08x}", hasher.finish() & 0xffff_ffff)
}
