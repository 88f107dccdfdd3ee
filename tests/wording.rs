//! Words that the documentation does not use because they confuse readers, with replacements.
//!
//! Does not check console blocks: they show output of the program, which the fixtures fix.

#![allow(clippy::expect_used)] // a test fails by panicking

use std::fs;
use std::path::{Path, PathBuf};

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
