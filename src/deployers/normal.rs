//! Parts of objects as the API server compares them: without fields that mean the same if they are absent.
//!
//! Facts about the built-in API. Works on canonical texts. A text that nests too deep for the parser is not changed.

use super::quantity;
use serde_json::{Map, Value};

/// Fields in which an empty mapping means the same as no field. It does not in others, such as `emptyDir` and selectors.
const EMPTY: [&str; 11] = [
    "annotations",
    "labels",
    "limits",
    "matchLabels",
    "metadata",
    "nodeSelector",
    "overhead",
    "parameters",
    "requests",
    "resources",
    "status",
];

/// Fields of a pod with the value that the API server writes if they are absent. No other field of a pod has such a name.
const DEFAULTS: [(&str, &str); 11] = [
    ("defaultMode", "420"),
    ("dnsPolicy", "ClusterFirst"),
    ("failureThreshold", "3"),
    ("periodSeconds", "10"),
    ("protocol", "TCP"),
    ("schedulerName", "default-scheduler"),
    ("scheme", "HTTP"),
    ("successThreshold", "1"),
    ("terminationMessagePath", "/dev/termination-log"),
    ("terminationMessagePolicy", "File"),
    ("timeoutSeconds", "1"),
];

/// Returns the normal form of a canonical text; `None` if nothing is left of it.
pub(super) fn text(text: &str) -> Option<String> {
    let Ok(mut value) = serde_json::from_str(text) else { return Some(text.to_owned()) };
    normalize(&mut value);
    (!is_nothing(&value)).then(|| value.to_string())
}

/// Removes from a value what means the same if it is absent. The parser has limited its depth.
pub fn normalize(value: &mut Value) {
    match value {
        Value::Object(fields) => fields_of(fields),
        Value::Array(items) => items.iter_mut().for_each(normalize),
        _ => {}
    }
}

/// True if the value means the same as an absent field.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Removes a field if its value fits. `[]` in the path matches each element of a list.
pub(super) fn remove(value: &mut Value, path: &str, fits: &impl Fn(&Value) -> bool) {
    match (path.split_once("[]."), path.split_once('.')) {
        (Some((list, rest)), _) => {
            let list = value.get_mut(list).and_then(Value::as_array_mut);
            list.into_iter().flatten().for_each(|element| remove(element, rest, fits));
        }
        (None, Some((field, rest))) => {
            value.get_mut(field).into_iter().for_each(|field| remove(field, rest, fits));
        }
        (None, None) => {
            if let Some(fields) = value.as_object_mut().filter(|fields| fields.get(path).is_some_and(fits)) {
                fields.remove(path);
            }
        }
    }
}

fn fields_of(fields: &mut Map<String, Value>) {
    let is_pod = fields.contains_key("containers");
    for (key, value) in fields.iter_mut() {
        normalize(value);
        if matches!(key.as_str(), "limits" | "requests") {
            value.as_object_mut().into_iter().flatten().for_each(|(_, value)| measure(value));
        }
    }
    fields.retain(|key, value| match value {
        Value::Object(_) if is_pod && key == "securityContext" => !is_nothing(value),
        Value::Object(_) => !is_nothing(value) || !EMPTY.contains(&key.as_str()),
        Value::Array(_) | Value::Null => !is_nothing(value),
        // Elsewhere in a pod these have another default.
        _ if is_pod && key == "terminationGracePeriodSeconds" => !is(value, "30"),
        _ if is_pod && key == "restartPolicy" => !is(value, "Always"),
        _ => !DEFAULTS.iter().any(|(name, default)| name == key && is(value, default)),
    });
}

/// True for a scalar with this text.
pub(super) fn is(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value == text,
        Value::Number(value) => value.to_string() == text,
        Value::Bool(value) => value.to_string() == text,
        _ => false,
    }
}

/// Writes a quantity in thousandths, whatever its unit.
fn measure(value: &mut Value) {
    let text = match &*value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return,
    };
    if let Some(thousandths) = quantity::read(&text) {
        *value = Value::String(format!("{thousandths} thousandths"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_the_same() {
        let cases = [
            (r#"{"a":null,"labels":{},"env":[],"x":1}"#, r#"{"x":1}"#),
            (r#"{"metadata":{"annotations":null,"labels":{}}}"#, "{}"),
            (r#"{"requests":{"cpu":1,"memory":"1Gi"}}"#, r#"{"requests":{"cpu":"1000m","memory":"1024Mi"}}"#),
            (r#"{"ports":[{"port":1,"protocol":"TCP"}]}"#, r#"{"ports":[{"port":1}]}"#),
            (r#"{"containers":[1],"securityContext":{}}"#, r#"{"containers":[1]}"#),
        ];
        for (one, other) in cases {
            assert_eq!(text(one), text(other), "{one}");
        }
    }

    #[test]
    fn what_means_something_else_differs() {
        for (one, other) in [
            (r#"{"emptyDir":{}}"#, "{}"),
            (r#"{"podSelector":{}}"#, "{}"),
            (r#"{"securityContext":{}}"#, "{}"),
            (r#"{"requests":{"cpu":"1"}}"#, r#"{"requests":{"cpu":"2"}}"#),
            (r#"{"ports":[{"protocol":"UDP"}]}"#, r#"{"ports":[{}]}"#),
            (r#"{"initContainers":[{"restartPolicy":"Always"}]}"#, r#"{"initContainers":[{}]}"#),
            (r#"{"livenessProbe":{"terminationGracePeriodSeconds":30}}"#, r#"{"livenessProbe":{}}"#),
        ] {
            assert_ne!(text(one), text(other), "{one}");
        }
    }

    #[test]
    fn what_cannot_be_parsed_stays() {
        assert_eq!(text("["), Some("[".to_owned()));
        assert_eq!(text("[]"), None);
    }
}
