//! What the filter adds besides new names. With annotations and originals enabled, random streams still contain the
//! same objects, read by serde_yaml as an independent reader, and a second run changes nothing.

#![allow(clippy::expect_used)] // a test fails by panicking

mod library;
mod streams;

use immutably::options::{Deployer, Options, Pattern, Patterns, Unreferenced};
use library::output;
use proptest::prelude::*;
use serde_yaml::{Mapping, Value};
use streams::{cases, stream};

/// Enables everything that adds to the output.
fn all() -> Options {
    Options {
        retain: vec![Deployer::Helm, Deployer::ArgoCd, Deployer::Flux, Deployer::Kapp],
        checksum_left_alone: true,
        keep_original: vec![Pattern::parse("*/*").expect("a pattern")].into(),
        ..plain()
    }
}

/// Disables all of that, including originals of unreferenced objects.
fn plain() -> Options {
    Options { unreferenced: Unreferenced::Version, ..Options::default() }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn running_twice_is_running_once(stream in stream()) {
        let Some(once) = output(&stream.text(), &all()) else { return Ok(()) };
        prop_assert_eq!(output(&once, &all()), Some(once));
    }

    #[test]
    fn stamps_are_all_that_is_added(stream in stream()) {
        let text = stream.text();
        let with = Options { keep_original: Patterns::default(), ..all() };
        let (Some(plain), Some(stamped)) = (output(&text, &plain()), output(&text, &with)) else { return Ok(()) };
        let (Some(plain), Some(stamped)) = (objects(&plain), objects(&stamped)) else { return Ok(()) };
        let bare = |objects: &[Value]| objects.iter().cloned().map(unstamped).collect::<Vec<_>>();
        prop_assert_eq!(bare(&plain), bare(&stamped));
        for (plain, stamped) in plain.iter().zip(&stamped) {
            let versioned = immutable(plain) && named(plain).is_some();
            let kept = annotation(stamped, "helm.sh/resource-policy") == Some("keep");
            prop_assert!(!versioned || kept || plain == stamped && immutable_before(&text, plain), "{:?}", stamped);
        }
    }

    #[test]
    fn an_original_is_the_object_as_it_was(stream in stream()) {
        let text = stream.text();
        let with = Options { keep_original: all().keep_original, ..Options::default() };
        let Some(out) = output(&text, &with) else { return Ok(()) };
        let (Some(before), Some(after)) = (objects(&text), objects(&out)) else { return Ok(()) };
        // kustomize names these objects itself, including copies.
        let theirs = |object: &&Value| annotation(object, "internal.config.kubernetes.io/needsHashSuffix").is_some();
        let targets = before.iter().filter(|object| is_target(object) && !theirs(object));
        for object in targets.filter(|object| !immutable(object)) {
            let there = after.iter().filter(|other| unstamped((*other).clone()) == unstamped(object.clone())).count();
            prop_assert!(there >= 1, "{:?} is missing", object);
        }
        prop_assert!(after.len() <= before.len() * 2);
    }
}

fn objects(text: &str) -> Option<Vec<Value>> {
    let ended = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let documents: Option<Vec<Value>> =
        streams::split(&ended).iter().map(|text| streams::parse(text)).collect();
    Some(documents?.iter().flat_map(streams::objects_in).cloned().collect())
}

fn is_target(object: &Value) -> bool {
    let text = |field: &str| object.get(field).and_then(Value::as_str);
    text("apiVersion") == Some("v1") && matches!(text("kind"), Some("ConfigMap" | "Secret"))
}

fn immutable(object: &Value) -> bool {
    is_target(object) && object.get("immutable").and_then(Value::as_bool) == Some(true)
}

/// True if the stream already contained exactly this object: it was left alone.
fn immutable_before(text: &str, object: &Value) -> bool {
    objects(text).is_some_and(|before| before.contains(object))
}

fn named(object: &Value) -> Option<&str> {
    object.get("metadata")?.get("name")?.as_str()
}

fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

/// Returns the value without the annotations that `all` enables, and without metadata that is empty as a result.
fn unstamped(value: Value) -> Value {
    match value {
        Value::Mapping(mapping) => {
            let entries = mapping.into_iter().filter_map(|(key, value)| {
                let name = key.as_str().unwrap_or_default();
                let stamp = [
                    "helm.sh/",
                    "argocd.",
                    "kustomize.toolkit",
                    "kapp.k14s",
                    "checksum.immutably",
                    "immutably.dev/original",
                ];
                let value = unstamped(value);
                let empty = value.is_null() || value.as_mapping().is_some_and(Mapping::is_empty);
                let made = matches!(name, "metadata" | "annotations") && empty;
                (!made && !stamp.iter().any(|stamp| name.starts_with(stamp))).then_some((key, value))
            });
            Value::Mapping(entries.collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(unstamped).collect()),
        other => other,
    }
}
