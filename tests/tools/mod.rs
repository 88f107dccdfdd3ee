//! Finds the real programs that tests and benchmarks compare with. `fetch.py` installs them.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]
#![allow(dead_code)] // each test uses a part of it

#[cfg(unix)] // links put the programs where the plugin looks for them
pub(crate) mod argocd;
pub(crate) mod helm;
#[cfg(unix)] // a link puts the program where kustomize looks for a plugin
pub(crate) mod kustomize;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Finds kubectl 1.37.1, like [`tool`].
pub(crate) fn kubectl(what_for: &str) -> Option<PathBuf> {
    tool("kubectl-1.37.1/kubectl", what_for)
}

/// Finds a program in the folder that `IMMUTABLY_TOOLS` names, or in target/tools. If the program is missing, prints a
/// message, or panics if `IMMUTABLY_REQUIRE_TOOLS` is set.
pub(crate) fn tool(program: &str, what_for: &str) -> Option<PathBuf> {
    let found = optional(program, what_for);
    let required = std::env::var("IMMUTABLY_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    assert!(!required || found.is_some(), "{what_for} needs {program}: run tests/tools/fetch.py");
    found
}

/// Finds a program that is not available everywhere, and therefore never required.
pub(crate) fn optional(program: &str, what_for: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    let folder = std::env::var_os("IMMUTABLY_TOOLS").map_or(beside, PathBuf::from);
    let path = folder.join(program);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("SKIPPED: {what_for}: {program} is not in {}: run tests/tools/fetch.py", folder.display());
    None
}

/// Returns the output of a program. `input` is shown if it fails.
pub(crate) fn stdout(command: &mut Command, input: &str) -> String {
    let output = command.output().expect("the tool starts");
    assert!(output.status.success(), "{input}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
