//! Objects made from paths, and the names in them after the filter: for tests that check a table row by row.

use crate::library::{source, written};
use immutably::{Options, rewrite};
use serde_json::{Value, json};
use std::borrow::Borrow;

/// The namespace of the object that contains a name.
pub(crate) const HERE: &str = "here";
/// Another namespace.
pub(crate) const ELSEWHERE: &str = "elsewhere";

/// An object with a name in it, the path of that name, and the ConfigMap or Secret with the name.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) object: Value,
    pub(crate) place: Vec<String>,
    pub(crate) target: Value,
}

/// The names in the output for an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// The text at the path in the object.
    pub(crate) place: String,
    /// The name of the ConfigMap or Secret.
    pub(crate) target: String,
}

/// Returns a ConfigMap or Secret. `forced`: it is versioned even if a table says that it must be left alone.
pub(crate) fn target(kind: &str, name: &str, namespace: &str, forced: bool) -> Value {
    let annotations = if forced { json!({ "immutably.dev/mode": "version" }) } else { json!({}) };
    let metadata = json!({ "name": name, "namespace": namespace, "annotations": annotations });
    json!({ "apiVersion": "v1", "kind": kind, "metadata": metadata, "data": { "key": "" } })
}

/// Passes all instances through the library as one stream.
pub(crate) fn names_after<I: Borrow<Instance>>(instances: &[I]) -> Vec<Names> {
    let both = |instance: &Instance| format!("---\n{}\n---\n{}\n", instance.object, instance.target);
    let stream: String = instances.iter().map(|instance| both(instance.borrow())).collect();
    let source = source(stream);
    let outcome = rewrite(&source, &Options::default());
    let refusal = outcome.diagnostics().iter().find(|finding| outcome.refuses(finding));
    let written = written(&outcome).unwrap_or_else(|| panic!("{refusal:?}"));
    let lines = written.lines().filter(|line| *line != "---");
    let objects: Vec<Value> =
        lines.map(|line| serde_json::from_str(line).expect("objects are JSON")).collect();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).expect("the place is there").to_owned();
    let names = |(instance, pair): (&Instance, &[Value])| Names {
        place: text(pair[0].pointer(&format!("/{}", instance.place.join("/")))),
        target: text(pair[1].pointer("/metadata/name")),
    };
    instances.iter().map(Borrow::borrow).zip(objects.chunks(2)).map(names).collect()
}

/// Returns the path of a field next to another one, or next to the list that contains it.
pub(crate) fn beside(place: &[String], field: &str) -> Vec<String> {
    let last = place.iter().rposition(|step| step != "0").unwrap_or_default();
    place[..last].iter().cloned().chain([field.replace('/', "~1")]).collect()
}
