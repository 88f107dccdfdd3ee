//! Compares two objects, and lists the paths of the fields that differ.
//!
//! Compares canonical texts. Returns the texts of leaves; callers decide what may be shown.

use crate::kube::shown;
use serde_json::Value;

/// A field that differs.
#[derive(Debug)]
pub(super) struct Difference {
    /// The path of the field, such as `spec.template.spec.containers[0].image`.
    pub(super) path: String,
    /// The old value if it was a string.
    pub(super) old: Option<String>,
    /// The new value if it is a string.
    pub(super) new: Option<String>,
}

/// The most differences listed for one object.
const MOST: usize = 200;

/// Returns the differences between two canonical texts below a path of fields; `None` if one of the texts cannot be
/// parsed. `normalize` removes from the values there what means nothing.
pub(super) fn differences(
    old: &str,
    new: &str,
    below: &[&str],
    normalize: impl Fn(&mut Value),
) -> Option<Vec<Difference>> {
    // The parser limits the depth, and with it the recursion below.
    let read = |text: &str| {
        let mut value: Value = serde_json::from_str(text).ok()?;
        let at = below.iter().try_fold(&mut value, |value, field| value.get_mut(field));
        let mut value = at.map(Value::take).unwrap_or_default();
        normalize(&mut value);
        Some(value)
    };
    let mut found = Vec::new();
    compare(&below.join("."), &read(old)?, &read(new)?, &mut found);
    Some(found)
}

fn compare(path: &str, old: &Value, new: &Value, found: &mut Vec<Difference>) {
    if old == new || found.len() >= MOST {
        return;
    }
    match (old, new) {
        (Value::Object(before), Value::Object(now)) => {
            for (key, value) in now {
                compare(&joined(path, key), before.get(key).unwrap_or(&Value::Null), value, found);
            }
            for (key, value) in before.iter().filter(|(key, _)| !now.contains_key(*key)) {
                compare(&joined(path, key), value, &Value::Null, found);
            }
        }
        (Value::Array(before), Value::Array(now)) => {
            for at in 0..before.len().max(now.len()) {
                let (old, new) =
                    (before.get(at).unwrap_or(&Value::Null), now.get(at).unwrap_or(&Value::Null));
                compare(&format!("{path}[{at}]"), old, new, found);
            }
        }
        (Value::Null, Value::Object(now)) if !now.is_empty() => {
            for (key, value) in now {
                compare(&joined(path, key), &Value::Null, value, found);
            }
        }
        (Value::Null, Value::Array(now)) if !now.is_empty() => {
            for (at, value) in now.iter().enumerate() {
                compare(&format!("{path}[{at}]"), &Value::Null, value, found);
            }
        }
        _ => {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            found.push(Difference { path: path.to_owned(), old: text(old), new: text(new) });
        }
    }
}

/// Appends a key to a path. Hides a key that cannot be the name of a field, label or annotation.
fn joined(path: &str, key: &str) -> String {
    let key = shown::any_name(key);
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(old: &str, new: &str) -> Vec<String> {
        differences(old, new, &[], |_| {}).unwrap().into_iter().map(|found| found.path).collect()
    }

    #[test]
    fn each_leaf_that_differs_is_found() {
        let old = r#"{"a":{"b":[1,2],"c":"x"},"d":1}"#;
        assert_eq!(paths(old, r#"{"a":{"b":[1,3,4],"c":"x"}}"#), ["a.b[1]", "a.b[2]", "d"]);
        assert_eq!(paths("{}", r#"{"a":[{"b":"x"}]}"#), ["a[0].b"]);
        assert!(paths(old, old).is_empty());
    }

    #[test]
    fn what_cannot_be_a_field_is_not_shown() {
        assert_eq!(paths("{}", r#"{"hunter 2":1}"#), ["…"]);
        assert!(differences(&"[".repeat(1000), "{}", &[], |_| {}).is_none());
    }
}
