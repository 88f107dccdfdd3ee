//! The reader of rules and settings returns the same values as another YAML library, for any settings.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

use immutably::yaml::typed;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One field of each type that occurs in rules and settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Settings {
    text: String,
    may_be: Option<String>,
    most: Option<u32>,
    is_strict: bool,
    words: Vec<String>,
    levels: BTreeMap<String, Level>,
    rules: Vec<Rule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Error,
    AsIs,
    Off,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    path: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
}

/// Generates texts that mean something else without quotes, texts with characters that need quotes, and any others.
/// Excludes the line breaks of YAML 1.1 (U+0085, U+2028, U+2029), which the other library treats as letters.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "~",
            "null",
            "yes",
            "on",
            "y",
            "true",
            "010",
            "0x1F",
            "1_000",
            "1e3",
            ".5",
            "-",
            "- a",
            "? a",
            "a: b",
            "a #b",
            "#",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`",
            "'",
            "\"",
            "it's",
            "\\",
            "{",
            "[a]",
            "|",
            ">",
            "...",
            "---",
            " a ",
            "a\nb",
            "\n",
            "a\n\n",
            "\ta",
            "a\tb",
            "=",
            "<<",
            "ä",
            "\u{1f600}",
            "\u{feff}",
        ])
        .prop_map(str::to_owned),
        "[ -~äöü\n]{0,12}",
        "[a-z]{1,8}",
    ]
}

/// Excludes `<<`, which only one of the two libraries treats as a merge key.
fn key() -> impl Strategy<Value = String> {
    text().prop_filter("a merge key", |key| key != "<<")
}

fn settings() -> impl Strategy<Value = Settings> {
    let level = prop::sample::select(vec![Level::Error, Level::AsIs, Level::Off]);
    let rule = (text(), vec(text(), 0..3)).prop_map(|(path, names)| Rule { path, names });
    let lists = (vec(text(), 0..4), btree_map(key(), level, 0..4), vec(rule, 0..4));
    (text(), option::of(text()), option::of(any::<u32>()), any::<bool>(), lists).prop_map(
        |(text, may_be, most, is_strict, (words, levels, rules))| Settings {
            text,
            may_be,
            most,
            is_strict,
            words,
            levels,
            rules,
        },
    )
}

proptest! {
    #[test]
    fn both_libraries_read_what_was_written(written in settings()) {
        let yaml = serde_yaml::to_string(&written).expect("YAML");
        let lines = serde_json::to_string_pretty(&written).expect("JSON");
        let json = serde_json::to_string(&written).expect("JSON");
        for text in [&yaml, &lines, &json] {
            let read: Result<Settings, _> = typed::from_str(text);
            prop_assert_eq!(read.as_ref(), Ok(&written), "{}", text);
            let witness: Settings = serde_yaml::from_str(text).expect("the other library reads it");
            prop_assert_eq!(&witness, &written, "{}", text);
        }
    }

    /// Replaces a character: the reader does not panic, and the place of an error is within the text.
    #[test]
    fn a_damaged_text_is_refused_or_read(written in settings(), at in any::<prop::sample::Index>(), byte in any::<char>()) {
        let mut text: Vec<char> = serde_yaml::to_string(&written).expect("YAML").chars().collect();
        let at = at.index(text.len());
        text[at] = byte;
        let text: String = text.into_iter().collect();
        let read: Result<Settings, typed::Error> = typed::from_str(&text);
        if let Err(error) = read {
            let at = error.at.expect("a place").range();
            prop_assert!(text.get(at).is_some(), "{}", error);
        }
    }

    #[test]
    fn any_text_is_refused_or_read(text in "[-?:,\\[\\]{}&*!|>'\"%@` \n\tab1~<#]{0,60}") {
        let _ = typed::from_str::<Settings>(&text);
        let _ = typed::from_str::<BTreeMap<String, Vec<String>>>(&text);
        let _ = typed::from_str::<serde_json::Value>(&text);
    }
}
