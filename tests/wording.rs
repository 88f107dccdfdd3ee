//! Words that the documentation and the help texts do not use because they confuse readers, with replacements.
//!
//! Does not check console blocks: they show output of the program, which the fixtures fix.

#![allow(clippy::expect_used)] // a test fails by panicking

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The words to avoid, in lower case, and their replacements.
const WORDS: [(&str, &str); 11] = [
    ("anew", "again"),
    ("any more", "no longer"),
    ("for ever", "forever"),
    ("in vain", "say what does not happen"),
    ("all the same", "anyway"),
    ("so told", "say who decides"),
    ("told so", "say who decides"),
    ("stand here", "are here"),
    ("stands here", "is here"),
    ("of what names", "references to it"),
    ("do without", "ignore, or omit"),
];

#[test]
fn pages_use_plain_words() {
    let mut found = String::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let mut in_block = false;
        for (number, line) in text.lines().enumerate() {
            if line.starts_with("```") {
                in_block = !in_block && line == "```console";
            } else if !in_block {
                let line = line.to_lowercase();
                for (word, instead) in WORDS.iter().filter(|(word, _)| has_word(&line, word)) {
                    let number = number + 1;
                    found += &format!("{}:{number}: `{word}`: write `{instead}`\n", page.display());
                }
            }
        }
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn help_texts_use_plain_words() {
    let help = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_immutably")).args(args).output();
        String::from_utf8(output.expect("the program starts").stdout).expect("a text").to_lowercase()
    };
    let all = help(&["--help"]);
    let (_, list) = all.split_once("\ncommands:\n").expect("there are subcommands");
    let names: Vec<&str> = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"plan") && names.contains(&"helm"), "{names:?}");
    for text in names.iter().map(|name| help(&[name, "--help"])).chain([all.clone()]) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let found: Vec<_> = WORDS.iter().filter(|(word, _)| has_word(&text, word)).collect();
        assert!(found.is_empty(), "{found:?} in {text}");
    }
}

#[test]
fn a_word_is_found_whole() {
    assert!(has_word("it is made anew.", "anew") && has_word("anew", "anew"));
    assert!(!has_word("for every object", "for ever") && !has_word("a renewal", "anew"));
}

fn has_word(line: &str, word: &str) -> bool {
    let is_edge = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    line.match_indices(word).any(|(at, _)| {
        is_edge(line[..at].chars().next_back()) && is_edge(line[at + word.len()..].chars().next())
    })
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.to_path_buf(), root.join("docs")];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder").flatten());
    entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}
