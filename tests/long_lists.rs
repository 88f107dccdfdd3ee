//! A long JSON list is read in parts, with the same output and findings as if it were read as a whole.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use immutably::yaml::split::split;
use immutably::{Options, Source, rewrite};

/// A comment after a list, which prevents the reading in parts.
const COMMENT: &str = "\n# one piece\n";

/// The number of applications. They make more than one part.
const APPLICATIONS: usize = 250;

#[test]
fn output_and_findings_are_those_of_one_piece() {
    compare(&list(&applications().join(",\n    ")), true);
    compare(&list(&applications().join(",")), true);
}

#[test]
fn a_list_that_is_no_list_of_objects_is_read_at_once() {
    let items = applications().join(",");
    compare(&format!(r#"{{"kind": "List", "items": [{items}], "kind": "List"}}"#), true);
    compare(&format!(r#"{{"kind": "List", "others": [{items}], "items": [{}]}}"#, applications()[0]), true);
    compare(&format!(r#"{{"apiVersion": "v1", "kind": "Other", "items": [{items}]}}"#), true);
    compare(&format!(r#"{{"apiVersion": "v1", "kind": "List", "items": [{items}]}} # end"#), true);
}

#[test]
fn what_the_fast_reader_does_not_take_is_read_at_once() {
    for odd in
        [r#"{"a": "\ud800"}"#, r#"{"a": 'single "'}"#, r#"{"a": nul, b: &a 1, c: *a}"#, r#"{"a": ]}"#, "{},"]
    {
        for place in [1, 3 * APPLICATIONS] {
            let mut items = applications();
            items.insert(place, odd.to_owned());
            compare(&list(&items.join(",")), false);
        }
    }
}

#[test]
fn names_are_found_in_every_part() {
    let mention = r#"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "other"}, "spec": {"command": ["--from=NAME"]}}"#;
    for place in [0, 3 * APPLICATIONS] {
        let mut items = applications();
        items.insert(place, mention.replace("NAME", "settings-of-77"));
        compare(&list(&items.join(",")), true);
    }
}

fn list(items: &str) -> String {
    format!(
        "\n{{\n  \"apiVersion\": \"v1\",\n  \"items\": [\n    {items}\n  ],\n  \"kind\": \"List\", \"metadata\": {{}}\n}}\n"
    )
}

/// Returns three objects for each application.
fn applications() -> Vec<String> {
    let long = "x".repeat(1000);
    let all = (0..APPLICATIONS).flat_map(|number| {
        [
            format!(r#"{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {{"name": "settings-of-{number}"}}, "data": {{"a": "{number}", "b": "{long} [{{\"c\": 1}}"}}}}"#),
            format!(r#"{{"apiVersion": "v1", "kind": "Secret", "metadata": {{"name": "login-of-{number}"}}, "data": {{"a": "YQ=="}}}}"#),
            format!(r#"{{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "web-{number}"}}, "spec": {{"template": {{"spec": {{"containers": [{{"name": "web", "envFrom": [{{"configMapRef": {{"name": "settings-of-{number}"}}}}]}}]}}}}}}}}"#),
        ]
    });
    all.collect()
}

fn compare(list: &str, is_cut: bool) {
    let cut = Source::new("x", list).unwrap();
    let whole = Source::new("x", format!("{list}{COMMENT}")).unwrap();
    let parts = split(&cut).parts.len();
    assert!(parts > 1 || !is_cut, "{parts} parts");
    assert!(split(&whole).parts.is_empty());
    let options = Options { threads: 2, ..Options::default() };
    let (cut, mut whole) = (result(&cut, &options), result(&whole, &options));
    whole.0.truncate(whole.0.len().saturating_sub(COMMENT.len()));
    assert!(cut == whole, "{:?} {:?}", cut.1, whole.1);
}

/// Returns output and findings.
fn result(source: &Source, options: &Options) -> (String, Vec<String>) {
    let outcome = rewrite(source, options);
    let mut output = Vec::new();
    outcome.write(&mut output).unwrap();
    let findings = outcome.diagnostics().iter().map(|finding| format!("{finding:?}")).collect();
    (String::from_utf8(output).unwrap(), findings)
}
