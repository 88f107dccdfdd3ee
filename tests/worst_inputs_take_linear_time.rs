//! The worst inputs in small: four times the size takes about four times as long. Compares CPU times of the process
//! with each other, never with the wall clock. `cargo bench --bench worst` is the long version.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;
mod worst;

use program::files::folder;
use program::{PROGRAM, silence};
use std::fs;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use worst::{CASES, Case};

/// The largest acceptable ratio of times for four times the input. Quadratic time would give 16.
const MOST: f64 = 9.0;

/// Times in seconds below this are too short to compare.
const TOO_SHORT: f64 = 0.02;

#[test]
fn four_times_the_input_takes_about_four_times_as_long() {
    let cases = CASES.iter().filter(|case| SMALL.contains(&case.name));
    let slow: Vec<String> = cases.filter_map(grows).collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

/// The cases that once took quadratic time or more, and similar ones.
const SMALL: [&str; 40] = [
    "aliases-of-a-container",
    "unreferenced-in-one-list",
    "unreferenced-on-one-line",
    "unreferenced-on-one-line-as-json",
    "unreferenced-on-one-line-in-a-report",
    "errors-in-one-list",
    "grants-on-one-name-in-many-namespaces",
    "references-to-one-name-in-many-namespaces",
    "previous-names",
    "names-of-one-base-with-suffixes",
    "stale-references",
    "mentions-in-one-object",
    "mentions-of-each-other",
    "names-in-one-script",
    "names-in-one-variable",
    "values-that-are-names",
    "siblings-in-one-mapping",
    "siblings-behind-a-merge-key",
    "twice-the-same-keys",
    "one-key-many-times",
    "many-keys-under-a-suffix",
    "krm-results-once-more",
    "rules",
    "rules-on-one-line",
    "name-references-of-kustomize",
    "values-that-are-no-base64",
    "encoded-mentions",
    "checksums-in-one-template",
    "claims-on-one-name-in-many-namespaces",
    "claims-with-an-asterisk",
    "bindings-of-admission-policies",
    "patterns",
    "known-objects-and-references",
    "carried-versions",
    "audit-of-waivers",
    "audit-of-sub-paths",
    "plan",
    "graph-of-one-hub",
    "findings-as-sarif",
    "gc-of-mentions",
];

/// Returns a problem with a case, if any. A busy machine can disturb a run, so the best of three counts.
fn grows(case: &Case) -> Option<String> {
    let ratio = || {
        let [once, four] = [1, 4].map(|factor| seconds(case, case.size / 4 * factor));
        if four < TOO_SHORT { 1.0 } else { four / once.max(TOO_SHORT / 4.0) }
    };
    let best = (0..3).map(|_| ratio()).find(|ratio| *ratio < MOST);
    best.is_none().then(|| case.name.to_owned())
}

/// Returns the CPU time of the process in seconds.
fn seconds(case: &Case, size: usize) -> f64 {
    let files = case.files(size);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = folder(&files);
    if case.twice {
        run(&folder, &["-q", "-o", "input.yaml", "input.yaml"]);
    }
    run(&folder, case.args)
}

/// Runs the program in a shell, which prints the CPU time of its children (POSIX `times`).
fn run(folder: &TempDir, args: &[&str]) -> f64 {
    let mut command = Command::new("sh");
    command.args(["-c", "\"$@\" > /dev/null 2> /dev/null; times", "sh", PROGRAM]).args(args);
    silence(&mut command);
    let output = command.current_dir(folder.path()).stdin(Stdio::null()).output().expect("a shell");
    // The second line contains the times of the children: `0m0.01s 0m0.00s`.
    let text = String::from_utf8(output.stdout).expect("text");
    let line = text.lines().nth(1).expect("two lines");
    line.split(' ').map(moment).sum()
}

fn moment(text: &str) -> f64 {
    let (minutes, seconds) = text.trim_end_matches('s').split_once('m').expect("minutes and seconds");
    let number = |text: &str| text.parse::<f64>().expect("a number");
    60.0 * number(minutes) + number(seconds)
}

#[test]
fn every_case_has_a_name_of_its_own_and_there_are_at_least_sixty() {
    let names: std::collections::BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
    assert!(names.len() == CASES.len() && names.len() >= 60, "{}", names.len());
    assert!(SMALL.iter().all(|name| names.contains(name)));
    assert!(fs::metadata(PROGRAM).is_ok());
}
