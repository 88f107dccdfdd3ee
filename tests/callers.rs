//! The program as others call it: recognised without a flag, configured by what they hand over.

#![cfg(unix)] // a link puts the program where kustomize looks for a plugin
#![allow(clippy::expect_used)] // a test fails by panicking

mod program;
mod tools;

use program::samples::UNREFERENCED;
use program::{Ended, PROGRAM, finish, program, run};
use std::fs;
use std::path::Path;
use std::process::Command;
use tools::kustomize::{Kustomize, configuration};

#[test]
fn helm_never_gets_an_empty_output() {
    for (input, output) in [("", "---\n"), ("\n", "\n---\n"), ("  ", "  \n---\n"), ("# no\n", "# no\n")] {
        let by_flag = run(&["--helm"], input);
        assert_eq!(by_flag.text(), output);
        let mut plugin = program(&[]);
        plugin.env("HELM_PLUGIN_NAME", "immutably");
        assert_eq!(finish(plugin, input).stdout, by_flag.stdout);
    }
}

#[test]
fn a_file_is_kustomizes_configuration_only_when_it_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let plugin = |name: &str, content: &str| -> Ended {
        write(folder.path(), name, content);
        let mut command = program(&[name]);
        command.current_dir(folder.path()).env("KUSTOMIZE_PLUGIN_CONFIG_ROOT", "/");
        finish(command, UNREFERENCED)
    };
    let config = plugin("config.yaml", &configuration("leave: [ConfigMap/web]"));
    assert_eq!(config.text(), UNREFERENCED);
    let manifest = plugin("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n");
    assert!(manifest.text().contains("kind: Pod"), "{}", manifest.stderr);
    let mistyped = plugin("mistyped.yaml", &configuration("leaf: [ConfigMap/web]"));
    assert_eq!((mistyped.status, mistyped.stdout.len()), (1, 0));
    let said = mistyped.stderr;
    assert!(said.contains("error[invalid-configuration]") && said.contains("leaf"), "{said}");
}

#[test]
fn kustomize_calls_it_as_an_exec_plugin() {
    let Some(kustomize) = Kustomize::find("the kustomize plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let base = folder.path().join("base");
    write(&base, "web.yaml", &format!("{UNREFERENCED}---\n{DEPLOYMENT}"));
    write(&base, "immutably.yaml", &configuration("strict: true"));
    write(&base, "kustomization.yaml", KUSTOMIZATION);
    let overlay = folder.path().join("overlay");
    write(&overlay, "kustomization.yaml", "namePrefix: eu-\nresources: [../base]\n");
    for (folder, prefix) in [(&base, "shop-"), (&overlay, "eu-shop-")] {
        let built = kustomize.build(folder);
        for name in ["web-4h2mbtbbt6", "generated-4h2mbtbbt6"] {
            let named = format!("name: {prefix}{name}\n");
            // The object itself, and the one place that refers to it.
            assert_eq!(built.matches(&named).count(), 2, "{named}{built}");
        }
        assert_eq!(built.matches("immutable: true\n").count(), 2, "{built}");
    }
}

/// No package brings kpt, so this is skipped where it is not installed, in CI too.
#[test]
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn kpt_writes_files_back_and_a_second_run_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "web.yaml", &format!("{UNREFERENCED}---\n{DEPLOYMENT}"));
    let eval = || {
        let mut command = Command::new("kpt");
        command.args(["fn", "eval", "--exec", PROGRAM]).arg(folder.path()).output()
    };
    let Ok(first) = eval() else {
        eprintln!("SKIPPED: kpt is not installed");
        return;
    };
    assert!(first.status.success(), "{}", text(&first.stderr));
    let written = || fs::read_to_string(folder.path().join("web.yaml")).expect("the file is there");
    let once = written();
    assert_eq!(once.matches("name: web-4h2mbtbbt6").count(), 2, "{once}");
    assert!(eval().is_ok_and(|second| second.status.success()));
    assert_eq!(written(), once);
}

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        envFrom:
        - configMapRef: {name: web}
        - configMapRef: {name: generated}
";

/// The prefix makes references say an earlier name while the plugin runs; the generator's object waits for its suffix.
const KUSTOMIZATION: &str = "\
namePrefix: shop-
namespace: prod
resources: [web.yaml]
configMapGenerator:
- name: generated
  literals: [a=b]
transformers: [immutably.yaml]
";

fn write(folder: &Path, name: &str, content: &str) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join(name), content).expect("the file is written");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
