//! The objects, every change to them, and the requests that tests asked the server to refuse.

use super::kinds::Kind;
use super::{controllers, patch, rules};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Identifies an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) kind: &'static Kind,
    pub(super) namespace: String,
    pub(super) name: String,
}

impl Key {
    pub(super) fn new(kind: &'static Kind, namespace: &str, name: &str) -> Key {
        let namespace = if kind.namespaced { namespace.to_owned() } else { String::new() };
        Key { kind, namespace, name: name.to_owned() }
    }
}

/// Why a request fails: HTTP status, reason and message.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) u16, pub(super) &'static str, pub(super) String);

/// A change of an object.
pub(super) struct Event {
    pub(super) revision: u64,
    pub(super) what: &'static str,
    pub(super) kind: &'static Kind,
    pub(super) object: Value,
}

/// The state of the server.
pub(super) struct Store {
    objects: BTreeMap<Key, Value>,
    /// What each field manager applied last, to remove fields that it no longer applies.
    applied: BTreeMap<(Key, String), Value>,
    /// The templates of the running pods of StatefulSets and DaemonSets.
    pub(super) running: BTreeMap<Key, Vec<Value>>,
    pub(super) revision: u64,
    pub(super) events: Vec<Event>,
    pub(super) refused: Vec<String>,
    pub(super) forbidden: BTreeSet<String>,
    pub(super) held: bool,
    pub(super) writes: Vec<String>,
}

impl Store {
    pub(super) fn new() -> Store {
        let mut store = Store {
            objects: BTreeMap::new(),
            applied: BTreeMap::new(),
            running: BTreeMap::new(),
            revision: 0,
            events: Vec::new(),
            refused: Vec::new(),
            forbidden: BTreeSet::new(),
            held: false,
            writes: Vec::new(),
        };
        for name in ["default", "prod"] {
            let kind = super::kinds::by_kind("Namespace").expect("it is known");
            let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
            store.put(&Key::new(kind, "", name), namespace);
        }
        store
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Value> {
        self.objects.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.objects.keys()
    }

    /// Returns the objects of a kind in one namespace, or in all if `namespace` is empty.
    pub(super) fn list(&self, kind: &str, namespace: &str) -> impl Iterator<Item = (&Key, &Value)> {
        let wanted =
            move |key: &Key| key.kind.kind == kind && (namespace.is_empty() || key.namespace == namespace);
        self.objects.iter().filter(move |(key, _)| wanted(key))
    }

    /// Returns an object, or the error that it does not exist.
    pub(super) fn find(&self, key: &Key) -> Result<Value, Refusal> {
        let missing = || Refusal(404, "NotFound", format!("{} \"{}\" not found", key.kind.plural, key.name));
        self.get(key).cloned().ok_or_else(missing)
    }

    pub(super) fn create(&mut self, key: &Key, object: Value) -> Result<Value, Refusal> {
        if self.objects.contains_key(key) {
            let message = format!("{} \"{}\" already exists", key.kind.plural, key.name);
            return Err(Refusal(409, "AlreadyExists", message));
        }
        self.write("POST", key, object)
    }

    pub(super) fn replace(&mut self, key: &Key, object: Value) -> Result<Value, Refusal> {
        let old = self.find(key)?;
        let told = &object["metadata"]["resourceVersion"];
        if told.is_string() && *told != old["metadata"]["resourceVersion"] {
            return Err(Refusal(
                409,
                "Conflict",
                format!("{} \"{}\": the object has been modified", key.kind.plural, key.name),
            ));
        }
        self.write("PUT", key, object)
    }

    /// Applies a merge patch to an object.
    pub(super) fn patch(&mut self, key: &Key, change: &Value, strategic: bool) -> Result<Value, Refusal> {
        let mut object = self.find(key)?;
        if strategic {
            patch::strategic(&mut object, change)
        } else {
            patch::merge(&mut object, change)
        }
        self.write("PATCH", key, object)
    }

    /// Applies server-side, approximately: never reports conflicts.
    pub(super) fn apply(&mut self, key: &Key, manager: &str, wanted: Value) -> Result<Value, Refusal> {
        let mut object = self.get(key).cloned().unwrap_or_else(|| json!({}));
        let owned = (key.clone(), manager.to_owned());
        let before = self.applied.get(&owned).cloned().unwrap_or(Value::Null);
        patch::apply(&mut object, &before, &wanted);
        let written = self.write("APPLY", key, object)?;
        self.applied.insert(owned, wanted);
        Ok(written)
    }

    pub(super) fn delete(&mut self, key: &Key) -> Result<Value, Refusal> {
        let object = self.find(key)?;
        self.admit("DELETE", key)?;
        self.remove(key);
        controllers::settle(self);
        Ok(object)
    }

    /// Removes an object and the objects that it owns.
    pub(super) fn remove(&mut self, key: &Key) {
        let Some(object) = self.objects.remove(key) else { return };
        self.applied.retain(|(owned, _), _| owned != key);
        self.running.remove(key);
        let owner = object["metadata"]["uid"].clone();
        self.happened("DELETED", key.kind, object);
        let owned = |object: &Value| {
            let owners = object["metadata"]["ownerReferences"].as_array();
            owners.is_some_and(|owners| owners.iter().any(|reference| reference["uid"] == owner))
        };
        let dependents: Vec<Key> =
            self.objects.iter().filter(|(_, object)| owned(object)).map(|(key, _)| key.clone()).collect();
        dependents.iter().for_each(|key| self.remove(key));
    }

    /// Stores an object for a controller, without checks, and without running controllers again.
    pub(super) fn put(&mut self, key: &Key, mut object: Value) {
        let old = self.objects.get(key);
        if old.is_some_and(|old| same(old, &object)) {
            return;
        }
        let what = if old.is_some() { "MODIFIED" } else { "ADDED" };
        let generation = generation(old, &object);
        let uid = old.map_or_else(
            || json!(format!("uid-{}", self.revision + 1)),
            |old| old["metadata"]["uid"].clone(),
        );
        object["apiVersion"] = json!(key.kind.api_version());
        object["kind"] = json!(key.kind.kind);
        let metadata = &mut object["metadata"];
        metadata["name"] = json!(key.name);
        if key.kind.namespaced {
            metadata["namespace"] = json!(key.namespace);
        }
        metadata["uid"] = uid;
        metadata["generation"] = json!(generation);
        if object["status"]["observedGeneration"].is_u64() {
            object["status"]["observedGeneration"] = json!(generation);
        }
        let metadata = &mut object["metadata"];
        metadata["creationTimestamp"] = json!("2026-11-25T08:00:00Z");
        metadata["resourceVersion"] = json!((self.revision + 1).to_string());
        self.objects.insert(key.clone(), object.clone());
        self.happened(what, key.kind, object);
    }

    fn write(&mut self, method: &'static str, key: &Key, mut object: Value) -> Result<Value, Refusal> {
        self.admit(method, key)?;
        rules::stored(&mut object);
        rules::check(key, self.get(key), &object).map_err(|problem| {
            let message = format!("{} \"{}\" is invalid: {problem}", key.kind.kind, key.name);
            Refusal(422, "Invalid", message)
        })?;
        self.put(key, object);
        controllers::settle(self);
        self.find(key)
    }

    fn admit(&mut self, method: &str, key: &Key) -> Result<(), Refusal> {
        let named = format!("{}/{}", key.kind.kind, key.name);
        if self.refused.iter().any(|refused| named.starts_with(refused)) {
            let message = format!("{} \"{}\" is forbidden: refused by the test", key.kind.plural, key.name);
            return Err(Refusal(403, "Forbidden", message));
        }
        self.writes.push(format!("{method} {named}"));
        Ok(())
    }

    fn happened(&mut self, what: &'static str, kind: &'static Kind, object: Value) {
        self.revision += 1;
        self.events.push(Event { revision: self.revision, what, kind, object });
    }
}

/// True if both are equal except for fields that the server sets.
fn same(old: &Value, new: &Value) -> bool {
    let without = |object: &Value| {
        let mut object = object.clone();
        if let Some(metadata) = object["metadata"].as_object_mut() {
            ["resourceVersion", "generation", "uid", "creationTimestamp", "namespace"].iter().for_each(
                |field| {
                    metadata.remove(*field);
                },
            );
        }
        object
    };
    without(old) == without(new)
}

/// Returns the generation. It increases with a change of `spec`.
fn generation(old: Option<&Value>, new: &Value) -> u64 {
    let Some(old) = old else { return 1 };
    let before = old["metadata"]["generation"].as_u64().unwrap_or(1);
    before + u64::from(old["spec"] != new["spec"])
}
