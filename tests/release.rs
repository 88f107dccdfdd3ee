//! The parts of a release: archives, checksums, SBOMs, the formula and the krew manifest are consistent with each other
//! and with the program.

#![cfg(target_os = "linux")] // packages are made on Linux
#![allow(clippy::expect_used)] // a test fails by panicking

mod package;

use package::{
    FILES, TARGETS, VERSION, archive, download, files, package, program, release, root, run, sha256, text,
    unpacked,
};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

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
        for plugin in ["helm/plugin.yaml", "helm-post-renderer/plugin.yaml"] {
            let source = fs::read(root("integrations").join(plugin)).expect("the plugin");
            assert!(found[plugin] == source, "{target}: {plugin}");
        }
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

/// Returns name and version of each dependency of the program, according to cargo.
fn tree(target: &str, edges: &str) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--prefix", "none", "--edges", edges, "--target", target]);
    let output = text(&run(command.current_dir(root(""))));
    let words = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    output.lines().map(words).filter(|name| !name.starts_with("immutably ")).collect()
}
