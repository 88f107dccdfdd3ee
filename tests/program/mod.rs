//! Starts the program, and looks at what holds whatever a test is about: nothing panics, and what is refused writes
//! nothing.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]
#![allow(dead_code)] // each takes what it needs

pub(crate) mod files;
pub(crate) mod samples;
#[cfg(unix)]
pub(crate) mod unix;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// True for a command whose output is a report: it is written whatever it says, and the status tells what it says.
pub(crate) fn reports(command: &str) -> bool {
    ["audit", "plan", "graph"].contains(&command)
}

/// Where the program is.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_immutably");

/// What the program did.
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ended {
    /// Standard output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// Runs it on standard input.
pub(crate) fn run(args: &[&str], input: impl AsRef<[u8]>) -> Ended {
    finish(program(args), input)
}

/// Runs it in a folder.
pub(crate) fn run_in(folder: &TempDir, args: &[&str], input: impl AsRef<[u8]>) -> Ended {
    finish(program_in(folder.path(), args), input)
}

/// The program in an environment that says nothing.
pub(crate) fn program(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args);
    silence(&mut command);
    command
}

/// The program in a folder.
pub(crate) fn program_in(folder: &Path, args: &[&str]) -> Command {
    let mut command = program(args);
    command.current_dir(folder);
    command
}

/// Takes out of the environment what the program would heed.
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

/// Gives a command its input and waits for its end.
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
        // What refuses early need not read everything.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output().expect("the program ends")
    });
    let stderr = String::from_utf8(output.stderr).expect("messages are text");
    let status = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {stderr}"));
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(reports || status == 0 || output.stdout.is_empty(), "wrote something and ended with {status}");
    Ended { status, stdout: output.stdout, stderr }
}

/// Gives a command its input, and stops reading after ten bytes.
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
