//! The fuzz targets on stable Rust: with their seeds, with every fixture, and with random changes of these.
//!
//! `IMMUTABLY_FUZZ` sets the number of additional inputs for each target; `IMMUTABLY_SEED` selects them.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr)] // a test fails by panicking, and tells at what

#[path = "../fuzz/targets/mod.rs"]
mod targets;

mod streams;

use std::fs;
use std::path::{Path, PathBuf};
use streams::dice::Dice;
use streams::mutation::TOKENS;
use targets::TARGETS;

#[test]
fn no_target_breaks_over_seeds_and_fixtures() {
    let number =
        |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
    let (count, seed) = (number("IMMUTABLY_FUZZ", 150), number("IMMUTABLY_SEED", 1));
    let mut broken = 0;
    let texts = texts();
    let seeds = texts.iter().filter(|(is_seed, _)| *is_seed).count() as u64;
    assert!(texts.len() > 300, "only {} texts", texts.len());
    for (name, target) in TARGETS {
        let mut dice = Dice::new(seed);
        for number in 0..seeds + count {
            let input = input(&texts, number, &mut dice);
            let run = std::panic::catch_unwind(|| target(input.as_bytes()));
            if run.is_err() {
                broken += 1;
                eprintln!("target {name}, input {number}:\n{input}");
            }
        }
    }
    assert_eq!(broken, 0, "inputs that break a promise");
}

#[test]
fn every_target_has_a_binary() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("a manifest");
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        assert!(root().join(format!("fuzz/fuzz_targets/{name}.rs")).is_file(), "{name}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns a seed unchanged for the first numbers, then seeds and fixtures with random changes. Fixtures get options
/// and an earlier release.
fn input(texts: &[(bool, String)], number: u64, dice: &mut Dice) -> String {
    let (is_seed, text) = &texts[dice.below(texts.len())];
    let known =
        usize::try_from(number).ok().and_then(|number| texts.get(number)).filter(|(is_seed, _)| *is_seed);
    if let Some((_, seed)) = known {
        return seed.clone();
    }
    let head: String =
        (0..14).map(|_| char::from(b'0' + u8::try_from(dice.below(12)).expect("small"))).collect();
    let mut stream = text.clone();
    for _ in 0..dice.below(4) {
        let mut at = dice.below(stream.len() + 1);
        while !stream.is_char_boundary(at) {
            at -= 1;
        }
        let end =
            stream[at..].char_indices().nth(dice.below(6)).map_or(stream.len(), |(index, _)| at + index);
        stream.replace_range(at..end, if dice.one_in(2) { "" } else { dice.pick(&TOKENS) });
    }
    if *is_seed { stream } else { format!("{head}\n{stream}\n=====\n{text}") }
}

/// Returns the seeds, then the small inputs among the fixtures.
fn texts() -> Vec<(bool, String)> {
    let mut found: Vec<(bool, String)> = files(&root().join("fuzz/seeds"))
        .iter()
        .filter_map(|path| Some((true, fs::read_to_string(path).ok()?)))
        .collect();
    for topic in files(&root().join("fixtures")) {
        for folder in files(&topic) {
            let inputs = ["input.yaml", "input.json"].map(|name| fs::read_to_string(folder.join(name)));
            found.extend(
                inputs.into_iter().flatten().filter(|text| text.len() < 4000).map(|text| (false, text)),
            );
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    files
}
