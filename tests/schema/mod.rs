//! JSON Schemas, with checks that documents conform to them.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

use jsonschema::Validator;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A schema, and the fields that have occurred in documents.
pub(crate) struct Schema {
    text: Value,
    validator: Validator,
    seen: BTreeSet<String>,
    documents: usize,
}

impl Schema {
    /// Reads one of our schemas. Readers must tolerate unknown fields; here every field must be in the schema.
    pub(crate) fn of(path: &str) -> Schema {
        let text = read(path);
        let mut closed = text.clone();
        close(&mut closed);
        Schema { validator: validator(&closed), ..Schema::with(text) }
    }

    /// Reads the published SARIF schema, without the pattern for a language, which has an extra bracket.
    pub(crate) fn of_sarif() -> Schema {
        let mut text = read("tests/data/sarif-2.1.0.schema.json");
        for part in ["run", "toolComponent"] {
            let language = format!("/definitions/{part}/properties/language");
            let language = text.pointer_mut(&language).and_then(Value::as_object_mut);
            language.and_then(|language| language.remove("pattern")).expect("the pattern is there");
        }
        Schema::with(text)
    }

    fn with(text: Value) -> Schema {
        Schema { validator: validator(&text), text, seen: BTreeSet::new(), documents: 0 }
    }

    /// Checks that the document conforms to the schema.
    pub(crate) fn holds(&mut self, name: &str, document: &Value) {
        let errors: Vec<String> = self
            .validator
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .take(5)
            .collect();
        assert!(errors.is_empty(), "{name}\n{}\n{document:#}", errors.join("\n"));
        self.documents += 1;
        fields(document, &mut self.seen);
    }

    /// Checks a SARIF log. Skips a log with the same rules as an earlier one: it has the same form.
    pub(crate) fn holds_anew(&mut self, name: &str, log: &Value) {
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        let ids = rules.as_array().expect("rules").iter().map(|rule| rule["id"].to_string());
        if self.seen.insert(ids.collect::<Vec<_>>().join(" ")) {
            self.holds(name, log);
        }
    }

    /// Checks that there were at least this many documents, and that together they contained every field of the schema.
    pub(crate) fn is_used(&self, documents: usize) {
        assert!(self.documents >= documents, "{} documents", self.documents);
        let mut named = BTreeSet::new();
        properties(&self.text, &mut named);
        let unused: Vec<&String> = named.difference(&self.seen).collect();
        assert!(unused.is_empty(), "no document has {unused:?}");
    }
}

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&fs::read_to_string(path).expect("the schema is read")).expect("it is JSON")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).unwrap_or_else(|error| panic!("no schema: {error}"))
}

/// Forbids all fields that the schema does not list.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties") {
                fields.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// Collects the names of all fields in a document.
fn fields(document: &Value, found: &mut BTreeSet<String>) {
    each(document, &mut |object| found.extend(object.keys().cloned()));
}

/// Collects the names of all fields that a schema describes.
fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    each(schema, &mut |object| {
        let described = object.get("properties").and_then(Value::as_object);
        found.extend(described.into_iter().flat_map(Map::keys).cloned());
    });
}

fn each(value: &Value, visit: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            object.values().for_each(|value| each(value, visit));
        }
        Value::Array(list) => list.iter().for_each(|value| each(value, visit)),
        _ => {}
    }
}
