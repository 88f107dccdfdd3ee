//! Computes the suffix from its specification (docs/design.md), independently of the program, for objects that the
//! witness reads.
//!
//! The suffix of a Secret may be made with a key. Such Secrets are not checked.

use super::witness::{is, objects, text};
use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use immutably::Source;
use serde_yaml::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Checks that every object that became immutable has its own suffix, or gets it from kustomize. Objects that were
/// immutable in the input or in an earlier release are not checked, because their suffix may be made with a key.
pub(crate) fn are_right(before: &[Source], after: &str) {
    let before: Option<Vec<_>> = before.iter().map(|stream| objects(stream.text())).collect();
    let (Some(before), Some(after)) = (before, objects(after)) else { return };
    let id = |object: &Value| {
        let field = |path: &[&str]| text(object, path).map(str::to_owned);
        (field(&["kind"]), field(&["metadata", "namespace"]), field(&["metadata", "name"]))
    };
    let were: Vec<_> = before.iter().flatten().filter(|object| immutable(object)).map(id).collect();
    for object in after.iter().filter(|object| immutable(object) && !were.contains(&id(object))) {
        let name = text(object, &["metadata", "name"]).unwrap_or_default();
        let theirs = ["metadata", "annotations", "internal.config.kubernetes.io/needsHashSuffix"];
        let keyed = text(object, &["metadata", "annotations", "immutably.dev/keyed"]).is_some();
        let Some(suffixes) = suffixes(object).filter(|_| !keyed) else { continue };
        let known = suffixes.iter().any(|suffix| name.ends_with(&format!("-{suffix}")));
        assert!(
            known || text(object, &theirs).is_some(),
            "`{name}` is immutable, and its suffix is {suffixes:?}"
        );
    }
}

fn immutable(object: &Value) -> bool {
    (is(object, "ConfigMap") || is(object, "Secret"))
        && object.get("immutable").and_then(Value::as_bool) == Some(true)
}

/// Returns the suffixes that an object may have: for its content as stored, and by the formula of kustomize. For a
/// Secret, also those of kustomize if some values were in `stringData`, which the API server moves to `data`. Returns
/// `None` if the witness reads other values than kubectl.
fn suffixes(object: &Value) -> Option<Vec<String>> {
    let secret = is(object, "Secret");
    let data = fields(object, "data")?;
    let (strings, binary) = (fields(object, "stringData")?, fields(object, "binaryData")?);
    let or_empty = |fields: &BTreeMap<String, String>| match fields.is_empty() {
        true => serde_json::json!(""),
        false => serde_json::json!(fields),
    };
    let stated = text(object, &["type"]).unwrap_or_default();
    let written = |name: &str, fields: &BTreeMap<String, String>| match object.get(name) {
        None | Some(Value::Null) => serde_json::json!(""),
        Some(_) => serde_json::json!(fields),
    };
    let (stored, kustomize) = if secret {
        let mut all = canonical(&data)?;
        all.extend(strings.iter().map(|(key, value)| (key.clone(), STANDARD.encode(value))));
        let kind = if stated.is_empty() { "Opaque" } else { stated };
        let mut theirs =
            serde_json::json!({"data": written("data", &data), "kind": "Secret", "name": "", "type": stated});
        if object.get("stringData").is_some_and(|strings| !strings.is_null()) {
            theirs["stringData"] = serde_json::json!(strings);
        }
        (serde_json::json!({"data": or_empty(&all), "kind": "Secret", "name": "", "type": kind}), theirs)
    } else {
        let mut ours = serde_json::json!({"data": or_empty(&data), "kind": "ConfigMap", "name": ""});
        let mut theirs = serde_json::json!({"data": written("data", &data), "kind": "ConfigMap", "name": ""});
        if !binary.is_empty() {
            ours["binaryData"] = serde_json::json!(canonical(&binary)?);
        }
        if object.get("binaryData").is_some_and(|binary| !binary.is_null()) {
            theirs["binaryData"] = serde_json::json!(binary);
        }
        (ours, theirs)
    };
    let mut found = vec![of(&stored.to_string()), of(&kustomize.to_string())];
    if secret && strings.is_empty() && data.len() <= MOST_KEYS {
        found.extend(before_the_server(&data, stated));
    }
    Some(found)
}

/// The number of keys up to which all choices of values in `stringData` are tried.
const MOST_KEYS: usize = 8;

/// Returns the suffixes of kustomize for each choice of values in `stringData`, with the type and, if it is the
/// default, also without.
fn before_the_server(data: &BTreeMap<String, String>, stated: &str) -> Vec<String> {
    let types = if stated == "Opaque" { vec![stated, ""] } else { vec![stated] };
    let form = |mask: usize, stated: &str| {
        let (mut kept, mut strings) = (serde_json::Map::new(), serde_json::Map::new());
        for (bit, (key, value)) in data.iter().enumerate() {
            if mask >> bit & 1 == 1 {
                strings.insert(key.clone(), String::from_utf8(STANDARD.decode(value).ok()?).ok()?.into());
            } else {
                kept.insert(key.clone(), value.clone().into());
            }
        }
        let kept = if kept.is_empty() { serde_json::json!("") } else { kept.into() };
        let mut form = serde_json::json!({"data": kept, "kind": "Secret", "name": "", "type": stated});
        if !strings.is_empty() {
            form["stringData"] = strings.into();
        }
        Some(of(&form.to_string()))
    };
    let choices = (0..1 << data.len()).flat_map(|mask| types.iter().map(move |stated| (mask, *stated)));
    choices.filter_map(|(mask, stated)| form(mask, stated)).collect()
}

/// The keys that are booleans for kubectl, which reads YAML 1.1, and text for the witness.
const BOOLEANS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "true", "false"];

/// Returns the entries of a field; `None` if the witness does not read a key or value as text, or may read another key
/// than kubectl.
fn fields(object: &Value, name: &str) -> Option<BTreeMap<String, String>> {
    let Some(field) = object.get(name).filter(|field| !field.is_null()) else { return Some(BTreeMap::new()) };
    let text = |key: &Value| {
        let key = key.as_str().filter(|key| !BOOLEANS.contains(&key.to_lowercase().as_str()))?;
        Some(key.to_owned())
    };
    let entries = field.as_mapping()?.iter();
    entries.map(|(key, value)| Some((text(key)?, value.as_str()?.to_owned()))).collect()
}

/// Returns base64 as the API server stores it.
fn canonical(fields: &BTreeMap<String, String>) -> Option<BTreeMap<String, String>> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
    let stored = |value: &String| Some(STANDARD.encode(engine.decode(value.replace(['\r', '\n'], "")).ok()?));
    fields.iter().map(|(key, value)| Some((key.clone(), stored(value)?))).collect()
}

fn of(canonical: &str) -> String {
    let escape = |text: String, c: char| text.replace(c, &format!("\\u{:04x}", u32::from(c)));
    let text = ['<', '>', '&', '\u{2028}', '\u{2029}'].into_iter().fold(canonical.to_owned(), escape);
    let digits = hex::encode(Sha256::digest(text));
    digits[..10].replace('0', "g").replace('1', "h").replace('3', "k").replace('a', "m").replace('e', "t")
}
