//! The promises, on random streams: only what is in the plan changes, a second run changes nothing, order does not
//! matter, a refused stream writes nothing, and `immutable` is set only if the name contains the hash.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod library;
mod specification;
mod streams;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use immutably::edits::edit::Cause;
use immutably::findings::diagnostic::Code;
use immutably::options::{Hash, HelmSecrets, Options, Unreferenced};
use immutably::rewrite;
use library::source;
use proptest::prelude::*;
use serde_yaml::Value;
use specification::suffix_of;
use std::collections::BTreeMap;
use streams::{cases, objects, stream, stream_of};

const BOTH: [Hash; 2] = [Hash::Stored, Hash::Kustomize];

/// Returns the output; `None` if the stream is refused.
fn output(text: &str, hash: Hash) -> Option<String> {
    library::output(text, &Options { hash, ..Options::default() })
}

/// Disables originals, so that the number of objects stays the same. `additions_are_harmless` tests originals.
fn without_originals() -> Options {
    let (unreferenced, helm_secrets) = (Unreferenced::Version, HelmSecrets::Version);
    Options { unreferenced, helm_secrets, ..Options::default() }
}

/// Kind, namespace, name and new name of an object.
type Named = (String, Option<String>, String, Option<String>);

/// Returns the names of every ConfigMap and Secret, sorted; `None` if the stream is refused.
fn names(text: &str) -> Option<Vec<Named>> {
    let source = source(text);
    let outcome = rewrite(&source, &Options::default());
    // What kubectl ignores depends on the documents before it.
    if outcome.diagnostics().iter().any(|finding| finding.code == Code::IgnoredText) {
        return None;
    }
    let report = outcome.report();
    let entry = |entry: &immutably::output::report::Entry<'_>| {
        let namespace = entry.namespace.map(str::to_owned);
        (entry.kind.to_owned(), namespace, entry.name.to_owned(), entry.new_name.clone())
    };
    let mut names: Vec<_> = report.objects.iter().map(entry).collect();
    names.sort();
    (!outcome.refused()).then_some(names)
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_stream_without_config_maps_and_secrets_keeps_every_byte(stream in stream_of(objects::no_target())) {
        let text = stream.text();
        prop_assert_eq!(output(&text, Hash::Stored), Some(text));
    }

    #[test]
    fn bytes_outside_the_edits_stay_and_the_old_texts_give_the_input_back(stream in stream()) {
        let text = stream.text();
        let source = source(&text);
        let outcome = rewrite(&source, &Options::default());
        if let Some(out) = output(&text, Hash::Stored) {
            prop_assert_eq!(undone(&text, &out, outcome.edits())?, text);
        }
    }

    #[test]
    fn an_edit_of_a_name_only_appends_the_suffix(stream in stream()) {
        let text = stream.text();
        let source = source(&text);
        for (edit, new) in rewrite(&source, &without_originals()).edits() {
            let old = source.slice(edit.span);
            match edit.cause {
                Cause::Immutable(_) => prop_assert!(new == "true" || new.contains("immutable"), "{new}"),
                _ if old.starts_with('*') => {}
                _ => prop_assert_eq!(bare(&new).rsplit_once('-').map(|(base, _)| base), Some(bare(old))),
            }
        }
    }

    #[test]
    fn running_twice_is_running_once(stream in stream()) {
        for hash in BOTH {
            let Some(once) = output(&stream.text(), hash) else { continue };
            for again in BOTH {
                let twice = output(&once, again);
                prop_assert_eq!(twice.as_ref(), Some(&once), "first with {:?}, then with {:?}", hash, again);
            }
        }
    }

    #[test]
    fn shuffled_documents_get_the_same_names(
        (stream, shuffled) in stream().prop_flat_map(|stream| {
            let shuffled = Just(stream.documents.clone()).prop_shuffle();
            (Just(stream), shuffled)
        })
    ) {
        let before = stream.text();
        let after = streams::Stream { documents: shuffled, ..stream }.text();
        let (Some(one), Some(other)) = (names(&before), names(&after)) else { return Ok(()) };
        prop_assert_eq!(one, other, "{}\n=== shuffled:\n{}", before, after);
    }

    #[test]
    fn more_threads_make_no_difference(stream in stream()) {
        let source = source(stream.text());
        let with = |threads| {
            let outcome = rewrite(&source, &Options { threads, ..Options::default() });
            (outcome.edits().collect::<Vec<_>>(), outcome.diagnostics().to_vec())
        };
        prop_assert_eq!(with(1), with(3));
    }

    #[test]
    fn only_names_that_carry_their_own_hash_become_immutable(stream in stream()) {
        let text = stream.text();
        let Some(out) = library::output(&text, &without_originals()) else { return Ok(()) };
        let split = |text: &str| streams::without_originals(streams::split(text));
        let (before, after) = (split(&text), split(&out));
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            let (Some(mut before), Some(mut after)) = (parse(before), parse(after)) else { continue };
            streams::drop_originals(&mut before);
            streams::drop_originals(&mut after);
            for (old, new) in streams::objects_in(&before).iter().zip(streams::objects_in(&after)) {
                check_immutable(old, new)?;
            }
        }
    }
}

/// Reverts the edits in the output, and checks that everything else is the same as in the input.
fn undone(
    text: &str,
    out: &str,
    edits: impl Iterator<Item = (immutably::edits::edit::Edit, String)>,
) -> Result<String, TestCaseError> {
    let (mut done, mut at) = (0, 0);
    let mut back = String::new();
    for (edit, new) in edits {
        let span = edit.span.range();
        prop_assert!(span.start >= done, "edits overlap or are not sorted");
        let gap = &text[done..span.start];
        prop_assert_eq!(out.get(at..at + gap.len()), Some(gap));
        at += gap.len();
        prop_assert_eq!(out.get(at..at + new.len()), Some(new.as_str()));
        at += new.len();
        back.push_str(gap);
        back.push_str(&text[span.clone()]);
        done = span.end;
    }
    prop_assert_eq!(&out[at..], &text[done..]);
    Ok(back + &text[done..])
}

/// Returns a name without quotes and without the header of a block scalar.
fn bare(written: &str) -> &str {
    let body = written.trim_start_matches(['|', '>', '-', '+']);
    let body = if body.len() < written.len() { body.lines().last().unwrap_or_default() } else { body };
    body.trim().trim_matches(['\'', '"'])
}

/// Parses a document as kubectl does, which adds a missing last line feed.
fn parse(document: &str) -> Option<Value> {
    streams::parse(&format!("{document}{}", if document.ends_with('\n') { "" } else { "\n" }))
}

fn check_immutable(old: &Value, new: &Value) -> Result<(), TestCaseError> {
    let is_immutable = |object: &Value| object.get("immutable").and_then(Value::as_bool) == Some(true);
    let text = |object: &Value, field: &str| object.get("metadata")?.get(field)?.as_str().map(str::to_owned);
    if !is_immutable(new) || is_immutable(old) {
        return Ok(());
    }
    let marks = new.get("metadata").and_then(|metadata| metadata.get("annotations"));
    if marks.is_some_and(|marks| marks.get("internal.config.kubernetes.io/needsHashSuffix").is_some()) {
        return Ok(());
    }
    let name = text(new, "name").unwrap_or_default();
    prop_assert!(name.ends_with(&format!("-{}", own_suffix(new))), "{name} is immutable without its suffix");
    prop_assert_eq!(text(old, "namespace"), text(new, "namespace"));
    Ok(())
}

/// Computes the suffix by its specification, independently of the program: SHA-256 of the canonical JSON of the stored
/// object.
fn own_suffix(object: &Value) -> String {
    let fields = |name: &str| -> BTreeMap<String, String> {
        let entries = object.get(name).and_then(Value::as_mapping).into_iter().flatten();
        let text = |value: &Value| value.as_str().expect("every key and value is text").to_owned();
        entries.map(|(key, value)| (text(key), text(value))).collect()
    };
    let stored = |base64: BTreeMap<String, String>| -> BTreeMap<String, String> {
        base64.into_iter().map(|(key, value)| (key, value.replace('\n', ""))).collect()
    };
    let or_empty = |fields: BTreeMap<String, String>| match fields.is_empty() {
        true => serde_json::json!(""),
        false => serde_json::json!(fields),
    };
    let canonical = if object.get("kind").and_then(Value::as_str) == Some("Secret") {
        let mut data = stored(fields("data"));
        data.extend(fields("stringData").into_iter().map(|(key, value)| (key, STANDARD.encode(value))));
        let secret_type = object.get("type").and_then(Value::as_str).unwrap_or("Opaque");
        serde_json::json!({"data": or_empty(data), "kind": "Secret", "name": "", "type": secret_type})
    } else {
        let mut map = serde_json::json!({"data": or_empty(fields("data")), "kind": "ConfigMap", "name": ""});
        let binary = stored(fields("binaryData"));
        if !binary.is_empty() {
            map["binaryData"] = serde_json::json!(binary);
        }
        map
    };
    suffix_of(&canonical.to_string())
}
