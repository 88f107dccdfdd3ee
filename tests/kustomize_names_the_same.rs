//! kustomize, as part of the real kubectl, makes the same suffixes and rewrites the same references.
//!
//! Each versioned object gets the annotation `needsHashSuffix`. kustomize reads JSON made from the parsed values of a
//! stream, so that the notation of the stream cannot confuse it.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod library;
mod streams;
mod tools;

use immutably::options::{Hash, Jobs, Options, Unreferenced};
use immutably::rewrite;
use library::{source, written};
use proptest::prelude::*;
use serde_yaml::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use streams::layout::Layout;
use streams::objects::{self, Node, map, text};
use streams::referrers;

const NEEDS_HASH_SUFFIX: &str = "internal.config.kubernetes.io/needsHashSuffix";

#[test]
fn generated_objects_get_the_suffix_that_kustomize_gives() {
    let Some(kubectl) = tools::kubectl("the suffixes of generated objects") else { return };
    let metadata = || Just(map([("name", text("x"))])).boxed();
    let object = prop_oneof![objects::config_map(metadata()), objects::secret(metadata())];
    let samples = streams::samples(&(object, streams::layout()), 300);
    let (mut text, mut values) = (String::new(), Vec::new());
    for (index, (node, layout)) in samples.into_iter().enumerate() {
        let node = named(node, &format!("n{index}"));
        values.push(node.value());
        text += &format!("---\n{}", layout.write(&node));
    }
    compare_suffixes(&kubectl, &text, &values);
}

#[test]
fn the_vectors_get_the_suffix_that_kustomize_gives() {
    let Some(kubectl) = tools::kubectl("the suffixes of the vectors") else { return };
    let text = fixture("suffix/vectors/input.yaml");
    let values: Vec<Value> =
        streams::split(&text).iter().map(|document| streams::parse(document).unwrap()).collect();
    assert!(values.len() >= 10);
    compare_suffixes(&kubectl, &text, &values);
}

/// Compares our names, with either hash, with those of kustomize, for objects whose names are unique.
fn compare_suffixes(kubectl: &Path, text: &str, values: &[Value]) {
    let theirs: HashSet<String> = kustomize(kubectl, values, &|_| true).iter().map(name).collect();
    let as_kustomize = new_names(text, Hash::Kustomize);
    let as_stored = new_names(text, Hash::Stored);
    let mut compared = 0;
    for value in values {
        let new = &as_kustomize[&name(value)];
        assert!(theirs.contains(new), "kustomize does not know {new}, the name of\n{}", json(value));
        if !departs(value) {
            assert!(theirs.contains(&as_stored[&name(value)]), "by default, for\n{}", json(value));
            compared += 1;
        }
    }
    assert!(compared * 4 > values.len(), "only {compared} objects were compared with the default hash");
}

/// True if the API server stores something other than what is written. The default hash then differs from that of
/// kustomize.
fn departs(value: &Value) -> bool {
    let field = |name: &str| value.get(name).and_then(Value::as_mapping);
    let fields = ["data", "binaryData", "stringData"].map(field);
    let is_secret = value.get("kind").and_then(Value::as_str) == Some("Secret");
    let encoded = if is_secret { field("data") } else { field("binaryData") };
    let in_lines = |value: &Value| value.as_str().is_some_and(|text| text.contains(['\n', ' ']));
    fields.iter().flatten().any(|field| field.is_empty())
        || (is_secret && (value.get("type").is_none() || value.get("stringData").is_some()))
        || encoded.into_iter().flat_map(|fields| fields.values()).any(in_lines)
}

#[test]
fn generated_references_become_what_kustomize_makes_of_them() {
    let Some(kubectl) = tools::kubectl("the references of generated streams") else { return };
    let named = || objects::name().prop_map(|name| map([("name", text(name))])).boxed();
    let object = prop_oneof![
        objects::config_map(named()),
        objects::secret(named()),
        referrers::workload(named()),
        referrers::ingress(named()),
        referrers::service_account(named()),
        // No Roles: kustomize rewrites `resourceNames` whatever the `resources` of the rule are.
    ];
    let streams = streams::samples(&proptest::collection::vec((object, any::<u64>()), 20..40), 24);
    let mut seen = Seen::default();
    for objects in streams {
        let mut known = HashSet::new();
        let nodes = objects
            .iter()
            .filter(|(node, _)| known.insert((node.text(&["kind"]), node.text(&["metadata", "name"]))));
        let text: String =
            nodes.map(|(node, seed)| format!("---\n{}", Layout::simple(*seed).write(node))).collect();
        compare_references(&kubectl, &text, &mut seen);
    }
    assert!(seen.by_both > 100, "{seen:?}");
    let alone: Vec<&str> = seen.by_us_alone.iter().map(String::as_str).collect();
    assert_eq!(
        alone,
        ["ServiceAccount.secrets[].name"],
        "kustomize knows all other paths that are generated"
    );
}

#[test]
fn references_in_fixtures_become_what_kustomize_makes_of_them() {
    let Some(kubectl) = tools::kubectl("the references of fixtures") else { return };
    let mut seen = Seen::default();
    for behaviour in [
        "container-environment",
        "ingress-and-service-account",
        "persistent-volume",
        "pod-volumes",
        "storage-class-parameters",
        "workload-kinds",
    ] {
        compare_references(&kubectl, &fixture(&format!("reference/{behaviour}/input.yaml")), &mut seen);
    }
    assert!(seen.by_both > 20 && !seen.by_us_alone.is_empty(), "{seen:?}");
}

/// References that were rewritten: the number by both, and the paths by us alone.
#[derive(Debug, Default)]
struct Seen {
    by_both: usize,
    by_us_alone: BTreeSet<String>,
}

fn compare_references(kubectl: &Path, text: &str, seen: &mut Seen) {
    let source = source(text);
    // kustomize never renames an object whose template cannot change.
    let options = Options {
        hash: Hash::Kustomize,
        jobs: Jobs::AsIs,
        unreferenced: Unreferenced::Version,
        ..Options::default()
    };
    let outcome = rewrite(&source, &options);
    let Some(out) = written(&outcome) else { return };
    let report = outcome.report();
    let versioned: HashSet<_> = report
        .objects
        .iter()
        .filter(|entry| entry.new_name.is_some())
        .map(|entry| (entry.kind, entry.name))
        .collect();
    let before = objects_of(text);
    let is_versioned =
        |object: &Value| versioned.contains(&(field(object, "kind").as_str(), name(object).as_str()));
    let by_id = |objects: Vec<Value>| -> BTreeMap<_, _> {
        objects.into_iter().map(|object| (id(&object), object)).collect()
    };
    let theirs = by_id(kustomize(kubectl, &before, &is_versioned));
    let ours = by_id(objects_of(&out));
    for before in &before {
        let id = id(before);
        let (Some(ours), Some(theirs)) = (ours.get(&id), theirs.get(&id)) else {
            panic!("{id:?} is missing from {:?} or {:?}", ours.keys(), theirs.keys());
        };
        leaves(before, ours, theirs, &field(before, "kind").to_string(), seen);
    }
}

/// Compares each text. If only kustomize left it unchanged, kustomize may not know the path.
fn leaves(before: &Value, ours: &Value, theirs: &Value, path: &str, seen: &mut Seen) {
    match before {
        Value::Mapping(entries) => {
            // The suffix already covers the content.
            let content =
                |key: &Value| key.as_str().is_some_and(|key| key.ends_with("ata") && key != "metadata");
            for (key, before) in entries.iter().filter(|(key, _)| !content(key)) {
                let path = format!("{path}.{}", key.as_str().unwrap_or("?"));
                leaves(before, &ours[key], &theirs[key], &path, seen);
            }
        }
        Value::Sequence(items) => {
            for (index, before) in items.iter().enumerate() {
                leaves(before, &ours[index], &theirs[index], &format!("{path}[]"), seen);
            }
        }
        _ if theirs == before && ours != before && !path.ends_with(".immutable") => {
            seen.by_us_alone.insert(path.to_owned());
        }
        _ if theirs == before => {}
        _ => {
            assert_eq!(ours, theirs, "{path}");
            seen.by_both += 1;
        }
    }
}

/// Returns the output of `kubectl kustomize` for these objects, of which it versions some.
fn kustomize(kubectl: &Path, objects: &[Value], versioned: &dyn Fn(&Value) -> bool) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut resources = String::new();
    for object in objects {
        let mut object = object.clone();
        if versioned(&object) {
            object["metadata"]["annotations"][NEEDS_HASH_SUFFIX] = Value::from("enabled");
        }
        resources += &format!("---\n{}\n", json(&object));
    }
    fs::write(folder.path().join("resources.yaml"), &resources).expect("the resources are written");
    fs::write(folder.path().join("kustomization.yaml"), "resources: [resources.yaml]\n")
        .expect("it is written");
    objects_of(&tools::stdout(Command::new(kubectl).arg("kustomize").arg(folder.path()), &resources))
}

fn new_names(text: &str, hash: Hash) -> BTreeMap<String, String> {
    let source = source(text);
    let outcome = rewrite(&source, &Options { hash, ..Options::default() });
    let report = outcome.report();
    report
        .objects
        .iter()
        .map(|entry| (entry.name.to_owned(), entry.new_name.clone().unwrap_or_default()))
        .collect()
}

fn named(mut node: Node, name: &str) -> Node {
    let mode = map([("immutably.dev/mode", text("version"))]);
    let metadata = map([("name", text(name)), ("annotations", mode)]);
    if let Node::Map(entries) = &mut node {
        entries.retain(|(key, _)| key != "metadata");
    }
    node.with("metadata", Some(metadata))
}

fn objects_of(text: &str) -> Vec<Value> {
    let documents = streams::split(text);
    documents.iter().map(|document| streams::parse(document).expect("serde_yaml reads it")).collect()
}

fn fixture(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns kind, namespace, and name without suffix.
fn id(object: &Value) -> (String, String, String) {
    let name = name(object);
    let base = name
        .rsplit_once('-')
        .filter(|(_, suffix)| suffix.len() == 10)
        .map_or(name.as_str(), |(base, _)| base);
    let namespace = object["metadata"].get("namespace").and_then(Value::as_str).unwrap_or_default();
    (field(object, "kind"), namespace.to_owned(), base.to_owned())
}

fn name(object: &Value) -> String {
    field(&object["metadata"], "name")
}

fn field(object: &Value, name: &str) -> String {
    object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn json(value: &Value) -> String {
    streams::json::escaped(serde_json::to_string(value).expect("manifests are JSON"))
}
