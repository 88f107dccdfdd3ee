//! `--findings FILE`: for callers that discard standard error.

#![allow(clippy::expect_used)] // a test fails by panicking

mod program;

use program::samples::{BAD_SECRET, WEB};
use program::{files::folder, run_in};
use std::fs;

#[test]
fn findings_are_appended_and_standard_error_is_empty() {
    let folder = folder(&[("log", "before\n")]);
    let good = run_in(&folder, &["--findings=log"], WEB);
    assert_eq!((good.status, good.stderr.as_str()), (0, ""));
    let refused = run_in(&folder, &["--findings=log"], BAD_SECRET);
    assert_eq!((refused.status, refused.stderr.as_str()), (1, ""));
    let log = fs::read_to_string(folder.path().join("log")).expect("the file is there");
    assert!(log.starts_with("before\n1 versioned") && log.contains("\nerror["), "{log}");
    assert!(log.contains("refused, nothing written"), "{log}");
}

#[test]
fn a_file_that_cannot_be_written_stops_everything() {
    let folder = folder(&[]);
    let ended = run_in(&folder, &["--findings=absent/log"], WEB);
    assert!(ended.status == 1 && ended.stdout.is_empty(), "{}", ended.stderr);
    assert!(ended.stderr.contains("cannot write findings to absent/log"), "{}", ended.stderr);
}

#[test]
fn colours_are_for_those_who_ask() {
    for (args, coloured) in [(&["--findings=log"][..], false), (&["--findings=log", "--color=always"], true)]
    {
        let folder = folder(&[]);
        run_in(&folder, args, BAD_SECRET);
        let log = fs::read_to_string(folder.path().join("log")).expect("the file is there");
        assert_eq!(log.contains('\u{1b}'), coloured, "{log}");
    }
}

#[test]
fn there_is_one_place_for_findings() {
    let folder = folder(&[]);
    assert_eq!(run_in(&folder, &["--findings=log", "--parent-stderr"], WEB).status, 2);
    let refused = run_in(&folder, &["--findings=-"], WEB);
    assert_eq!((refused.status, refused.text()), (1, String::new()));
    assert!(refused.stderr.contains("`--findings -` is refused"), "{}", refused.stderr);
}

#[test]
#[cfg(target_os = "linux")] // it has a device that is always full
fn what_a_full_disk_does_not_take_goes_to_standard_error() {
    let folder = folder(&[]);
    let ended = run_in(&folder, &["--findings=/dev/full"], WEB);
    assert!(ended.status == 0 && ended.stderr.contains("1 versioned"), "{}", ended.stderr);
    let refused = run_in(&folder, &["--findings=/dev/full"], BAD_SECRET);
    assert!(refused.status == 1 && refused.stderr.contains("error["), "{}", refused.stderr);
}
