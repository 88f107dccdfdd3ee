//! The program as others call it: recognised without a flag, configured by what they hand over.

#![cfg(unix)] // a link puts the program where kustomize looks for a plugin
#![allow(clippy::expect_used)] // a test fails by panicking

mod tools;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const WEB: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n";

#[test]
fn helm_never_gets_an_empty_output() {
    for (input, output) in [("", "---\n"), ("\n", "\n---\n"), ("  ", "  \n---\n"), ("# no\n", "# no\n")] {
        let by_flag = run(Command::new(PROGRAM).arg("--helm"), input);
        assert_eq!(text(&by_flag.stdout), output);
        assert_eq!(
            run(Command::new(PROGRAM).env("HELM_PLUGIN_NAME", "immutably"), input).stdout,
            by_flag.stdout
        );
    }
}

#[test]
fn a_file_is_kustomizes_configuration_only_when_it_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let plugin = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("the file is written");
        run(Command::new(PROGRAM).env("KUSTOMIZE_PLUGIN_CONFIG_ROOT", "/").arg(path), WEB)
    };
    let config = plugin("config.yaml", &configuration("leave: [ConfigMap/web]"));
    assert_eq!(text(&config.stdout), WEB);
    let manifest = plugin("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n");
    assert!(text(&manifest.stdout).contains("kind: Pod"), "{}", text(&manifest.stderr));
    let mistyped = plugin("mistyped.yaml", &configuration("leaf: [ConfigMap/web]"));
    assert_eq!((mistyped.status.code(), mistyped.stdout.len()), (Some(1), 0));
    let said = text(&mistyped.stderr);
    assert!(said.contains("error[invalid-configuration]") && said.contains("leaf"), "{said}");
}

#[test]
fn a_build_of_kustomize_carries_what_was_deployed_forward() {
    let Some(kubectl) = tools::kubectl("the kustomize plugin") else { return };
    let home = plugin_home();
    let base = home.path().join("base");
    write(&base, "web.yaml", &format!("{WEB}---\n{DEPLOYMENT}"));
    write(&base, "immutably.yaml", &configuration("{previous: [deployed.yaml], previousOptional: true}"));
    write(&base, "kustomization.yaml", KUSTOMIZATION);
    write(&base, "deployed.yaml", &build(&kubectl, &home, &base));
    write(&base, "web.yaml", &format!("{}---\n{DEPLOYMENT}", WEB.replace("a: b", "a: c")));
    let built = build(&kubectl, &home, &base);
    let carried =
        "    immutably.dev/generations-ago: \"1\"\n  name: shop-web-4h2mbtbbt6\n  namespace: prod\n";
    assert_eq!(built.matches("generations-ago").count(), 1, "{built}");
    assert!(built.contains(carried), "{built}");
}

#[test]
fn kustomize_calls_it_as_an_exec_plugin() {
    let Some(kubectl) = tools::kubectl("the kustomize plugin") else { return };
    let home = plugin_home();
    let base = home.path().join("base");
    write(&base, "web.yaml", &format!("{WEB}---\n{DEPLOYMENT}"));
    write(&base, "immutably.yaml", &configuration("strict: true"));
    write(&base, "kustomization.yaml", KUSTOMIZATION);
    let overlay = home.path().join("overlay");
    write(&overlay, "kustomization.yaml", "namePrefix: eu-\nresources: [../base]\n");
    for (folder, prefix) in [(&base, "shop-"), (&overlay, "eu-shop-")] {
        let built = build(&kubectl, &home, folder);
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
    write(folder.path(), "web.yaml", &format!("{WEB}---\n{DEPLOYMENT}"));
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

const PROGRAM: &str = env!("CARGO_BIN_EXE_immutably");

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

fn configuration(spec: &str) -> String {
    format!("apiVersion: immutably.dev/v1\nkind: Immutably\nmetadata: {{name: immutably}}\nspec:\n  {spec}\n")
}

/// A folder in which kustomize finds the program for objects of `immutably.dev/v1`, kind `Immutably`.
fn plugin_home() -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let plugin = home.path().join("plugins/immutably.dev/v1/immutably");
    fs::create_dir_all(&plugin).expect("folders");
    std::os::unix::fs::symlink(PROGRAM, plugin.join("Immutably")).expect("a link");
    home
}

fn build(kubectl: &Path, home: &TempDir, folder: &Path) -> String {
    let mut command = Command::new(kubectl);
    command.args(["kustomize", "--enable-alpha-plugins"]).arg(folder);
    command.env("KUSTOMIZE_PLUGIN_HOME", home.path().join("plugins"));
    tools::stdout(&mut command, "")
}

fn write(folder: &Path, name: &str, content: &str) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join(name), content).expect("the file is written");
}

fn run(command: &mut Command, input: &str) -> Output {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the program starts");
    // It may end before it has read everything.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
