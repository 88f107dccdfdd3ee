//! A stand-in for the filter: what was deployed when the real deployers were looked at. Whatever the filter does today,
//! these are the streams for which it is known what happens.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is done with the objects of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum With {
    /// Nothing.
    Unfiltered,
    /// Every ConfigMap, Secret, Job and Pod gets another name with other content.
    Plain,
    /// The versions of two releases before are carried forward.
    Previous,
    /// Versions tell the deployer to keep them.
    Retain,
    /// The same, but for Helm.
    Pruned,
    /// The objects are there under their own names too, and the hook uses these.
    Original,
    /// Nothing but that the versions of before are carried forward.
    Leaving,
}

const AGE: &str = "immutably.dev/generations-ago";

/// The objects as they are deployed; `previous`: what was deployed before, the newest last.
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

/// True for a hook of Helm.
pub(crate) fn is_hook(object: &Value) -> bool {
    object["metadata"]["annotations"].get("helm.sh/hook").is_some()
}

/// The name of an object.
pub(crate) fn name(object: &Value) -> String {
    object["metadata"]["name"].as_str().expect("a name").to_owned()
}

fn kind(object: &Value) -> &str {
    object["kind"].as_str().expect("a kind")
}

fn is_config(object: &Value) -> bool {
    ["ConfigMap", "Secret"].contains(&kind(object))
}

/// The name with a suffix made of the content.
fn versioned(object: &Value) -> String {
    let mut hasher = DefaultHasher::new();
    for field in ["data", "stringData", "spec"] {
        object[field].to_string().hash(&mut hasher);
    }
    format!("{}-{:x}", name(object), hasher.finish())
}

/// Puts new names in place of old ones, below `spec`.
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

/// Adds the versions of the newest stream that are not too old.
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
