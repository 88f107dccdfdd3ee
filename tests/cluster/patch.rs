//! Patches: JSON merge, strategic merge and server-side apply, each as far as charts need it.

use serde_json::{Map, Value};

/// Returns the field that identifies the items of a list; other lists are replaced as a whole.
fn merge_key(list: &str) -> Option<&'static str> {
    match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "secrets" => Some("name"),
        "volumeMounts" => Some("mountPath"),
        "ports" => Some("port"),
        "ownerReferences" => Some("uid"),
        "conditions" => Some("type"),
        _ => None,
    }
}

/// Returns the identifying value of an item: `port` for a port of a Service, `containerPort` for one of a container.
fn identity<'v>(key: &str, item: &'v Value) -> Option<&'v Value> {
    item.get(key).or_else(|| item.get("containerPort").filter(|_| key == "port"))
}

/// Applies a JSON merge patch (RFC 7396).
pub(super) fn merge(object: &mut Value, change: &Value) {
    let Some(change) = change.as_object() else {
        *object = change.clone();
        return;
    };
    for (name, value) in change {
        if value.is_null() {
            fields(object).remove(name);
        } else {
            merge(fields(object).entry(name).or_insert(Value::Null), value);
        }
    }
}

/// Applies a strategic merge patch with its directives.
pub(super) fn strategic(object: &mut Value, change: &Value) {
    let Some(change) = change.as_object() else {
        *object = change.clone();
        return;
    };
    if change.get("$patch").is_some_and(|patch| patch == "replace") {
        *object = Value::Object(
            change
                .iter()
                .filter(|(name, _)| *name != "$patch")
                .map(|(a, b)| (a.clone(), b.clone()))
                .collect(),
        );
        return;
    }
    if let Some(kept) = change.get("$retainKeys").and_then(Value::as_array) {
        fields(object).retain(|name, _| kept.iter().any(|kept| kept == name));
    }
    for (name, value) in change.iter().filter(|(name, _)| !name.starts_with('$')) {
        match (value, merge_key(name)) {
            (Value::Null, _) => drop(fields(object).remove(name)),
            (Value::Array(items), Some(key)) => {
                let list = fields(object).entry(name).or_insert(Value::Null);
                merge_items(list, items, key, change.get(&format!("$setElementOrder/{name}")));
            }
            _ => strategic(fields(object).entry(name).or_insert(Value::Null), value),
        }
    }
}

fn merge_items(list: &mut Value, items: &[Value], key: &str, order: Option<&Value>) {
    let mut found = list.as_array().cloned().unwrap_or_default();
    for item in items {
        let at = found
            .iter()
            .position(|old| identity(key, old).is_some() && identity(key, old) == identity(key, item));
        match (at, item["$patch"] == "delete") {
            (Some(at), true) => drop(found.remove(at)),
            (Some(at), false) => strategic(&mut found[at], item),
            (None, true) => {}
            (None, false) => found.push(item.clone()),
        }
    }
    if let Some(order) = order.and_then(Value::as_array) {
        let place = |item: &Value| order.iter().position(|one| identity(key, one) == identity(key, item));
        found.sort_by_key(|item| place(item).unwrap_or(usize::MAX));
    }
    *list = Value::Array(found);
}

/// Applies server-side: removes what the manager applied `before` and no longer wants, and merges the rest.
pub(super) fn apply(object: &mut Value, before: &Value, wanted: &Value) {
    let Some(wanted) = wanted.as_object() else {
        *object = wanted.clone();
        return;
    };
    let gone = before.as_object().into_iter().flatten().filter(|(name, _)| !wanted.contains_key(*name));
    for (name, _) in gone {
        fields(object).remove(name);
    }
    for (name, value) in wanted {
        let old = &before[name];
        let place = fields(object).entry(name).or_insert(Value::Null);
        match (value, merge_key(name)) {
            (Value::Array(items), Some(key)) => apply_items(place, old, items, key),
            _ => apply(place, old, value),
        }
    }
}

fn apply_items(list: &mut Value, before: &Value, wanted: &[Value], key: &str) {
    let mut found = list.as_array().cloned().unwrap_or_default();
    let old = before.as_array().map(Vec::as_slice).unwrap_or_default();
    let has =
        |items: &[Value], item: &Value| items.iter().any(|one| identity(key, one) == identity(key, item));
    found.retain(|item| !has(old, item) || has(wanted, item));
    for item in wanted {
        let same = |one: &Value| identity(key, one).is_some() && identity(key, one) == identity(key, item);
        let previous = old.iter().find(|one| same(one)).unwrap_or(&Value::Null);
        match found.iter_mut().find(|one| same(one)) {
            Some(one) => apply(one, previous, item),
            None => found.push(item.clone()),
        }
    }
    *list = Value::Array(found);
}

fn fields(object: &mut Value) -> &mut Map<String, Value> {
    if !object.is_object() {
        *object = Value::Object(Map::new());
    }
    object.as_object_mut().expect("it was made one")
}
