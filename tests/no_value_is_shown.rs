//! No value of a Secret is shown, in any notation and with any damage of the stream.
//!
//! `IMMUTABLY_LEAKS` sets the number of streams, `IMMUTABLY_SEED` the first one.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)] // a test fails by panicking, and tells what it tried

mod leaks;
mod streams;

use immutably::options::{Deployer, Hash, HelmSecrets, Jobs, Options, Pattern, Patterns, Unreferenced};
use immutably::output::excerpt::masked;
use immutably::{Source, rewrite};
use leaks::damage::damaged;
use leaks::secrets::{Planted, planted};
use leaks::shown::{Shown, as_other_files, everything};
use streams::dice::Dice;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn a_planted_value_is_never_shown() {
    let first = number("IMMUTABLY_SEED", 1);
    let count = number("IMMUTABLY_LEAKS", 200);
    let mut leaks = 0;
    for seed in first..first + count {
        let mut dice = Dice::new(seed);
        let planted = planted(&mut dice);
        let broken = damaged(&planted.text, &mut dice);
        for (sink, part, text) in leaked(&planted, &shown(&broken, &mut dice)) {
            leaks += 1;
            if leaks < 30 {
                eprintln!("seed {seed}: {sink} shows `{part}`\n--- shown:\n{text}\n--- input:\n{broken}");
            }
        }
    }
    eprintln!("{count} streams from seed {first} on, {leaks} leaks");
    assert_eq!(leaks, 0, "values were shown");
}

/// A rules file, a configuration or an annotation is short, so that the test can try many.
#[test]
fn a_planted_value_is_never_shown_when_its_file_is_named_by_mistake() {
    let first = number("IMMUTABLY_SEED", 1);
    for seed in first..first + 2 * number("IMMUTABLY_LEAKS", 200) {
        let mut dice = Dice::new(seed);
        let planted = planted(&mut dice);
        let broken = damaged(&planted.text, &mut dice);
        let shown = as_other_files(&Source::new("named.yaml", broken.as_str()).expect("small"));
        assert!(!shown.is_empty(), "seed {seed}: a Secret is read as something else\n{broken}");
        assert_eq!(leaked(&planted, &shown), [], "seed {seed}\n{broken}");
    }
}

/// `v1` has no such kinds, so each may be a Secret whose kind is encoded or cut off.
#[test]
fn a_kind_that_does_not_exist_in_v1_may_be_a_secret() {
    let lines = |kind: &str| {
        let item =
            format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: db}}\ndat: {{token: never-shown}}\n");
        let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}", item.trim_end().replace('\n', "\n  "));
        [masked(&item).contains("never-shown"), masked(&list).contains("never-shown")]
    };
    for kind in ["Sec", "!!str Sec", "!!binary U2VjcmV0"] {
        assert_eq!(lines(kind), [false, false], "{kind}");
    }
    assert_eq!(lines("Pod"), [true, true]);
}

/// Returns what a damaged stream shows as the input, as the previous manifest, and as another file.
fn shown(broken: &str, dice: &mut Dice) -> Shown {
    let options = options(dice);
    let source = |text: &str| Source::new("stream.yaml", text).expect("UTF-8 is broken into UTF-8");
    let broken = source(broken);
    match dice.below(4) {
        0 => {
            let stream = source("apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {a: b}\n");
            everything(&stream, &[broken.into()], &options)
        }
        1 => {
            let mut shown = as_other_files(&broken);
            shown.extend(everything(&broken, &[], &options));
            shown
        }
        2 => {
            let mut once = Vec::new();
            rewrite(&broken, &options).write(&mut once).expect("a vector");
            everything(&source(&String::from_utf8(once).expect("UTF-8")), &[broken.into()], &options)
        }
        _ => everything(&broken, &[], &options),
    }
}

fn options(dice: &mut Dice) -> Options {
    let all = || vec![Pattern::parse("*/*").expect("a pattern")];
    Options {
        namespace: dice.one_in(3).then(|| "prod".to_owned()),
        hash: [Hash::Stored, Hash::Kustomize][dice.below(2)],
        unreferenced: [Unreferenced::Both, Unreferenced::Version, Unreferenced::Leave, Unreferenced::Error]
            [dice.below(4)],
        helm_secrets: [HelmSecrets::Both, HelmSecrets::Version][dice.below(2)],
        by_helm: dice.one_in(4),
        jobs: [Jobs::Version, Jobs::Original, Jobs::AsIs][dice.below(3)],
        retain: if dice.one_in(3) { vec![Deployer::Helm, Deployer::ArgoCd] } else { Vec::new() },
        checksum_left_alone: dice.one_in(3),
        keep_original: if dice.one_in(3) { all().into() } else { Patterns::default() },
        leave: if dice.one_in(6) { all().into() } else { Patterns::default() },
        ..Options::default()
    }
}

/// Returns each text that contains a part of a value.
fn leaked<'s>(planted: &Planted, shown: &'s Shown) -> Vec<(&'static str, String, &'s str)> {
    let found = |(sink, text): &'s (&'static str, String)| {
        let part = planted.markers.iter().find_map(|marker| marker.leak(text))?;
        Some((*sink, part, text.as_str()))
    };
    shown.iter().filter_map(found).collect()
}
