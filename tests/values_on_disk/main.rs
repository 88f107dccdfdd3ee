//! No file except the output contains a value of a Secret, whether a run succeeds, is refused or is killed, and no
//! temporary file is left.
//!
//! `no_value_is_shown` searches the text on terminals and in reports in many more ways.

#![cfg(unix)] // permissions and signals
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod helm;
#[path = "../leaks/mod.rs"]
mod leaks;
#[path = "../program/mod.rs"]
mod program;
#[path = "../streams/mod.rs"]
mod streams;
#[path = "../tools/mod.rs"]
mod tools;
mod unfinished;

use leaks::damage::damaged;
use leaks::markers::Marker;
use leaks::secrets::planted;
use program::files::names_in;
use program::{Ended, finish, program_in};
use std::fs;
use std::path::{Path, PathBuf};
use streams::dice::Dice;
use tempfile::TempDir;

/// The only file that may contain values.
const OUTPUT: &str = "out.yaml";

/// The options that write files other than the output.
const REPORTS: [&[&str]; 4] = [
    &["--report", "report.json", "--findings", "findings.txt"],
    &["--report", "report.json", "--unreferenced", "version", "--retain", "helm"],
    &["--report", "report.json", "--diff", "--strict"],
    &["--report", "report.json", "--checksum-left-alone", "--leave", "*/*"],
];

/// The folders to which a run may write: its working folder, its home, and the one for temporary files.
struct Places {
    work: TempDir,
    home: TempDir,
    temporary: TempDir,
}

impl Places {
    fn new() -> Places {
        let [work, home, temporary] = std::array::from_fn(|_| tempfile::tempdir().expect("a folder"));
        Places { work, home, temporary }
    }

    fn run(&self, args: &[&str], input: &str) -> Ended {
        let mut command = program_in(self.work.path(), args);
        command.env("HOME", self.home.path()).env("TMPDIR", self.temporary.path());
        finish(command, input)
    }

    /// Returns every file that was written, except the output.
    fn written(&self) -> Vec<PathBuf> {
        let files = [&self.work, &self.home, &self.temporary].map(|folder| files_in(folder.path()));
        let output = self.work.path().join(OUTPUT);
        files.concat().into_iter().filter(|file| *file != output).collect()
    }
}

/// Returns every file below a folder.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}

/// Checks that no file contains a value.
fn hold_no_value(files: &[PathBuf], markers: &[Marker], run: &str) {
    for file in files {
        let bytes = fs::read(file).expect("the file is there");
        let text = String::from_utf8_lossy(&bytes);
        let leak = markers.iter().find_map(|marker| marker.leak(&text));
        assert_eq!(leak, None, "{run}: {} holds a value:\n{text}", file.display());
    }
}

#[test]
fn a_run_leaves_its_output_and_reports_without_values() {
    let (mut succeeded, mut refused) = (0, 0);
    for seed in 1..=60 {
        let mut dice = Dice::new(seed);
        let planted = planted(&mut dice);
        let input = if seed % 2 == 0 { planted.text.clone() } else { damaged(&planted.text, &mut dice) };
        let places = Places::new();
        let more = REPORTS[dice.below(REPORTS.len())];
        let ended = places.run(&[&["-o", OUTPUT], more].concat(), &input);
        let run = format!("seed {seed}, {more:?}");
        assert!(ended.status < 2, "{run}: {}", ended.stderr);
        hold_no_value(&places.written(), &planted.markers, &run);
        for folder in [&places.home, &places.temporary] {
            assert_eq!(names_in(folder.path()), [""; 0], "{run}");
        }
        let work = names_in(places.work.path());
        assert!(work.contains(&"report.json".to_owned()), "{run}: {work:?}");
        assert!(work.iter().all(|name| !name.starts_with('.')), "{run}: {work:?}");
        if !more.contains(&"--diff") {
            assert_eq!(work.contains(&OUTPUT.to_owned()), ended.status == 0, "{run}: {}", ended.stderr);
        }
        *(if ended.status == 0 { &mut succeeded } else { &mut refused }) += 1;
    }
    assert!(succeeded >= 10 && refused >= 10, "{succeeded} runs succeeded, {refused} were refused");
}

#[test]
fn reports_of_an_audit_hold_no_value() {
    for seed in 1..=20 {
        let mut dice = Dice::new(seed);
        let planted = planted(&mut dice);
        let input = if seed % 2 == 0 { planted.text.clone() } else { damaged(&planted.text, &mut dice) };
        let places = Places::new();
        let formats = ["text", "json", "sarif", "junit", "github"];
        let reports: Vec<String> =
            formats.iter().map(|format| format!("--report={format}=audit.{format}")).collect();
        let args: Vec<&str> = std::iter::once("audit").chain(reports.iter().map(String::as_str)).collect();
        let ended = places.run(&args, &input);
        assert!(ended.status < 2, "seed {seed}: {}", ended.stderr);
        let written = places.written();
        assert_eq!(written.len(), formats.len(), "seed {seed}: {written:?}");
        hold_no_value(&written, &planted.markers, &format!("seed {seed}"));
    }
}
