//! Tests each type that the program reads, each mistake with its place, and hostile texts.

use super::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::fmt::Debug;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Settings<'t> {
    #[serde(borrow)]
    name: Option<&'t str>,
    most: Option<u32>,
    is_strict: bool,
    words: Vec<String>,
    levels: BTreeMap<String, Level>,
    place: Option<Spanned<String>>,
    #[serde(skip_serializing)]
    ignored: Option<Ignored>,
    inner: Option<Box<Settings<'t>>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Off,
}

#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Ignored(#[allow(dead_code)] IgnoredAny);

impl PartialEq for Ignored {
    fn eq(&self, _: &Ignored) -> bool {
        true
    }
}

#[derive(Debug, Deserialize)]
struct Required {
    #[allow(dead_code)]
    path: String,
}

fn settings(text: &str) -> Settings<'_> {
    from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Returns the mistake, and the text at its place.
fn mistake<'t, T: Deserialize<'t> + Debug>(text: &'t str) -> (Problem, &'t str) {
    let error = from_str::<T>(text).expect_err(text);
    (error.problem, &text[error.at.expect(text).range()])
}

fn expected(what: &str) -> Problem {
    Problem::Expected(what.to_owned())
}

#[test]
fn every_type_is_read() {
    let text = "name: a\nmost: 3\nisStrict: yes\nwords: [a, 'b', 5, on]\nlevels: {a: error, 1: off}\nignored: {[a]: ~}\ninner: {most: ~}\n";
    let read = settings(text);
    assert_eq!((read.name, read.most, read.is_strict), (Some("a"), Some(3), true));
    assert_eq!(read.words, ["a", "b", "5", "on"]);
    assert_eq!(read.levels, BTreeMap::from([("a".to_owned(), Level::Error), ("1".to_owned(), Level::Off)]));
    assert_eq!((read.ignored.is_some(), read.inner), (true, Some(Box::default())));
}

#[test]
fn json_is_read_too() {
    assert_eq!(settings("{\"name\":\"a\",\"isStrict\":true,\"words\":[\"\\u0062\"]}").words, ["b"]);
}

#[test]
fn a_text_is_borrowed_where_the_source_has_it() {
    assert_eq!(settings("name: 'a b'").name, Some("a b"));
    assert_eq!(mistake::<Settings<'_>>("name: 'it''s'"), (expected("a borrowed string"), "'it''s'"));
}

#[test]
fn quotes_do_not_change_what_a_number_or_a_boolean_is() {
    for text in ["most: 16", "most: '16'", "most: 0x10", "most: 1_6", "most: +16", "most: 0o20"] {
        assert_eq!(settings(text).most, Some(16), "{text}");
    }
    for text in
        ["isStrict: true", "isStrict: \"true\"", "isStrict: On", "isStrict: y", "isStrict: !!bool yes"]
    {
        assert!(settings(text).is_strict, "{text}");
    }
}

#[test]
fn a_text_without_content_is_empty() {
    for text in ["", "\n", "# c\n", "---\n", "--- # c\n", "%YAML 1.2\n---\n# c\n", "\u{feff}# c\n", "...\n"] {
        assert_eq!(settings(text), Settings::default(), "{text:?}");
        assert_eq!(from_str(text), Ok(Vec::<String>::new()), "{text:?}");
    }
    assert_eq!(mistake::<Settings<'_>>("~"), (expected("a mapping"), "~"));
}

#[test]
fn directives_are_passed_over_and_nothing_else() {
    assert_eq!(settings("\u{feff}%YAML 1.2\n# c\n---\nmost: 3\n").most, Some(3));
    let error = from_str::<Settings<'_>>("%YAML 1.2\nname: a\n---\nmost: 3\n").expect_err("lost");
    assert!(matches!(error.problem, Problem::Yaml(_)), "{error}");
}

#[test]
fn each_mistake_has_its_kind_and_its_place() {
    for (text, problem, place) in [
        ("most: many", expected("a number"), "many"),
        ("most: -1", expected("a number"), "-1"),
        ("most: 010", expected("a number without a leading zero"), "010"),
        ("most: '+03'", expected("a number without a leading zero"), "'+03'"),
        ("most: 4294967296", expected("a number"), "4294967296"),
        ("most: [1]", expected("a number"), "[1]"),
        ("isStrict: ", expected("`true` or `false`"), ""),
        ("isStrict: tRUE", expected("`true` or `false`"), "tRUE"),
        ("isStrict: {}", expected("`true` or `false`"), "{}"),
        ("words: a", expected("a list"), "a"),
        ("words: ~", expected("a list"), "~"),
        ("words: [~]", expected("text"), "~"),
        ("words: [[a]]", expected("text"), "[a]"),
        ("words: [!!int a]", expected("text"), "a"),
        ("levels: []", expected("a mapping"), "[]"),
        ("levels: {a: {error: b}}", expected("text"), "{error: b}"),
        ("{[a]: b}", expected("text"), "[a]"),
        ("{~: b}", expected("text"), "~"),
        ("- a", expected("a mapping"), "- a"),
        ("name: a\nname: a", Problem::DuplicateKey, "name"),
        ("ignored: {a: {b: c, 'b': d}}", Problem::DuplicateKey, "'b'"),
        ("most: 3\n---\nmost: 4\n", Problem::SeveralDocuments, ""),
        ("<<: [a]", expected("a mapping"), "a"),
        ("ignored: {<<: a}", expected("a mapping"), "a"),
    ] {
        assert_eq!(mistake::<Settings<'_>>(text), (problem, place), "{text}");
    }
    assert_eq!(
        mistake::<Vec<Required>>("- {path: a}\n- {pth: b}"),
        (Problem::MissingField("path"), "{pth: b}")
    );
}

#[test]
fn an_unknown_word_comes_with_those_that_are_known() {
    let (problem, place) = mistake::<Settings<'_>>("levels: {a: loud}");
    let variant = "loud".to_owned();
    assert_eq!((problem, place), (Problem::UnknownVariant { variant, expected: &["error", "off"] }, "loud"));
    let (problem, place) = mistake::<Settings<'_>>("inner: {nme: a}");
    assert!(
        matches!(problem, Problem::UnknownField { field, expected } if field == "nme" && expected.len() == 8)
    );
    assert_eq!(place, "nme");
}

#[test]
fn a_value_has_its_place() {
    let text = "\u{feff}name: ä\r\nplace: \"b\"\r\n";
    let place = settings(text).place.expect("a place");
    assert_eq!((place.value.as_str(), &text[place.span.range()]), ("b", "\"b\""));
    let text = "ignored: &a b\nplace: *a\n";
    assert_eq!(settings(text).place.map(|place| &text[place.span.range()]), Some("*a"));
    assert_eq!(settings("place: ~").place, None);
}

#[test]
fn aliases_and_merge_keys_are_followed_and_own_keys_count() {
    let text = "ignored: &a {name: b, most: 3}\ninner: {most: 4, <<: *a}\nwords: &w [x]\nlevels: {}\n";
    let inner = settings(text).inner.expect("a mapping");
    assert_eq!((inner.name, inner.most), (Some("b"), Some(4)));
    let text = "ignored: &a {most: 3}\ninner: {<<: [*a, {most: 5, name: c}]}\n";
    let inner = settings(text).inner.expect("a mapping");
    assert_eq!((inner.name, inner.most), (Some("c"), Some(3)));
}

#[test]
fn an_alias_bomb_is_refused() {
    /// A type that takes any list within a list.
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Lists(Vec<Lists>);
    let level = |at: usize| format!("- &a{at} [{}]\n", format!("*a{},", at - 1).repeat(10));
    let bomb = format!("- &a0 []\n{}", (1..20).map(level).collect::<String>());
    assert_eq!(mistake::<Lists>(&bomb).0, Problem::AliasLimit);
    // Few visits, but collections nested without end.
    let level = |at: usize| format!("- &a{at} {}*a{}{}\n", "[".repeat(200), at - 1, "]".repeat(200));
    let deep = format!("- &a0 []\n{}", (1..400).map(level).collect::<String>());
    assert_eq!(mistake::<Lists>(&deep).0, Problem::AliasLimit);
}

#[test]
fn words_hold_nothing_of_the_text() {
    let secret = "hunter2";
    for text in [
        "hunter2: a",
        "levels: {a: hunter2}",
        "most: hunter2",
        "isStrict: 'hunter2'",
        "words: {hunter2: hunter2}",
        "hunter2: a\nhunter2: b",
        "hunter2",
        "name: \"hunter2\\q\"",
        "name: [hunter2",
        "name: *hunter2",
        "name: !!int hunter2",
        "name: 'hunter2",
    ] {
        let error = from_str::<Settings<'_>>(text).expect_err(text);
        assert!(!error.to_string().contains(secret), "{error}");
    }
}
