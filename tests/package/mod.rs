//! A release made from stand-ins: a script that starts the built program replaces the program of each target.

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a helper of tests stops at what it does not expect, or says so"
)]
#![allow(dead_code)] // each test uses a part of it

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

pub(crate) const TARGETS: [&str; 5] = [
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-linux-musl",
];
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
pub(crate) const REPOSITORY: &str = "https://example.com/owner/immutably";
/// The files in every archive besides the program.
pub(crate) const FILES: [&str; 14] = [
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "LICENSES-CRATES.txt",
    "LICENSES-RUST-LIBRARY.html",
    "README.md",
    "completions/_immutably",
    "completions/immutably.bash",
    "completions/immutably.elv",
    "completions/immutably.fish",
    "completions/immutably.ps1",
    "helm-post-renderer/plugin.yaml",
    "helm/plugin.yaml",
    "man/immutably.1",
];

/// Returns the release, which is made once for all tests; `None` without Python or the notices of Rust's library.
pub(crate) fn release() -> Option<&'static Path> {
    static RELEASE: OnceLock<Option<PathBuf>> = OnceLock::new();
    RELEASE.get_or_init(put_together).as_deref()
}

fn put_together() -> Option<PathBuf> {
    let sysroot =
        Command::new("rustc").args(["--print", "sysroot"]).output().ok().map(|output| text(&output));
    let notices = sysroot.map(|root| Path::new(root.trim()).join("share/doc/rust/COPYRIGHT-library.html"));
    let has_python = Command::new("python3").arg("--version").output().is_ok();
    if !has_python || !notices.is_some_and(|path| path.is_file()) {
        let required = std::env::var("IMMUTABLY_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
        assert!(!required, "packages need Python 3, and Rust as rustup installs it");
        eprintln!("SKIPPED: packages need Python 3, and Rust as rustup installs it");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("release");
    // Files of an earlier run.
    let _ = fs::remove_dir_all(&folder);
    for target in TARGETS {
        let program = folder.join("programs").join(target).join(program(target));
        fs::create_dir_all(program.parent().expect("a folder")).expect("a folder");
        let stand_in = format!("#!/bin/sh\nexec '{}' \"$@\"\n# {target}\n", env!("CARGO_BIN_EXE_immutably"));
        fs::write(program, stand_in).expect("a program");
    }
    package(&folder, "release");
    Some(folder)
}

pub(crate) fn package(folder: &Path, out: &str) {
    let mut command = Command::new(root(".ci/release/package.py"));
    command.args(["--repository", REPOSITORY, "--programs"]).arg(folder.join("programs"));
    command.arg("--out").arg(folder.join(out)).env("SOURCE_DATE_EPOCH", "1700000000");
    run(&mut command);
}

/// Returns the folder in an archive.
pub(crate) fn unpacked(folder: &Path, target: &str) -> PathBuf {
    let into = tempfile::tempdir_in(folder).expect("a folder").keep();
    let archive = folder.join("release").join(archive(target));
    if target.contains("windows") {
        run(Command::new("python3").args(["-m", "zipfile", "--extract"]).arg(archive).arg(&into));
    } else {
        run(Command::new("tar").arg("--extract").arg("--file").arg(archive).arg("--directory").arg(&into));
    }
    into.join(format!("immutably-{VERSION}-{target}"))
}

pub(crate) fn archive(target: &str) -> String {
    let ending = if target.contains("windows") { "zip" } else { "tar.gz" };
    format!("immutably-{VERSION}-{target}.{ending}")
}

pub(crate) fn program(target: &str) -> &'static str {
    if target.contains("windows") { "immutably.exe" } else { "immutably" }
}

/// Returns the URL of an archive, and its checksum.
pub(crate) fn download(folder: &Path, target: &str) -> [String; 2] {
    let name = archive(target);
    let sum = sha256(&fs::read(folder.join("release").join(&name)).expect("an archive"));
    [format!("{REPOSITORY}/releases/download/v{VERSION}/{name}"), sum]
}

pub(crate) fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// Returns all files below a folder, by their paths in it.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(
                files(&path).into_iter().map(|(below, content)| (format!("{name}/{below}"), content)),
            );
        } else {
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
    found
}

pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
