//! The release process: the workflow and the scripts in `.ci/release/` build reproducibly, package what they built, and
//! accept only a tag that matches the version.

#![cfg(target_os = "linux")] // packages are made on Linux
#![allow(clippy::expect_used)] // a test fails by panicking

mod package;

use package::{TARGETS, VERSION, root, run, text};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const PLUGINS: [&str; 2] = ["integrations/helm/plugin.yaml", "integrations/helm-post-renderer/plugin.yaml"];

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

/// The build itself takes too long for a test: the workflow builds everything twice and compares the results.
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
    for name in [&[".ci/release/check", "Cargo.toml"][..], &PLUGINS].concat() {
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
    for plugin in PLUGINS {
        let text = fs::read_to_string(place(plugin)).expect("the plugin");
        fs::write(place(plugin), "version: 0.0.1\n").expect("the plugin");
        assert_eq!(check(&noted, &tag), (false, String::new()), "{plugin}");
        fs::write(place(plugin), text).expect("the plugin");
    }
}

/// Writes an executable script, in a separate process. If this process wrote it, a child process that another test
/// starts at that moment would have it open too, and the script could not run.
fn script(path: &Path, text: &str) {
    let write = r#"printf %s "$2" > "$1" && chmod +x "$1""#;
    run(Command::new("sh").args(["-c", write, "sh"]).arg(path).arg(text));
}
