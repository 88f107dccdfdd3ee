//! Tells the program which commit and which target it is built from, for `immutably --version`.
//!
//! The commit comes from git in a clone, and from `.cargo_vcs_info.json` in a published crate. Without either the version
//! says none. The same commit gives the same text, so that builds stay reproducible.

use std::path::Path;
use std::process::Command;

/// Digits of a commit that are shown.
const DIGITS: usize = 12;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = std::env::var("TARGET").unwrap_or_default();
    let commit = published().or_else(cloned).map(|commit| format!("{commit}, ")).unwrap_or_default();
    println!("cargo::rustc-env=BUILT_FROM={commit}{target}");
}

/// What `cargo package` wrote beside the manifest.
fn published() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    digits(text.split("\"sha1\": \"").nth(1)?)
}

/// The commit of the clone whose root this folder is; a folder within another project's clone has none.
fn cloned() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]).filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    digits(&git(&["rev-parse", "HEAD"])?)
}

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().take_while(char::is_ascii_hexdigit).take(DIGITS).collect();
    (digits.len() == DIGITS).then_some(digits)
}
