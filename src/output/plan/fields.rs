//! Where two objects differ, as paths of fields.
//!
//! Compares canonical texts. Gives paths and texts of leaves; what may be shown is for others to say.

use crate::kube::shown;
use serde_json::Value;

/// A place at which two objects differ.
#[derive(Debug)]
pub(super) struct Difference {
    /// The field, such as `spec.template.spec.containers[0].image`.
    pub(super) path: String,
    /// The text that was there; `None` for anything else.
    pub(super) old: Option<String>,
    /// The text that is there now; `None` for anything else.
    pub(super) new: Option<String>,
}

/// No more differences of one object are listed.
const MOST: usize = 200;

/// Every place below a path of fields at which two canonical texts differ, in order; `None` when one of them cannot be
/// read.
pub(super) fn differences(old: &str, new: &str, below: &[&str]) -> Option<Vec<Difference>> {
    // The parser bounds the depth, so what follows is bounded too.
    let (old, new): (Value, Value) = (serde_json::from_str(old).ok()?, serde_json::from_str(new).ok()?);
    let at =
        |root| below.iter().try_fold(root, |value: &Value, field| value.get(field)).unwrap_or(&Value::Null);
    let mut found = Vec::new();
    compare(&below.join("."), at(&old), at(&new), &mut found);
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

/// A key of an annotation may have a slash; anything that no name of a field or label can be is not shown.
fn joined(path: &str, key: &str) -> String {
    let key = shown::any_name(key);
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(old: &str, new: &str) -> Vec<String> {
        differences(old, new, &[]).unwrap().into_iter().map(|found| found.path).collect()
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
        assert!(differences(&"[".repeat(1000), "{}", &[]).is_none());
    }
}
