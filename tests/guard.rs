//! The admission policies in integrations/policy exempt the objects that the filter leaves alone, and refuse those that
//! it would change.
//!
//! `UPDATE=1 cargo test --test guard` writes the generated parts again; read the difference before committing it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "guard/admission.rs"]
mod admission;
#[path = "guard/exemptions.rs"]
mod exemptions;
mod program;

use admission::{Policy, Request, Verdict};
use exemptions::{conditions, rows};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const FILES: [&str; 3] = ["configmaps.yaml", "secrets.yaml", "kyverno.yaml"];
const BEGIN: &str = "    # generated from the tables: begin\n";
const END: &str = "    # generated from the tables: end\n";
/// The most match conditions that the API server accepts.
const MOST_CONDITIONS: usize = 64;

#[test]
fn the_files_hold_what_the_tables_say() {
    for file in FILES {
        let (held, wanted) = (fs::read_to_string(path(file)).expect(file), generated(file));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(path(file), wanted).expect(file);
        } else {
            assert_eq!(held, wanted, "{file}: run UPDATE=1 cargo test --test guard");
        }
    }
}

#[test]
fn each_row_exempts_an_object_and_nothing_that_is_nearly_one() {
    for policy in policies() {
        let kind = kind(&policy);
        for row in rows().iter().filter(|row| row.kinds.contains(&kind)) {
            // Each pattern is tested twice: with a word in place of the star, and with nothing.
            for filler in ["some", ""] {
                let namespace = row.namespaces.first().map_or("prod", |pattern| pattern).replace('*', filler);
                let request = like(kind, row.by, &row.pattern.replace('*', filler), &namespace);
                let verdict = policy.verdict(&request);
                assert!(matches!(verdict, Verdict::Exempt(_)), "{kind} {}: {verdict:?}", row.pattern);
            }
            // Only a pattern without a star at either end has a similar name that does not match.
            if !row.pattern.ends_with('*') && !row.pattern.starts_with('*') {
                let near = like(kind, row.by, &format!("x{}", row.pattern.replace('*', "some")), "prod");
                assert!(matches!(policy.verdict(&near), Verdict::Refused(_)), "{kind} x{}", row.pattern);
            }
            if !row.namespaces.is_empty() {
                let elsewhere = like(kind, row.by, &row.pattern.replace('*', "some"), "prod");
                let is_exempt_anywhere = rows().iter().any(|other| {
                    other.kinds.contains(&kind) && other.pattern == row.pattern && other.namespaces.is_empty()
                });
                assert!(
                    is_exempt_anywhere || matches!(policy.verdict(&elsewhere), Verdict::Refused(_)),
                    "{kind} {} in another namespace",
                    row.pattern
                );
            }
        }
    }
}

#[test]
fn what_a_cluster_needs_is_exempt() {
    for policy in policies() {
        let kind = kind(&policy);
        let create = |change: &dyn Fn(&mut Value)| {
            let mut object = plain(kind);
            change(&mut object);
            policy.verdict(&Request { namespace: "prod".to_owned(), object, before: Value::Null })
        };
        let exempt = |name: &str| Verdict::Exempt(name.to_owned());
        assert_eq!(create(&|_| ()), Verdict::Refused(vec![0, 1]), "{kind}");
        let annotated = |key: &str, value: &str| {
            create(&|object| object["metadata"]["annotations"] = json!({key: value}))
        };
        for (key, value) in [("mode", "leave"), ("mode", "checksum"), ("original", "true")] {
            assert_eq!(annotated(&format!("immutably.dev/{key}"), value), exempt("not-marked"));
        }
        assert_eq!(annotated("immutably.dev/mode", "version"), Verdict::Refused(vec![0, 1]));
        assert_eq!(annotated("immutably.dev/original", "false"), Verdict::Refused(vec![0, 1]));
        for hook in ["helm.sh/hook", "argocd.argoproj.io/hook"] {
            assert_eq!(annotated(hook, "PreSync"), exempt("not-a-hook"));
        }
        for label in ["applyset.kubernetes.io/id", "kapp.k14s.io/is-app", "kapp.k14s.io/is-app-change"] {
            let verdict = create(&|object| object["metadata"]["labels"] = json!({label: ""}));
            assert_eq!(verdict, exempt("not-a-record-of-a-deployer"));
        }
        let owned = create(&|object| object["metadata"]["ownerReferences"] = json!([{"name": "web"}]));
        assert_eq!(owned, exempt("not-owned"));
        assert_eq!(create(&|object| object["data"] = json!({})), exempt("has-data"));
        let deleted =
            create(&|object| object["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z"));
        assert_eq!(deleted, exempt("not-being-deleted"));
    }
}

#[test]
fn only_updates_of_content_count() {
    for policy in policies() {
        let before = plain(kind(&policy));
        let update = |before: &Value, change: &dyn Fn(&mut Value)| {
            let mut object = before.clone();
            change(&mut object);
            policy.verdict(&Request { namespace: "prod".to_owned(), object, before: before.clone() })
        };
        let exempt = |name: &str| Verdict::Exempt(name.to_owned());
        assert_eq!(
            update(&before, &|object| object["metadata"]["finalizers"] = json!([])),
            exempt("content-is-new")
        );
        assert_eq!(
            update(&before, &|object| object["data"]["LEVEL"] = json!("eA==")),
            Verdict::Refused(vec![0, 1])
        );
        let mut empty = before;
        empty["data"] = json!({});
        assert_eq!(
            update(&empty, &|object| object["data"] = json!({"LEVEL": "eA=="})),
            exempt("not-filled-later")
        );
        assert_eq!(
            update(&plain(kind(&policy)), &|object| object["immutable"] = json!(true)),
            Verdict::Refused(vec![1]),
            "immutable without a name made from content serves old data after it is made again"
        );
    }
}

#[test]
fn what_the_filter_writes_is_admitted_and_a_forged_suffix_only_where_no_hash_can_be_made() {
    let input = r#"{"apiVersion":"v1","kind":"List","items":[
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web"},"data":{"b":"<a & b>\n","a":"\u2028 ü"},"binaryData":{"c":"eA=="}},
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"only"},"binaryData":{"c":"eA=="}},
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"db"},"data":{"PASSWORD":"eA=="},"type":"Opaque"}]}"#;
    let ended = program::run(&["--unreferenced", "version"], input);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let list: Value = serde_json::from_str(&ended.text()).expect("JSON");
    for file in FILES {
        for policy in Policy::all(&fs::read_to_string(path(file)).expect(file)) {
            let objects = list["items"].as_array().expect("a list").iter();
            for object in objects.filter(|object| object["kind"] == kind(&policy)) {
                let mut request =
                    Request { namespace: "prod".to_owned(), object: object.clone(), before: Value::Null };
                assert_eq!(policy.verdict(&request), Verdict::Admitted, "{file}");
                request.object["data"]["other"] = json!("eQ==");
                let forged =
                    if file == "kyverno.yaml" { Verdict::Refused(vec![1]) } else { Verdict::Admitted };
                assert_eq!(policy.verdict(&request), forged, "{file}");
            }
        }
    }
}

/// Kyverno does not have the key, so it only checks that a keyed suffix has the right form. The mark does not exempt a
/// ConfigMap, or a name in another form.
#[test]
fn a_keyed_suffix_is_admitted() {
    let input = r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db"},"data":{"PASSWORD":"eA=="},"type":"Opaque"}"#;
    let mut program = program::program(&["--unreferenced", "version"]);
    program.env("IMMUTABLY_SECRET_KEY", "correct horse battery staple");
    let ended = program::finish(program, input);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let secret: Value = serde_json::from_str(&ended.text()).expect("JSON");
    for policy in policies() {
        let create = |change: &dyn Fn(&mut Value)| {
            let mut object = secret.clone();
            object["kind"] = json!(kind(&policy));
            change(&mut object);
            policy.verdict(&Request { namespace: "prod".to_owned(), object, before: Value::Null })
        };
        let hashes = policy.makes_hashes();
        let is_secret = kind(&policy) == "Secret";
        let whole = if is_secret || !hashes { Verdict::Admitted } else { Verdict::Refused(vec![1]) };
        assert_eq!(create(&|_| ()), whole, "{}", kind(&policy));
        assert_eq!(create(&|object| object["metadata"]["name"] = json!("db")), Verdict::Refused(vec![1]));
        let unmarked = create(&|object| object["metadata"]["annotations"] = json!({}));
        assert_eq!(unmarked, if hashes { Verdict::Refused(vec![1]) } else { Verdict::Admitted });
    }
}

#[test]
fn messages_name_the_object_and_the_cure() {
    let policies = policies();
    let messages: Vec<String> = policies
        .iter()
        .flat_map(|policy| policy.messages(&like(kind(policy), "name", "web-config", "prod")))
        .collect();
    assert_eq!(messages.len(), 4, "{messages:?}");
    for message in messages {
        assert!(
            message.contains("`web-config`") && message.contains("immutably.dev/mode: leave"),
            "{message}"
        );
    }
}

#[test]
fn policies_keep_the_limits_of_the_api_server() {
    for file in FILES {
        let text = fs::read_to_string(path(file)).expect(file);
        for section in text.split("matchConditions:").skip(1) {
            let conditions = section.split("validations:").next().unwrap_or_default();
            assert!(conditions.matches("- name: ").count() <= MOST_CONDITIONS, "{file}");
        }
    }
}

/// Returns an object that the policies refuse.
fn plain(kind: &str) -> Value {
    json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "web-config", "namespace": "prod"}, "data": {"LEVEL": "eQ=="}})
}

/// Returns a request to create an object that matches a row.
fn like(kind: &str, by: &str, pattern: &str, namespace: &str) -> Request {
    let mut object = plain(kind);
    let (key, value) = pattern.split_once('=').unwrap_or((pattern, "x"));
    match by {
        "type" => object["type"] = json!(pattern),
        "annotation" => object["metadata"]["annotations"] = json!({key: value}),
        "label" => object["metadata"]["labels"] = json!({key: value}),
        _ => object["metadata"]["name"] = json!(pattern),
    }
    object["metadata"]["namespace"] = json!(namespace);
    Request { namespace: namespace.to_owned(), object, before: Value::Null }
}

fn kind(policy: &Policy) -> &'static str {
    if policy.resource == "secrets" { "Secret" } else { "ConfigMap" }
}

/// Returns the policies of all files. The Kyverno policies are evaluated too, with their exemptions.
fn policies() -> Vec<Policy> {
    FILES.iter().flat_map(|file| Policy::all(&fs::read_to_string(path(file)).expect(file))).collect()
}

/// Returns the file with its generated parts made again.
fn generated(file: &str) -> String {
    let text = fs::read_to_string(path(file)).expect(file);
    let rows = rows();
    let (mut rest, mut out) = (text.as_str(), String::new());
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let kind = if before.contains("[secrets]") { "Secret" } else { "ConfigMap" };
        let lines = conditions(kind, &rows);
        out.push_str(before);
        out.push_str(BEGIN);
        out.extend(lines.lines().map(|line| format!("    {line}\n")));
        out.push_str(END);
        rest = after.split_once(END).expect("the end of what is generated").1;
    }
    out + rest
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("integrations/policy").join(file)
}
