//! Runs every folder `fixtures/<topic>/<behaviour>/` as a test of the program, and compares byte for byte.
//!
//! A folder contains the input and the expected output:
//!
//! - `input.yaml` or `input.json`: standard input. Files that `args` names are read from the folder itself.
//! - `args`: arguments, one on each line; may be absent.
//! - `env`: environment variables, one `NAME=value` on each line; may be absent.
//! - `expected.yaml` or `expected.json`: standard output, with exit status 0. Without it, the stream must be refused:
//!   exit status 1 (or the one in `status`), and nothing on standard output.
//! - `stderr.txt`: standard error.
//!
//! If `args` begins with a command that writes a report (`audit`), the report is in `expected.txt`, `.json` or `.xml`,
//! whatever the exit status. The exit status is in `status` if it is not 0.
//!
//! A second run on the output must not change it, except for commands. `UPDATE=1 cargo test --test fixtures` writes the
//! expected files again; read the difference before committing it.

#![allow(clippy::expect_used, reason = "a runner stops at what it does not expect")]

mod program;

use libtest_mimic::{Arguments, Failed, Trial};
use program::{Ended, finish, program_in};
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut trials = Vec::new();
    for topic in folders(&root) {
        for behaviour in folders(&topic) {
            let name = format!("{}/{}", file_name(&topic), file_name(&behaviour));
            trials.push(Trial::test(name, move || check(&behaviour)));
        }
    }
    assert!(!trials.is_empty(), "no fixtures found in {}", root.display());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn check(folder: &Path) -> Result<(), Failed> {
    let input = find(folder, "input").map(|path| read(&path)).unwrap_or_default();
    let output = run(folder, &input);
    if std::env::var_os("UPDATE").is_some() {
        update(folder, &output);
    }
    compare("stderr.txt", output.stderr.as_bytes(), &read(&folder.join("stderr.txt")))?;
    let status = |usual| {
        fs::read_to_string(folder.join("status")).map_or(usual, |text| text.trim().parse().unwrap_or(usual))
    };
    let Some(expected) = find(folder, "expected") else {
        let wanted = status(1);
        compare("stdout of a refused stream", &output.stdout, b"")?;
        return ended_with(&output, wanted);
    };
    compare(&file_name(&expected), &output.stdout, &read(&expected))?;
    ended_with(&output, status(0))?;
    if find(folder, "input").is_some() && command(folder).is_none() {
        compare("the output put in again", &run(folder, &output.stdout).stdout, &output.stdout)?;
    }
    Ok(())
}

fn ended_with(output: &Ended, wanted: i32) -> Result<(), Failed> {
    if output.status == wanted {
        return Ok(());
    }
    Err(format!("exit status {}, expected {wanted}", output.status).into())
}

/// Returns the command at the beginning of the arguments. Its output is not a stream that the filter could read again.
fn command(folder: &Path) -> Option<String> {
    let args = fs::read_to_string(folder.join("args")).ok()?;
    let first = args.lines().next()?.to_owned();
    (first == "gc" || program::reports(&first)).then_some(first)
}

fn run(folder: &Path, input: &[u8]) -> Ended {
    let args = fs::read_to_string(folder.join("args")).unwrap_or_default();
    let env = fs::read_to_string(folder.join("env")).unwrap_or_default();
    let mut program = program_in(folder, &args.lines().collect::<Vec<_>>());
    program.envs(env.lines().filter_map(|line| line.split_once('=')));
    finish(program, input)
}

fn update(folder: &Path, output: &Ended) {
    fs::write(folder.join("stderr.txt"), &output.stderr).expect("stderr.txt is written");
    let reports = command(folder).is_some_and(|command| program::reports(&command));
    let expected =
        find(folder, "expected").filter(|_| reports).unwrap_or_else(|| new_expected(folder, output));
    if output.status == 0 || reports {
        fs::write(expected, &output.stdout).expect("the expected output is written");
    } else if expected.exists() {
        fs::remove_file(expected).expect("the expected output is removed");
    }
    if reports && output.status != 0 {
        fs::write(folder.join("status"), format!("{}\n", output.status)).expect("the status is written");
    }
}

/// Returns the path for an output that has no file yet.
fn new_expected(folder: &Path, output: &Ended) -> PathBuf {
    let ending = match (command(folder).as_deref(), output.stdout.first()) {
        (Some("gc"), _) => "yaml",
        (None, _) if folder.join("input.json").exists() => "json",
        (None, _) => "yaml",
        (Some(_), Some(b'{')) => "json",
        (Some(_), Some(b'<')) => "xml",
        (Some(_), _) => "txt",
    };
    folder.join("expected").with_extension(ending)
}

fn compare(what: &str, found: &[u8], expected: &[u8]) -> Result<(), Failed> {
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (shown(found), shown(expected));
    let diff = similar::TextDiff::from_lines(&expected, &found);
    Err(format!("{what} differs:\n{}", diff.unified_diff().header("expected", "found")).into())
}

/// Returns text in which carriage returns and byte order marks are visible.
fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\r', "␍").replace('\u{feff}', "<BOM>")
}

fn find(folder: &Path, stem: &str) -> Option<PathBuf> {
    ["yaml", "json", "txt", "xml"]
        .into_iter()
        .map(|ending| folder.join(stem).with_extension(ending))
        .find(|path| path.exists())
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_default()
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let mut found: Vec<PathBuf> = entries.unwrap_or_default();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
