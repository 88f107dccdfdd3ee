//! docs/rules.schema.json and the reader of rules files agree.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

use immutably::{Source, rules};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_schema_has_the_fields_that_are_read() {
    let schema = schema();
    for (place, file) in [
        ("", "nonsense: 1"),
        ("/$defs/rule", "rules: [{nonsense: 1}]"),
        ("/$defs/nameReference", "nameReference: [{nonsense: 1}]"),
        ("/$defs/fieldSpec", "nameReference: [{fieldSpecs: [{nonsense: 1}]}]"),
    ] {
        let known = schema.pointer(&format!("{place}/properties")).and_then(Value::as_object);
        let known: BTreeSet<&str> = known.expect("properties").keys().map(String::as_str).collect();
        assert_eq!(
            known.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
            read_fields(file),
            "{place}"
        );
        let closed = schema.pointer(&format!("{place}/additionalProperties"));
        assert_eq!(closed, Some(&json!(false)), "{place}");
    }
}

#[test]
fn what_is_read_fits_the_schema_and_what_lacks_a_field_is_not_read() {
    let schema = schema();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut seen = 0;
    for behaviour in fs::read_dir(folder).expect("fixtures").flatten() {
        let Ok(text) = fs::read_to_string(behaviour.path().join("rules.yaml")) else { continue };
        if rules::read_file(&Source::new("rules.yaml", text.clone()).expect("small")).is_err() {
            continue;
        }
        seen += 1;
        let mut file: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
        file.apply_merge().expect("merge keys have mappings");
        let file: Value = serde_json::to_value(file).expect("JSON");
        for rule in file.get("rules").and_then(Value::as_array).into_iter().flatten() {
            assert!(fits(rule, &schema["$defs"]["rule"]), "{}: {rule}", behaviour.path().display());
            for field in required(&schema) {
                let mut less = rule.clone();
                less.as_object_mut().expect("a mapping").remove(field);
                let file = json!({ "rules": [less] }).to_string();
                let read = rules::read_file(&Source::new("rules.yaml", file).expect("small"));
                assert!(read.is_err(), "{field} is required");
            }
        }
    }
    assert!(seen > 0, "no file is read");
}

fn fits(rule: &Value, schema: &Value) -> bool {
    let rule = rule.as_object().expect("a mapping");
    let has = |field: &Value| field.as_str().is_some_and(|field| rule.contains_key(field));
    rule.keys().all(|field| schema["properties"].get(field).is_some())
        && schema["required"].as_array().is_some_and(|fields| fields.iter().all(has))
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema["$defs"]["rule"]["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Returns the fields that the error message of the reader lists.
fn read_fields(file: &str) -> BTreeSet<String> {
    let source = Source::new("rules.yaml", file).expect("small");
    let message = rules::read_file(&source).expect_err("an unknown field is refused").message.to_string();
    let (_, fields) = message.split_once("expected one of ").expect("what is expected");
    let fields = fields.split(" at line").next().unwrap_or_default();
    fields.split(", ").map(str::to_owned).collect()
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../docs/rules.schema.json")).expect("the schema is JSON")
}
