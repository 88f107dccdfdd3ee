//! Results in a `ResourceList`, however the list is written: new results come first, and nothing else changes.

#![allow(clippy::expect_used)] // a test fails by panicking

mod streams;

use immutably::output::krm::Envelope;
use immutably::{Options, Outcome, Source, rewrite};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_yaml::{Mapping, Value};
use streams::objects::{self, Node, map, text};

/// Generates the existing value of `results`.
fn results() -> impl Strategy<Value = Option<Node>> {
    let other = || map([("message", text("from `another` function, [1]")), ("severity", text("info"))]);
    prop_oneof![
        Just(None),
        Just(Some(Node::List(Vec::new()))),
        Just(Some(Node::Plain("null"))),
        Just(Some(Node::List(vec![other()]))),
        Just(Some(Node::List(vec![other(), other()]))),
    ]
}

fn list() -> impl Strategy<Value = Node> {
    let config = proptest::option::of(objects::config_map(objects::named()));
    (vec(objects::object(), 0..5), results(), config, any::<bool>()).prop_map(
        |(items, results, config, results_first)| {
            let list = map([("apiVersion", text("config.kubernetes.io/v1")), ("kind", text("ResourceList"))]);
            let (before, behind) = if results_first { (results, None) } else { (None, results) };
            let list = list.with("results", before).with("items", Some(Node::List(items)));
            list.with("functionConfig", config).with("results", behind)
        },
    )
}

proptest! {
    #![proptest_config(streams::cases(400))]

    #[test]
    fn results_come_first_and_nothing_else_changes(list in list(), layout in streams::layout(), crlf in any::<bool>()) {
        let text = layout.write(&list);
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let source = Source::new("list.yaml", text).expect("generated text is UTF-8");
        let envelope = Envelope::of(&source).expect("a list that is alone").expect("is seen");
        let outcome = rewrite(&source, &Options::default());
        prop_assume!(!outcome.refused());
        let results = envelope.results(&outcome.report().findings);
        let count = outcome.report().findings.len();
        let bare = written(&outcome, None);
        let full = written(&outcome, results);
        let (mut bare, mut full) = (parsed(&bare)?, parsed(&full)?);
        let (before, after) = (taken(&mut bare), taken(&mut full));
        prop_assert!(after.ends_with(&before), "{:?} became {:?}", before, after);
        // Several findings may have the same text, and are then one result.
        prop_assert!(count == 0 || after.len() > before.len(), "{:?} for {} findings", after, count);
        prop_assert_eq!(bare, full);
    }

    /// Results that are already in the list are not added again.
    #[test]
    fn results_that_are_there_are_not_repeated(list in list(), layout in streams::layout()) {
        let source = Source::new("list.yaml", layout.write(&list)).expect("generated text is UTF-8");
        let outcome = rewrite(&source, &Options::default());
        prop_assume!(!outcome.refused());
        let report = outcome.report();
        let envelope = Envelope::of(&source).expect("a list that is alone").expect("is seen");
        let once = written(&outcome, envelope.results(&report.findings));
        let again = Source::new("list.yaml", once).expect("UTF-8");
        let envelope = Envelope::of(&again).expect("a list that is alone").expect("is seen");
        prop_assert_eq!(envelope.results(&report.findings), None);
    }
}

fn written(outcome: &Outcome<'_>, results: Option<(immutably::text::source::Span, String)>) -> String {
    let mut out = Vec::new();
    outcome.write_with(results, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn parsed(text: &str) -> Result<Mapping, TestCaseError> {
    let value = serde_yaml::from_str(text);
    value.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))
}

/// Removes and returns the results.
fn taken(list: &mut Mapping) -> Vec<Value> {
    list.remove("results").and_then(|results| results.as_sequence().cloned()).unwrap_or_default()
}
