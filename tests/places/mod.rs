//! Fields of an object, by paths in the notation of the tables.

#![allow(dead_code)] // each test uses a part of it

use serde_json::{Value, json};

/// Returns a path as the steps of a JSON pointer (RFC 6901): `a.b[]{}["c/d"]` is `a`, `b`, `0`, `entry`, `c~1d`.
pub(crate) fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for (index, part) in path.split('"').enumerate() {
        if index % 2 == 1 {
            steps.push(part.replace('/', "~1"));
            continue;
        }
        let fields = part.replace("[]", ".0").replace("{}", ".entry").replace(['[', ']'], "");
        steps.extend(fields.split('.').filter(|field| !field.is_empty()).map(str::to_owned));
    }
    steps
}

/// Returns the value at a path. Creates missing parts.
pub(crate) fn at<'v>(object: &'v mut Value, place: &[String]) -> &'v mut Value {
    place.iter().fold(object, |at, step| {
        if step == "0" {
            if at.is_null() {
                *at = json!([null]);
            }
            return &mut at[0];
        }
        &mut at[step.replace("~1", "/")]
    })
}
