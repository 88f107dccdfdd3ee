//! A stand-in for the filter: it makes the streams that were deployed when the real deployers were observed. The filter
//! may change, but the behaviour of the deployers is known only for these streams.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What to do with the objects of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum With {
    /// Leave them unchanged.
    Unfiltered,
    /// Every ConfigMap, Secret, Job and Pod gets a new name when its content changes.
    Plain,
    /// Like `Plain`, and carries the versions of the last two releases forward.
    Previous,
    /// Like `Plain`, and versions have annotations so that the deployer keeps them.
    Retain,
    /// Like `Retain`, but without the annotation for Helm.
    Pruned,
    /// Like `Plain`, and the objects also exist under their original names, which hooks use.
    Original,
    /// Renames nothing, but carries the earlier versions forward.
    Leaving,
}

const AGE: &str = "immutably.dev/generations-ago";

/// Returns the objects as deployed. `previous`: the streams that were deployed before, oldest first.
pub(crate) fn filtered(objects: Vec<Value>, with: With, previous: &[Vec<Value>]) -> Vec<Value> {
    if with == With::Unfiltered {
        return objects;
    }
    if with == With::Leaving {
        let mut objects = objects;
        carry(&mut objects, previous);
        return objects;
    }
    let names: BTreeMap<String, String> = objects
        .iter()
        .filter(|object| is_config(object))
        .map(|object| (name(object), versioned(object)))
        .collect();
    let mut found = Vec::new();
    for mut object in objects {
        if with == With::Original && is_config(&object) {
            found.push(object.clone());
        }
        if is_config(&object) {
            object["metadata"]["name"] = json!(names[&name(&object)]);
            object["immutable"] = json!(true);
            if [With::Retain, With::Pruned].contains(&with) {
                object["metadata"]["annotations"] = keep(with == With::Retain);
            }
        } else if !(with == With::Original && is_hook(&object)) {
            rename(&mut object, &names);
            if ["Job", "Pod"].contains(&kind(&object)) && !is_hook(&object) {
                object["metadata"]["name"] = json!(versioned(&object));
            }
        }
        found.push(object);
    }
    if with == With::Previous {
        carry(&mut found, previous);
    }
    found
}

/// True for a Helm hook.
pub(crate) fn is_hook(object: &Value) -> bool {
    object["metadata"]["annotations"].get("helm.sh/hook").is_some()
}

/// Returns the name of an object.
pub(crate) fn name(object: &Value) -> String {
    object["metadata"]["name"].as_str().expect("a name").to_owned()
}

fn kind(object: &Value) -> &str {
    object["kind"].as_str().expect("a kind")
}

fn is_config(object: &Value) -> bool {
    ["ConfigMap", "Secret"].contains(&kind(object))
}

/// Returns the name with a suffix made from the content.
fn versioned(object: &Value) -> String {
    let mut hasher = DefaultHasher::new();
    for field in ["data", "stringData", "spec"] {
        object[field].to_string().hash(&mut hasher);
    }
    format!("{}-{:x}", name(object), hasher.finish())
}

/// Replaces old names by new ones in all strings.
fn rename(object: &mut Value, names: &BTreeMap<String, String>) {
    match object {
        Value::String(text) => {
            if let Some(new) = names.get(text) {
                *text = new.clone();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(fields) => fields.values_mut().for_each(|value| rename(value, names)),
        _ => {}
    }
}

/// Adds the versions in the newest stream that are not too old.
fn carry(objects: &mut Vec<Value>, previous: &[Vec<Value>]) {
    for earlier in previous.last().into_iter().flatten().filter(|object| is_config(object)) {
        let same = |object: &Value| name(object) == name(earlier) && kind(object) == kind(earlier);
        let age = earlier["metadata"]["annotations"][AGE].as_u64().unwrap_or(0) + 1;
        if age <= 2 && !objects.iter().any(same) {
            let mut carried = earlier.clone();
            carried["metadata"]["annotations"] = json!({AGE: age});
            objects.push(carried);
        }
    }
}

fn keep(helm: bool) -> Value {
    let mut annotations = json!({
        "argocd.argoproj.io/sync-options": "Prune=false",
        "kustomize.toolkit.fluxcd.io/prune": "Disabled",
        "kapp.k14s.io/delete-strategy": "orphan",
    });
    if helm {
        annotations["helm.sh/resource-policy"] = json!("keep");
    }
    annotations
}
