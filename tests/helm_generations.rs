//! Releases of the example chart, one after the other, through the real Helm 3 and 4: each gets what the one before
//! deployed.

#![cfg(unix)] // the plugin runs through a shell where Helm throws standard error away
#![allow(clippy::expect_used)] // a test fails by panicking

mod tools;

use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What is set at each release; the fourth goes back to the second.
const RELEASES: [&str; 4] = ["info", "warn", "error", "warn"];

#[test]
fn helm_3_carries_generations_forward() {
    chain("helm-3.17.2/helm", false, "helm-3");
}

#[test]
fn helm_4_carries_generations_forward() {
    chain("helm-4.3.1/helm", true, "helm-4");
}

fn chain(program: &str, plugin: bool, name: &str) {
    let Some(program) = tools::tool(program, "Helm") else { return };
    let home = tempfile::tempdir().expect("a folder");
    if plugin {
        helm(&program, &home, &["plugin", "install", &root("integrations/helm")]);
    }
    for (number, level) in (1..).zip(RELEASES) {
        let output = release(&program, &home, level);
        // What `helm get manifest` says of the release: hooks are apart from it.
        fs::write(home.path().join("manifest.yaml"), &output).expect("the file is written");
        if number > 1 {
            golden(&format!("{name}-release-{number}.yaml"), &output);
        }
    }
}

fn release(program: &Path, home: &TempDir, level: &str) -> String {
    let (chart, level) = (root("examples/chart"), format!("logLevel={level}"));
    let mut args = vec!["template", "web", &chart, "--no-hooks", "--set", &level];
    args.extend(["--post-renderer", "immutably"]);
    let words = ["--previous", "manifest.yaml", "--previous-optional", "--namespace=prod"];
    words.iter().for_each(|word| args.extend(["--post-renderer-args", word]));
    helm(program, home, &args)
}

fn helm(program: &Path, home: &TempDir, args: &[&str]) -> String {
    let beside = Path::new(env!("CARGO_BIN_EXE_immutably")).parent().expect("a folder");
    let mut command = Command::new(program);
    command.args(args).current_dir(home.path());
    command.env("PATH", format!("{}:/usr/bin:/bin", beside.display()));
    for folder in ["HELM_DATA_HOME", "HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HOME"] {
        command.env(folder, home.path());
    }
    for name in ["HELM_PLUGINS", "HELM_NAMESPACE", "HELM_PLUGIN_NAME"] {
        command.env_remove(name);
    }
    tools::stdout(&mut command, "")
}

/// Compares with a file under fixtures/helm byte for byte; `UPDATE=1` writes it.
fn golden(name: &str, rendered: &str) {
    let path = root(&format!("fixtures/helm/{name}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, rendered).expect("the file is written");
    }
    assert_eq!(rendered, fs::read_to_string(&path).expect("the file is there"), "{path}");
}

fn root(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}
