//! Chains of releases: every object that old pods use is present, each object occurs once, and the output does not grow
//! without limit.
//!
//! The test reads the outputs with serde_yaml, and needs to know nothing about the program except the name of one
//! annotation.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod library;
mod program;
mod streams;

use immutably::generations::Previous;
use immutably::options::{Keep, Options};
use immutably::{Source, rewrite, rewrite_after};
use library::{source, written};
use program::files::folder;
use program::run_in;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use serde_yaml::Value;
use std::collections::BTreeSet;
use streams::cases;

/// How a stream is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Documents,
    List,
    JsonList,
    JsonObjects,
}

const FORMS: [Form; 4] = [Form::Documents, Form::List, Form::JsonList, Form::JsonObjects];

/// One release: the content of each of a few objects; `None` for an absent one.
type Release = [Option<u8>];

/// Kind and name.
type Named = (String, String);

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn what_workloads_of_the_last_releases_use_is_there(
        releases in vec(vec(proptest::option::weighted(0.7, 0u8..4), 4), 1..9),
        keep in 0u32..4,
        form in proptest::sample::select(FORMS.to_vec()),
        seed in any::<u64>(),
    ) {
        let options = Options { keep: Keep(keep), ..Options::default() };
        let mut outputs: Vec<String> = Vec::new();
        let mut last = None;
        for release in &releases {
            let stream = stream(release, form, seed);
            let output = after(&stream, outputs.last(), &options)?;
            if last == Some(release) {
                prop_assert_eq!(Some(&output), outputs.last(), "what does not change gives the same output");
                continue;
            }
            last = Some(release);
            prop_assert_eq!(&after(&output, outputs.last(), &options)?, &output, "put in again");
            prop_assert_eq!(&after(&output, None, &options)?, &output, "put in again by itself");
            outputs.push(output);
            check(&outputs, keep as usize)?;
        }
    }

    #[test]
    fn the_form_of_what_was_deployed_makes_no_difference(
        before in vec(proptest::option::weighted(0.7, 0u8..4), 4),
        now in vec(proptest::option::weighted(0.7, 0u8..4), 4),
        form in proptest::sample::select(FORMS.to_vec()),
        seed in any::<u64>(),
    ) {
        let options = Options::default();
        let carried = |form| {
            let before = after(&stream(&before, form, seed), None, &options)?;
            let output = after(&stream(&now, Form::Documents, seed), Some(&before), &options)?;
            let ages = objects(&output).into_iter().filter_map(|object| Some((name(&object)?, age(&object))));
            Ok::<_, TestCaseError>(ages.collect::<BTreeSet<_>>())
        };
        prop_assert_eq!(carried(form)?, carried(Form::Documents)?);
    }

    #[test]
    fn whatever_was_deployed_the_stream_comes_out_the_same(
        stream in streams::stream(),
        earlier in streams::stream(),
        how in streams::mutation::mutations(),
    ) {
        let text = stream.text();
        // A grant also gets the names that are carried forward: `lifetime/a-grant-also-for-what-is-carried-forward`.
        if text.contains("resourceNames") {
            return Ok(());
        }
        let (Some(alone), Some(before)) = (output(&text, &[]), output(&earlier.text(), &[])) else { return Ok(()) };
        for before in [before.clone(), streams::mutation::mutate(&before, &how)] {
            let Ok(before) = Source::new("before", before) else { continue };
            let previous = [Previous::from(before)];
            let Some(after) = output(&text, &previous) else { continue };
            prop_assert_eq!(output(&after, &previous), Some(after.clone()), "put in again");
            prop_assert_eq!(output(&after, &[]), Some(after.clone()), "put in again by itself");
            let now = source(&text);
            let as_documents = rewrite_after(&now, &previous, &Options::default()).generations().as_documents;
            // What somebody outside may read stays beside its version: `generations/what-nothing-referred-to-keeps-its-name`.
            if as_documents && !after.contains("immutably.dev/original-for") {
                prop_assert!(after.starts_with(&alone), "{alone}\n=== became:\n{after}");
            }
        }
    }
}

/// Returns the output; `None` if the stream is refused.
fn output(stream: &str, previous: &[Previous]) -> Option<String> {
    written(&rewrite_after(&source(stream), previous, &Options::default()))
}

#[test]
fn values_of_a_secret_are_not_shown_in_a_difference() {
    let secret = |value: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData:\n  password: {value}\n---\n{}",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n  containers:\n  - envFrom: [{secretRef: {name: db}}]\n"
        )
    };
    let before = after(&secret("hunter2"), None, &Options::default()).unwrap();
    let folder = folder(&[("before.yaml", &before), ("now.yaml", &secret("correct-horse"))]);
    let shown = run_in(&folder, &["--diff", "--previous", "before.yaml", "now.yaml"], "").text();
    assert!(shown.contains("(carried forward)"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("correct-horse"), "{shown}");
}

#[test]
fn something_to_carry_is_a_change() {
    let release = |content| stream(&[Some(content)], Form::Documents, 0);
    let output = |content| after(&release(content), None, &Options::default()).unwrap();
    let (before, now) = (Source::new("before", output(0)).unwrap(), Source::new("now", output(1)).unwrap());
    assert!(!rewrite(&now, &Options::default()).changes());
    let previous = [Previous::from(before)];
    assert!(rewrite_after(&now, &previous, &Options::default()).changes());
}

/// Returns the output of a stream with a previous manifest.
fn after(stream: &str, before: Option<&String>, options: &Options) -> Result<String, TestCaseError> {
    let source = source(stream);
    let previous: Vec<Previous> =
        before.into_iter().map(|text| Source::new("before", text.as_str()).unwrap().into()).collect();
    let outcome = rewrite_after(&source, &previous, options);
    prop_assert!(!outcome.refused(), "{:?}\n{stream}", outcome.diagnostics());
    let warned = outcome.diagnostics().iter().find(|finding| finding.previous.is_some());
    prop_assert!(warned.is_none(), "{warned:?}");
    Ok(written(&outcome).unwrap())
}

/// Returns a stream with a ConfigMap or Secret for each content, and a Deployment that refers to all of them.
fn stream(release: &Release, form: Form, seed: u64) -> String {
    let named = |number: usize| {
        if is_config_map(number) { ("ConfigMap", "configMapRef") } else { ("Secret", "secretRef") }
    };
    let there = || release.iter().enumerate().filter_map(|(number, content)| Some((number, (*content)?)));
    let references = there().map(|(number, _)| {
        let (_, field) = named(number);
        json!({field: {"name": format!("web-{number}")}})
    });
    let template =
        json!({"spec": {"containers": [{"name": "web", "envFrom": references.collect::<Vec<_>>()}]}});
    let mut objects: Vec<Json> = there()
        .map(|(number, content)| {
            let field = if is_config_map(number) { "data" } else { "stringData" };
            let text = format!("level = {content}\n\n  more = {seed}\n");
            let metadata = json!({"name": format!("web-{number}")});
            json!({"apiVersion": "v1", "kind": named(number).0, "metadata": metadata, field: {"app.conf": text}})
        })
        .collect();
    objects.push(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"template": template}}));
    write(&objects, form)
}

/// True for a ConfigMap; the other objects are Secrets.
fn is_config_map(number: usize) -> bool {
    number.is_multiple_of(2)
}

fn write(objects: &[Json], form: Form) -> String {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    match form {
        Form::Documents => {
            let document = |object| format!("# one\n{}", serde_yaml::to_string(object).unwrap());
            objects.iter().map(document).collect::<Vec<_>>().join("---\n")
        }
        Form::List => serde_yaml::to_string(&list).unwrap(),
        Form::JsonList => serde_json::to_string_pretty(&list).unwrap(),
        Form::JsonObjects => objects.iter().map(|object| format!("{object}\n")).collect(),
    }
}

/// Checks the last output: it contains exactly the objects that recent releases use.
fn check(outputs: &[String], keep: usize) -> Result<(), TestCaseError> {
    let (last, recent) = (outputs.last().unwrap(), &outputs[outputs.len().saturating_sub(keep + 1)..]);
    let all: Vec<(Named, u64)> =
        objects(last).iter().filter_map(|object| Some((name(object)?, age(object)))).collect();
    let there: BTreeSet<&Named> = all.iter().map(|(name, _)| name).collect();
    prop_assert_eq!(there.len(), all.len(), "an object stands twice:\n{}", last);
    let mut used = BTreeSet::new();
    for output in recent {
        used.extend(references(output));
    }
    let missing: Vec<&Named> = used.iter().filter(|name| !there.contains(name)).collect();
    prop_assert!(missing.is_empty(), "{missing:?} is missing in\n{last}");
    prop_assert_eq!(there.len(), used.len(), "something is there that no recent release used:\n{}", last);
    let current = references(last);
    for (name, age) in &all {
        prop_assert_eq!(current.contains(name), *age == 0, "{:?} is {} releases old", name, age);
        prop_assert!(*age <= keep as u64);
    }
    Ok(())
}

fn objects(output: &str) -> Vec<Value> {
    let documents: Vec<Value> =
        streams::split(output).iter().map(|document| streams::parse(document).expect("YAML")).collect();
    documents.iter().flat_map(streams::objects_in).cloned().collect()
}

/// Returns kind and name of a ConfigMap or Secret.
fn name(object: &Value) -> Option<Named> {
    let kind = object.get("kind")?.as_str().filter(|kind| matches!(*kind, "ConfigMap" | "Secret"))?;
    Some((kind.to_owned(), object.get("metadata")?.get("name")?.as_str()?.to_owned()))
}

fn age(object: &Value) -> u64 {
    let annotations = object.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let age = annotations.and_then(|annotations| annotations.get("immutably.dev/generations-ago"));
    age.map_or(0, |age| age.as_str().expect("text").parse().expect("a number"))
}

/// Returns the references of the Deployments in an output.
fn references(output: &str) -> BTreeSet<Named> {
    let mut found = BTreeSet::new();
    for object in objects(output).iter().filter(|object| object["kind"].as_str() == Some("Deployment")) {
        let from = &object["spec"]["template"]["spec"]["containers"][0]["envFrom"];
        for reference in from.as_sequence().into_iter().flatten() {
            for (field, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
                let name = reference.get(field).and_then(|reference| reference.get("name")?.as_str());
                found.extend(name.map(|name| (kind.to_owned(), name.to_owned())));
            }
        }
    }
    found
}
