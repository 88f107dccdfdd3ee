//! The number of threads only changes the time: output, findings and report are the same.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

mod library;
mod program;
mod streams;

use immutably::{Options, rewrite};
use library::{source, written};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use streams::{cases, stream};

/// Returns everything that is visible of a run.
fn run(text: &str, threads: usize) -> (Option<String>, String, String) {
    let source = source(text);
    let outcome = rewrite(&source, &Options { threads, ..Options::default() });
    let report = serde_json::to_string(&outcome.report()).expect("a report is data");
    (written(&outcome), format!("{:?}", outcome.diagnostics()), report)
}

fn same_for_any_number(text: &str) {
    let alone = run(text, 1);
    for threads in [2, 3] {
        assert!(run(text, threads) == alone, "{threads} threads make a difference:\n{text}");
    }
}

/// Returns every stream among the fixtures, in a fixed order.
fn inputs() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let (mut folders, mut found) = (vec![root], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "input.yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found.iter().filter_map(|path| fs::read_to_string(path).ok()).collect()
}

#[test]
fn of_every_fixture() {
    let inputs = inputs();
    assert!(inputs.len() > 100, "{} fixtures", inputs.len());
    inputs.iter().for_each(|input| same_for_any_number(input));
}

/// Documents of many kinds, with references from one part of the stream to another.
#[test]
fn of_fixtures_one_after_the_other() {
    for some in inputs().chunks(40) {
        same_for_any_number(&some.join("\n---\n"));
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn of_a_random_stream(stream in stream()) {
        same_for_any_number(&stream.text());
    }
}

#[test]
fn that_the_environment_sets() {
    let large: String = (0..2_000)
        .map(|number| {
            let (data, web) =
                ("x ".repeat(800), program::samples::WEB.replace("web", &format!("web-{number}")));
            format!("{web}---\nkind: Other\nvalue: {data}\n---\n")
        })
        .collect();
    assert!(large.len() > 3 << 20);
    let run = |threads: &str| {
        let mut command = program::program(&["--quiet"]);
        program::finish(
            {
                command.env("IMMUTABLY_THREADS", threads);
                command
            },
            &large,
        )
    };
    let alone = run("1");
    assert_eq!(alone.status, 0);
    for threads in ["", "2", "3", "100"] {
        let ended = run(threads);
        assert_eq!((ended.status, &ended.stderr), (0, &alone.stderr));
        assert!(ended.stdout == alone.stdout, "{threads} threads make a difference");
    }
}

#[test]
fn a_value_that_is_no_number_of_threads_is_refused() {
    for wrong in ["0", "-1", "two", "99999999999999999999999"] {
        let mut command = program::program(&["--quiet"]);
        command.env("IMMUTABLY_THREADS", wrong);
        let ended = program::finish(command, program::samples::WEB);
        assert_eq!((ended.status, ended.stdout.len()), (2, 0));
        assert!(ended.stderr.contains("IMMUTABLY_THREADS must be a number of threads"), "{}", ended.stderr);
    }
}
