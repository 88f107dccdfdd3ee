//! What a release consists of, put together from stand-ins: a script that starts the built program stands for the
//! program of each target. `.ci/release/` makes it; the workflow, the formula and the krew manifest have to agree with it.

#![cfg(target_os = "linux")] // packages are made on Linux
#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test stops at what it does not expect, or says so"
)]

use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const TARGETS: [&str; 5] = [
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-linux-musl",
];
const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = "https://example.com/owner/immutably";
/// What every archive holds beside the program.
const FILES: [&str; 13] = [
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
    "helm/plugin.yaml",
    "man/immutably.1",
];

/// A release, put together once for all tests; nothing where Python, or the notices of Rust's library, are absent.
fn release() -> Option<&'static Path> {
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
    // What the run before left.
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

fn package(folder: &Path, out: &str) {
    let mut command = Command::new(root(".ci/release/package.py"));
    command.args(["--repository", REPOSITORY, "--programs"]).arg(folder.join("programs"));
    command.arg("--out").arg(folder.join(out)).env("SOURCE_DATE_EPOCH", "1700000000");
    run(&mut command);
}

#[test]
fn the_same_programs_give_the_same_bytes() {
    let Some(folder) = release() else { return };
    package(folder, "again");
    let (first, again) = (files(&folder.join("release")), files(&folder.join("again")));
    assert!(first == again, "{:?} and {:?}", first.keys(), again.keys());
}

#[test]
fn an_archive_holds_the_program_and_what_it_says_of_itself() {
    let Some(folder) = release() else { return };
    for target in TARGETS {
        let unpacked = unpacked(folder, target);
        let found = files(&unpacked);
        let mut expected: BTreeSet<&str> = FILES.into_iter().chain([program(target)]).collect();
        if target.ends_with("-musl") {
            expected.insert("LICENSE-MUSL");
        }
        assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{target}");
        let stand_in = folder.join("programs").join(target).join(program(target));
        assert!(found[program(target)] == fs::read(stand_in).expect("the program"), "{target}");
        let plugin = fs::read(root("integrations/helm/plugin.yaml")).expect("the plugin");
        assert!(found["helm/plugin.yaml"] == plugin, "{target}");
        let says = |args: &[&str]| run(Command::new(env!("CARGO_BIN_EXE_immutably")).args(args)).stdout;
        assert!(found["man/immutably.1"] == says(&["man"]), "{target}");
        assert!(found["completions/_immutably"] == says(&["completions", "zsh"]), "{target}");
    }
}

#[test]
fn an_archive_is_of_one_moment_and_of_nobody() {
    let Some(folder) = release() else { return };
    for target in TARGETS.into_iter().filter(|target| !target.contains("windows")) {
        let archive = folder.join("release").join(archive(target));
        let mut command = Command::new("tar");
        command.args(["--list", "--verbose", "--numeric-owner", "--utc", "--file"]).arg(archive);
        for line in text(&run(&mut command)).lines() {
            let mode = if line.ends_with("/immutably") { "-rwxr-xr-x 0/0 " } else { "-rw-r--r-- 0/0 " };
            assert!(line.starts_with(mode) && line.contains(" 2023-11-14 22:13 immutably-"), "{line}");
        }
    }
}

#[test]
fn checksums_are_those_of_all_files() {
    let Some(folder) = release() else { return };
    let mut files = files(&folder.join("release"));
    let sums = String::from_utf8(files.remove("SHA256SUMS").expect("checksums")).expect("UTF-8");
    let expected: String =
        files.iter().map(|(name, content)| format!("{}  {name}\n", sha256(content))).collect();
    assert_eq!(sums, expected);
}

#[test]
fn the_krew_manifest_names_the_archives() {
    let Some(folder) = release() else { return };
    let manifest = fs::read_to_string(folder.join("release/immutably.yaml")).expect("the manifest");
    assert!(!manifest.contains(['@', '#']), "a place that is not filled in: {manifest}");
    let manifest: serde_yaml::Value = serde_yaml::from_str(&manifest).expect("YAML");
    assert_eq!(manifest["spec"]["version"], format!("v{VERSION}"));
    let platforms = manifest["spec"]["platforms"].as_sequence().expect("platforms");
    let found: BTreeSet<String> = platforms
        .iter()
        .map(|platform| {
            let labels = &platform["selector"]["matchLabels"];
            let [os, arch, uri, sum, bin] =
                [&labels["os"], &labels["arch"], &platform["uri"], &platform["sha256"], &platform["bin"]]
                    .map(|value| value.as_str().expect("text"));
            assert_eq!(platform["files"][0]["from"], format!("*/{bin}"));
            format!("{os} {arch} {bin} {uri} {sum}")
        })
        .collect();
    let expected = TARGETS.map(|target| {
        let os = ["linux", "darwin", "windows"].into_iter().find(|os| target.contains(os)).expect("an os");
        let arch = if target.starts_with("x86_64") { "amd64" } else { "arm64" };
        format!("{os} {arch} {} {}", program(target), download(folder, target).join(" "))
    });
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn the_formula_names_the_archives() {
    let Some(folder) = release() else { return };
    let formula = fs::read_to_string(folder.join("release/immutably.rb")).expect("the formula");
    assert!(!formula.contains('@'), "a place that is not filled in: {formula}");
    let quoted = |key: &str| -> Vec<String> {
        let lines = formula.lines().filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(" \""));
        lines.map(|line| line.trim_end_matches('"').to_owned()).collect()
    };
    let found: BTreeSet<[String; 2]> =
        quoted("url").into_iter().zip(quoted("sha256")).map(Into::into).collect();
    let targets = TARGETS.into_iter().filter(|target| !target.contains("windows"));
    assert_eq!(found, targets.map(|target| download(folder, target)).collect());
    assert_eq!(quoted("version"), [VERSION]);
    let installed = FILES.iter().filter(|name| formula.contains(&format!("install \"{name}\""))).count();
    assert_eq!(installed, 4, "the manual page and three completions");
}

#[test]
fn the_sbom_lists_the_crates_that_ship() {
    let Some(folder) = release() else { return };
    for target in TARGETS {
        let path = folder.join("release").join(format!("immutably-{VERSION}-{target}.cdx.json"));
        let sbom: serde_json::Value =
            serde_json::from_slice(&fs::read(path).expect("an SBOM")).expect("JSON");
        let components = sbom["components"].as_array().expect("components");
        let name = |component: &serde_json::Value| {
            let part = |key: &str| component[key].as_str().expect("text").to_owned();
            format!("{} v{}", part("name"), part("version"))
        };
        let of_scope = |scope: &str| -> BTreeSet<String> {
            components.iter().filter(|component| component["scope"] == scope).map(name).collect()
        };
        let (all, in_program) = (tree(target, "normal"), tree(target, "normal,no-proc-macro"));
        assert_eq!(of_scope("required"), in_program, "{target}");
        assert_eq!(of_scope("excluded"), all.difference(&in_program).cloned().collect(), "{target}");
        let has_sum = |component: &serde_json::Value| {
            component["hashes"][0]["content"].as_str().is_some_and(|sum| sum.len() == 64)
        };
        assert!(components.iter().all(has_sum), "{target}");
        let licences =
            fs::read_to_string(unpacked(folder, target).join("LICENSES-CRATES.txt")).expect("text");
        let carries = |name: &String| licences.lines().any(|line| line == name.replace(" v", " "));
        assert!(in_program.iter().all(carries), "{target}");
    }
}

#[test]
fn the_workflow_builds_what_is_packaged_and_what_deny_looks_at() {
    let workflow = fs::read_to_string(root(".github/workflows/release.yml")).expect("the workflow");
    let parsed: serde_yaml::Value = serde_yaml::from_str(&workflow).expect("YAML");
    let include = parsed["jobs"]["build"]["strategy"]["matrix"]["include"].as_sequence().expect("a matrix");
    let built: BTreeSet<&str> = include.iter().filter_map(|entry| entry["target"].as_str()).collect();
    assert_eq!(built, BTreeSet::from(TARGETS));
    let deny = fs::read_to_string(root("deny.toml")).expect("deny.toml");
    assert!(TARGETS.iter().all(|target| deny.contains(&format!("    \"{target}\",\n"))), "{deny}");
    let actions = workflow.lines().filter_map(|line| line.trim().strip_prefix("- uses: "));
    let unpinned: Vec<&str> = actions.filter(|action| !action.contains("@v")).collect();
    assert!(unpinned.is_empty(), "{unpinned:?}");
}

/// The build itself is too long for a test: the workflow builds everything twice and compares.
#[test]
fn a_build_hides_where_it_ran_and_needs_no_library() {
    let stand_in = tempfile::tempdir().expect("a folder");
    let cargo = stand_in.path().join("cargo");
    script(&cargo, "#!/bin/sh\nprintf '%s\\n' \"$CARGO_ENCODED_RUSTFLAGS\" \"$*\"\n");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(root(".ci/release/build"));
    command.arg("x86_64-unknown-linux-musl").env("PATH", format!("{}:{path}", stand_in.path().display()));
    command.env("CARGO_HOME", "/home/cargo").env_remove("CARGO_TARGET_DIR");
    let output = run(&mut command);
    assert_eq!(text(&output), "target/x86_64-unknown-linux-musl/release/immutably\n");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let here = root("").display().to_string();
    for flag in [
        format!("--remap-path-prefix={}=/immutably\x1f", here.trim_end_matches('/')),
        "--remap-path-prefix=/home/cargo=/cargo\x1f".to_owned(),
        "-C\x1ftarget-feature=+crt-static\n".to_owned(),
        "build --locked --release --target x86_64-unknown-linux-musl\n".to_owned(),
    ] {
        assert!(said.contains(&flag), "{flag:?} is not in {said:?}");
    }
}

#[test]
fn scripts_can_be_read() {
    for name in ["build", "check", "image"] {
        run(Command::new("bash").arg("-n").arg(root(".ci/release").join(name)));
    }
}

#[test]
fn a_tag_is_refused_that_is_not_the_version_or_has_no_notes() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    for name in [".ci/release/check", "integrations/helm/plugin.yaml", "Cargo.toml"] {
        fs::create_dir_all(place(name).parent().expect("a folder")).expect("a folder");
        run(Command::new("cp").arg(root(name)).arg(place(name)));
    }
    let tag = format!("v{VERSION}");
    let check = |changes: &str, tag: &str| {
        fs::write(place("CHANGELOG.md"), changes).expect("the changelog");
        let output = Command::new(place(".ci/release/check")).arg(tag).output().expect("bash starts");
        (output.status.success(), text(&output))
    };
    let noted = format!(
        "# Changelog\n\n## [{VERSION}] - 2026-12-01\n\n- The filter.\n\n## [0.0.1] - 2026-11-01\n\n- Less.\n"
    );
    assert_eq!(check(&noted, &tag), (true, "\n- The filter.\n".to_owned()));
    assert_eq!(check(&noted, "v0.0.1"), (false, String::new()));
    assert_eq!(check(&noted, VERSION), (false, String::new()));
    assert_eq!(check(&noted.replace("- The filter.\n", ""), &tag), (false, String::new()));
    assert_eq!(check("# Changelog\n\n## [Unreleased]\n\n- The filter.\n", &tag), (false, String::new()));
    fs::write(place("integrations/helm/plugin.yaml"), "version: 0.0.1\n").expect("the plugin");
    assert_eq!(check(&noted, &tag), (false, String::new()));
}

/// Writes a script that can be run. A process of its own does: what this one has open for writing, a process that another
/// test is just starting has open too, and then the script is too busy to run.
fn script(path: &Path, text: &str) {
    let write = r#"printf %s "$2" > "$1" && chmod +x "$1""#;
    run(Command::new("sh").args(["-c", write, "sh"]).arg(path).arg(text));
}

/// Name and version of each crate below the program, as cargo says.
fn tree(target: &str, edges: &str) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--prefix", "none", "--edges", edges, "--target", target]);
    let output = text(&run(command.current_dir(root(""))));
    let words = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    output.lines().map(words).filter(|name| !name.starts_with("immutably ")).collect()
}

/// The folder that an archive consists of.
fn unpacked(folder: &Path, target: &str) -> PathBuf {
    let into = tempfile::tempdir_in(folder).expect("a folder").keep();
    let archive = folder.join("release").join(archive(target));
    if target.contains("windows") {
        run(Command::new("python3").args(["-m", "zipfile", "--extract"]).arg(archive).arg(&into));
    } else {
        run(Command::new("tar").arg("--extract").arg("--file").arg(archive).arg("--directory").arg(&into));
    }
    into.join(format!("immutably-{VERSION}-{target}"))
}

fn archive(target: &str) -> String {
    let ending = if target.contains("windows") { "zip" } else { "tar.gz" };
    format!("immutably-{VERSION}-{target}.{ending}")
}

fn program(target: &str) -> &'static str {
    if target.contains("windows") { "immutably.exe" } else { "immutably" }
}

/// Where an archive will be, and its checksum.
fn download(folder: &Path, target: &str) -> [String; 2] {
    let name = archive(target);
    let sum = sha256(&fs::read(folder.join("release").join(&name)).expect("an archive"));
    [format!("{REPOSITORY}/releases/download/v{VERSION}/{name}"), sum]
}

fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// All files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
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

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
