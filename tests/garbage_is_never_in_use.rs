//! The promise of `immutably gc`, on random exports: an object is never garbage if its name occurs anywhere else in the
//! export.
//!
//! This test uses no rules. It searches for the name in the JSON of every other object that can read the object.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod library;
mod streams;

use immutably::garbage::{self, Criteria, Sorted};
use immutably::{Options, Source};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use streams::objects::{Node, object};
use streams::{cases, samples};

const NAMESPACES: [&str; 3] = ["web", "prod", "dev"];
const ANYTHING_OLD: Criteria = Criteria { keep: 0, older_than: 0, now: 1_795_590_827, allow_no_pods: false };

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn what_is_named_anywhere_else_is_never_garbage(objects in vec(object(), 0..16)) {
        let Some(export) = export(&objects) else { return Ok(()) };
        let items = items(&export);
        for (namespace, name) in garbage_of_namespaces(&export) {
            let names = |item: &&Value| {
                item["metadata"]["name"] != name && item.to_string().contains(&name) && reads(item, &namespace)
            };
            let named = items.iter().find(names);
            prop_assert!(named.is_none(), "{} is called garbage, and {:?} names it", name, named);
        }
    }

    #[test]
    fn what_is_spared_are_the_newest(objects in vec(object(), 0..16), keep in 0usize..4) {
        let Some(export) = export(&objects) else { return Ok(()) };
        let all = garbage(&export);
        let source = Source::new("export.json", export).unwrap();
        let sorted = garbage::sort(&source, &Options::default(), &Criteria { keep, ..ANYTHING_OLD });
        let fewer: Vec<String> = sorted.garbage().map(|object| object.name.to_string()).collect();
        prop_assert!(fewer.iter().all(|name| all.contains(name)), "{:?} of {:?}", fewer, all);
        prop_assert!(keep > 0 || fewer == all);
    }

    #[test]
    fn an_export_in_pieces_is_sorted_as_one(objects in vec(object(), 0..16)) {
        let Some(export) = export(&objects) else { return Ok(()) };
        // A list in flow style with a comment is not JSON, so it is parsed as a whole.
        let whole = format!("{export} # as a whole\n");
        prop_assert_eq!(garbage(&export), garbage(&whole));
    }
}

#[test]
fn random_exports_hold_garbage_and_what_is_in_use() {
    let (mut all, mut may_go) = (0, 0);
    for export in samples(&vec(object(), 6..16), 100).iter().filter_map(|objects| export(objects)) {
        let source = Source::new("export.json", export).unwrap();
        let sorted = sort(&source);
        all += sorted.objects.len();
        may_go += sorted.garbage().count();
    }
    assert!(may_go > 20 && all > may_go + 20, "{may_go} of {all}");
}

#[test]
fn a_cut_export_never_yields_garbage() {
    let export = export(&samples(&vec(object(), 4..12), 40).concat()).expect("a stream that is not refused");
    let whole = garbage(&export);
    assert!(!whole.is_empty());
    for length in
        (0..export.trim_end().len()).step_by(export.len() / 60).filter(|at| export.is_char_boundary(*at))
    {
        let source = Source::new("export.json", &export[..length]).unwrap();
        let sorted = sort(&source);
        assert!(sorted.refused(), "cut at {length}");
        let mut out = Vec::new();
        sorted.write(&mut out).unwrap();
        assert!(out.is_empty(), "cut at {length}");
    }
}

fn sort(source: &Source) -> Sorted<'_> {
    garbage::sort(source, &Options::default(), &ANYTHING_OLD)
}

/// True if the item can read objects of this namespace: pods and their controllers read only their own, unless they
/// name another.
fn reads(item: &Value, namespace: &str) -> bool {
    let version = item["apiVersion"].as_str().unwrap_or_default();
    let own = matches!(version.split('/').next(), Some("v1" | "apps" | "batch" | "networking.k8s.io"))
        && item["kind"] != "ConfigMap"
        && item["kind"] != "Secret";
    !own || item["metadata"]["namespace"] == namespace || item.to_string().contains(namespace)
}

fn garbage_of_namespaces(export: &str) -> Vec<(String, String)> {
    let source = Source::new("export.json", export).unwrap();
    let sorted = sort(&source);
    sorted.garbage().map(|object| (object.namespace.to_string(), object.name.to_string())).collect()
}

fn garbage(export: &str) -> Vec<String> {
    let source = Source::new("export.json", export).unwrap();
    let sorted = sort(&source);
    assert!(!sorted.refused(), "{:?}\n{export}", sorted.diagnostics);
    sorted.garbage().map(|object| object.name.to_string()).collect()
}

/// Returns the versioned objects as in a cluster; `None` if the stream is refused.
fn export(objects: &[Node]) -> Option<String> {
    let mut items: Vec<Value> =
        objects.iter().map(|node| serde_json::to_value(node.value()).unwrap()).collect();
    for (day, item) in items.iter_mut().enumerate() {
        let metadata = &mut item["metadata"];
        let namespace = metadata["namespace"].as_str().unwrap_or(NAMESPACES[0]).to_owned();
        metadata["namespace"] = namespace.into();
        metadata["creationTimestamp"] = format!("2026-10-{:02}T08:00:00Z", 1 + day % 28).into();
    }
    for namespace in NAMESPACES {
        for (version, kind) in [("apps/v1", "ReplicaSet"), ("apps/v1", "ControllerRevision"), ("v1", "Pod")] {
            let metadata = json!({"name": "other", "namespace": namespace});
            items.push(json!({"apiVersion": version, "kind": kind, "metadata": metadata}));
        }
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
    library::output(&serde_json::to_string_pretty(&list).unwrap(), &Options::default())
}

fn items(export: &str) -> Vec<Value> {
    let list: Value = serde_json::from_str(export).unwrap();
    list["items"].as_array().cloned().unwrap_or_default()
}
