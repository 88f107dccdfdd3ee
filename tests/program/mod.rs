//! Runs the program, and checks what is true for every run: nothing panics, and a refused input causes no output.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]
#![allow(dead_code)] // each test uses a part of it

pub(crate) mod files;
pub(crate) mod samples;
#[cfg(unix)]
pub(crate) mod unix;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// True for a command that writes a report, even if its exit status reports problems.
pub(crate) fn reports(command: &str) -> bool {
    ["audit", "explain", "plan", "graph"].contains(&command)
}

/// The path of the program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_immutably");

/// The result of a run.
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ended {
    /// Returns standard output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// Runs the program with this standard input.
pub(crate) fn run(args: &[&str], input: impl AsRef<[u8]>) -> Ended {
    finish(program(args), input)
}

/// Runs the program in a folder.
pub(crate) fn run_in(folder: &TempDir, args: &[&str], input: impl AsRef<[u8]>) -> Ended {
    finish(program_in(folder.path(), args), input)
}

/// Returns a command for the program, without environment variables that affect it.
pub(crate) fn program(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args);
    silence(&mut command);
    command
}

/// Returns a command for the program in a folder.
pub(crate) fn program_in(folder: &Path, args: &[&str]) -> Command {
    let mut command = program(args);
    command.current_dir(folder);
    command
}

/// Removes the environment variables that affect the program.
pub(crate) fn silence(command: &mut Command) {
    for name in [
        "IMMUTABLY_SECRET_KEY",
        "IMMUTABLY_OLD_SECRET_KEY",
        "HELM_NAMESPACE",
        "HELM_BIN",
        "HELM_PLUGIN_NAME",
        "ARGOCD_APP_NAMESPACE",
        "KUSTOMIZE_PLUGIN_CONFIG_ROOT",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "IMMUTABLY_THREADS",
    ] {
        command.env_remove(name);
    }
}

/// Passes standard input to a command, and waits until it ends.
pub(crate) fn finish(mut command: Command, input: impl AsRef<[u8]>) -> Ended {
    let reports = command.get_args().next().and_then(|arg| arg.to_str()).is_some_and(reports)
        || command.get_args().any(|arg| arg == "--diff");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.as_ref();
    let output = std::thread::scope(|scope| {
        // A program that refuses the input early need not read all of it.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output().expect("the program ends")
    });
    let stderr = String::from_utf8(output.stderr).expect("messages are text");
    let status = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {stderr}"));
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(reports || status == 0 || output.stdout.is_empty(), "wrote something and ended with {status}");
    Ended { status, stdout: output.stdout, stderr }
}

/// Passes standard input to a command, and stops reading its output after ten bytes.
pub(crate) fn stops_reading(mut command: Command, input: &str) -> Ended {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads everything");
    let mut first = [0; 10];
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_exact(&mut first).expect("there is output");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ended { status: output.status.code().unwrap_or(-1), stdout: first.to_vec(), stderr }
}
