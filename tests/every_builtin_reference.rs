//! Every field of the built-in API that refers to a ConfigMap or Secret: one row each in `data/builtin-paths.tsv`.
//!
//! The rows spell out each path, without the shapes that the rules share, so that a mistake in a shape shows. Each row
//! becomes a small object, with a ConfigMap or Secret of that name, and goes through the library as JSON.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod library;
mod places;

use immutably::Options;
use places::steps;
use serde_json::{Value, json};

const TABLE: &str = include_str!("data/builtin-paths.tsv");

/// The name of the target object, and its namespace.
const NAME: &str = "wanted";
const HERE: &str = "here";
const ELSEWHERE: &str = "elsewhere";

/// Cluster-scoped kinds in the table.
const CLUSTER_SCOPED: [&str; 9] = [
    "ClusterRole",
    "IngressClass",
    "MutatingAdmissionPolicyBinding",
    "Node",
    "PersistentVolume",
    "StorageClass",
    "ValidatingAdmissionPolicyBinding",
    "VolumeAttachment",
    "VolumeAttributesClass",
];

#[test]
fn the_table_holds_every_place() {
    assert_eq!(rows().len(), 312);
    for row in rows() {
        assert!(["ConfigMap", "Secret"].contains(&row.names), "{row:?}");
        assert!(["rewritten", "left"].contains(&row.verdict), "{row:?}");
        assert_eq!(row.verdict == "left", !row.reason.is_empty(), "{row:?}");
    }
}

#[test]
fn a_place_that_names_an_object_gets_its_new_name() {
    check("rewritten", |row| {
        let found = name_after(row, &target(row.names), &row.object(Some(HERE)));
        (found == new_name(row.names)).then_some(()).ok_or(found)
    });
}

#[test]
fn a_place_that_is_left_keeps_its_text() {
    check("left", |row| unchanged(name_after(row, &target(row.names), &row.object(Some(HERE)))));
}

#[test]
fn an_object_of_another_kind_is_not_meant() {
    check("rewritten", |row| {
        let other = if row.names == "Secret" { "ConfigMap" } else { "Secret" };
        unchanged(name_after(row, &target(other), &row.object(Some(HERE))))
    });
}

#[test]
fn a_kind_of_another_group_is_not_meant() {
    check("rewritten", |row| {
        let mut object = row.object(Some(HERE));
        match row.told_by {
            "kind" => {
                *place(&mut object, &row.beside("apiGroup")) = json!("example.com");
                *place(&mut object, &row.beside("apiVersion")) = json!("example.com/v1");
            }
            "resources" => *place(&mut object, &row.beside("apiGroups")) = json!(["example.com"]),
            _ => return Ok(()),
        }
        unchanged(name_after(row, &target(row.names), &object))
    });
}

#[test]
fn an_object_in_another_namespace_is_not_meant() {
    check("rewritten", |row| {
        if row.namespace == "any" {
            return Ok(());
        }
        unchanged(name_after(row, &target(row.names), &row.object(Some(ELSEWHERE))))
    });
}

#[test]
fn without_a_namespace_the_only_candidate_is_meant() {
    check("rewritten", |row| {
        let found = name_after(row, &target(row.names), &row.object(None));
        (found == new_name(row.names)).then_some(()).ok_or(found)
    });
}

/// A row. The head of the table describes the columns.
#[derive(Debug)]
struct Row<'t> {
    group: &'t str,
    kind: &'t str,
    path: &'t str,
    names: &'t str,
    told_by: &'t str,
    namespace: &'t str,
    verdict: &'t str,
    reason: &'t str,
}

fn rows() -> Vec<Row<'static>> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            Row {
                group: next(),
                kind: next(),
                path: next(),
                names: next(),
                told_by: next(),
                namespace: next(),
                verdict: next(),
                reason: next(),
            }
        })
        .collect()
}

impl Row<'_> {
    /// Returns an object with [`NAME`] in the field of the row. It refers to the object in `namespace`; `None` leaves
    /// the namespace open.
    fn object(&self, namespace: Option<&str>) -> Value {
        let mut object = json!({});
        *place(&mut object, self.path) = json!(NAME);
        *place(&mut object, "apiVersion") = json!(self.api_version());
        *place(&mut object, "kind") = json!(self.kind);
        *place(&mut object, "metadata.name") = json!("user");
        match self.told_by {
            "kind" => *place(&mut object, &self.beside("kind")) = json!(self.names),
            "resources" => {
                *place(&mut object, &self.beside("apiGroups")) = json!([""]);
                *place(&mut object, &self.beside("resources")) =
                    json!([format!("{}s", self.names.to_lowercase())]);
            }
            "param" => *place(&mut object, "spec.policyName") = json!("policy"),
            "item" => {
                *place(&mut object, "items[].apiVersion") = json!("v1");
                *place(&mut object, "items[].kind") = json!("Pod");
                *place(&mut object, "items[].metadata") = json!({ "name": "item", "namespace": namespace });
            }
            "" => {}
            other => panic!("{other} tells nothing"),
        }
        match self.namespace_field() {
            // If a field gives the namespace, the object's own namespace must not count.
            Some(_) if !self.is_cluster_scoped() => *place(&mut object, "metadata.namespace") = json!(HERE),
            None if !self.is_cluster_scoped() && namespace.is_some() => {
                *place(&mut object, "metadata.namespace") = json!(namespace);
            }
            _ => {}
        }
        if let (Some(field), Some(namespace)) = (self.namespace_field(), namespace) {
            *place(&mut object, field) = json!(namespace);
        }
        object
    }

    /// Returns the path of a field next to that of the row, or next to the list that contains it.
    fn beside(&self, field: &str) -> String {
        self.path.rsplit_once('.').map_or_else(|| field.to_owned(), |(at, _)| format!("{at}.{field}"))
    }

    /// Returns the policy that defines the kind of parameter for the binding of the row.
    fn policy(&self) -> Option<Value> {
        (self.told_by == "param").then(|| {
            json!({
                "apiVersion": self.api_version(),
                "kind": self.kind.strip_suffix("Binding"),
                "metadata": { "name": "policy" },
                "spec": { "paramKind": { "apiVersion": "v1", "kind": self.names } },
            })
        })
    }

    fn api_version(&self) -> String {
        if self.group == "core" { "v1".to_owned() } else { format!("{}/v1", self.group) }
    }

    fn namespace_field(&self) -> Option<&str> {
        Some(self.namespace).filter(|field| !matches!(*field, "" | "any"))
    }

    fn is_cluster_scoped(&self) -> bool {
        CLUSTER_SCOPED.contains(&self.kind)
    }
}

/// Runs the check on every row with this verdict, and lists all rows that fail, with what was found.
fn check(verdict: &str, check: impl Fn(&Row<'_>) -> Result<(), String>) {
    let rows = rows();
    let checked: Vec<&Row<'_>> = rows.iter().filter(|row| row.verdict == verdict).collect();
    let failed: Vec<String> = checked
        .iter()
        .filter_map(|row| {
            let found = check(row).err()?;
            Some(format!("{}/{} {} -> {}: found {found}", row.group, row.kind, row.path, row.names))
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} rows fail:\n{}", failed.len(), checked.len(), failed.join("\n"));
}

fn unchanged(found: String) -> Result<(), String> {
    if found == NAME { Ok(()) } else { Err(found) }
}

/// Returns the ConfigMap or Secret with the name.
fn target(kind: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": kind,
        // Versioned even if its name is in a field that is not rewritten.
        "metadata": { "name": NAME, "namespace": HERE, "annotations": { "immutably.dev/mode": "version" } },
        "data": { "key": "" },
    })
}

/// Returns the new name of [`target`].
fn new_name(kind: &str) -> String {
    name_at(&output(&[&target(kind)])[0], "metadata.name")
}

/// Returns the value of the field in the output of a stream with this target and object.
fn name_after(row: &Row<'_>, target: &Value, object: &Value) -> String {
    let policy = row.policy();
    let mut stream = vec![object, target];
    stream.extend(&policy);
    let output = output(&stream);
    assert_ne!(name_at(&output[1], "metadata.name"), NAME, "the target of {row:?} is versioned");
    name_at(&output[0], row.path)
}

/// Returns the output of the library.
fn output(objects: &[&Value]) -> Vec<Value> {
    let input: String = objects.iter().map(|object| format!("{object}\n")).collect();
    let written = library::output(&input, &Options::default()).expect("nothing is wrong with it");
    let values = serde_json::Deserializer::from_str(&written).into_iter();
    values.map(|value| value.expect("the output is JSON")).collect()
}

fn name_at(object: &Value, path: &str) -> String {
    let name = object.pointer(&format!("/{}", steps(path).join("/"))).and_then(Value::as_str);
    name.unwrap_or_else(|| panic!("{path} in {object}")).to_owned()
}

/// Returns the value at a path. Creates missing parts.
fn place<'v>(object: &'v mut Value, path: &str) -> &'v mut Value {
    places::at(object, &steps(path))
}
