//! The program when other programs call it: it recognises them without a flag, and takes its configuration from them.

#![cfg(unix)] // a link puts the program where kustomize looks for a plugin
#![allow(clippy::expect_used)] // a test fails by panicking

mod program;
mod tools;

use program::samples::UNREFERENCED;
use program::{Ended, finish, program, run, stops_reading};
use std::fs;
use std::path::Path;
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
    let config = as_plugin(folder.path(), &configuration("leave: [ConfigMap/web]"), UNREFERENCED);
    assert_eq!(config.text(), UNREFERENCED);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n";
    let manifest = as_plugin(folder.path(), pod, UNREFERENCED);
    assert!(manifest.text().contains("kind: Pod"), "{}", manifest.stderr);
}

#[test]
fn a_build_of_kustomize_carries_what_was_deployed_forward() {
    let Some(kustomize) = Kustomize::find("the kustomize plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let base = folder.path();
    write(base, "web.yaml", &format!("{UNREFERENCED}---\n{DEPLOYMENT}"));
    write(base, "immutably.yaml", &configuration("{previous: [deployed.yaml], previousOptional: true}"));
    write(base, "kustomization.yaml", KUSTOMIZATION);
    write(base, "deployed.yaml", &kustomize.build(base));
    write(base, "web.yaml", &format!("{}---\n{DEPLOYMENT}", UNREFERENCED.replace("a: b", "a: c")));
    let built = kustomize.build(base);
    let carried =
        "    immutably.dev/generations-ago: \"1\"\n  name: shop-web-4h2mbtbbt6\n  namespace: prod\n";
    assert_eq!(built.matches("generations-ago").count(), 1, "{built}");
    assert!(built.contains(carried), "{built}");
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
            // The object itself, and the only reference to it.
            assert_eq!(built.matches(&named).count(), 2, "{named}{built}");
        }
        assert_eq!(built.matches("immutable: true\n").count(), 2, "{built}");
    }
}

/// The failure is intended: a patch would change content that already has a suffix.
#[test]
fn an_overlay_does_not_find_what_the_plugin_renamed_in_its_base() {
    let Some(kustomize) = Kustomize::find("the kustomize plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let base = folder.path().join("base");
    write(&base, "web.yaml", UNREFERENCED);
    write(&base, "immutably.yaml", &configuration("unreferenced: version"));
    write(&base, "kustomization.yaml", "resources: [web.yaml]\ntransformers: [immutably.yaml]\n");
    write(folder.path(), "deployment.yaml", &DEPLOYMENT.replace("{name: generated}", "{name: other}"));
    let overlay = "resources: [base, deployment.yaml]\n";
    write(folder.path(), "kustomization.yaml", overlay);
    let built = kustomize.build(folder.path());
    assert_eq!(built.matches("name: web-4h2mbtbbt6\n").count(), 1, "{built}");
    let patch =
        "patches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {a: c}}'\n";
    write(folder.path(), "kustomization.yaml", &format!("{overlay}{patch}"));
    let patched = kustomize.command(folder.path()).output().expect("kubectl starts");
    assert!(!patched.status.success());
    assert!(String::from_utf8_lossy(&patched.stderr).contains("no matches for Id ConfigMap"));
}

#[test]
fn a_wrong_configuration_is_told_and_nothing_comes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    for (spec, told) in [
        ("leaf: [ConfigMap/web]", "unknown option `leaf`"),
        ("leave: ConfigMap/web", "expected a list"),
        ("leave: [Deployment/web]", "`Deployment` is neither"),
        ("strict: perhaps", "expected `true` or `false` at line 5"),
        ("hash: md5", "expected one of `stored`, `kustomize`"),
        ("unreferenced: drop", "expected one of `both`, `version`, `leave`, `error`"),
        ("namespace: [prod]", "expected text"),
        ("rules: [{kind: Pool}]", "missing field `path`"),
        ("rules: [{kind: Pool, path: spec..a, names: ConfigMap}]", "`spec..a`"),
        ("[strict]", "expected a mapping"),
        ("leave: ['ConfigMap/web,Secret/web']", "write each pattern as a separate item"),
        ("report: /tmp/report.json", "expected a path below the working directory"),
        ("report: ../report.json", "expected a path below the working directory"),
    ] {
        let ended = as_plugin(folder.path(), &configuration(spec), UNREFERENCED);
        assert_eq!((ended.status, ended.stdout.len()), (1, 0), "{spec}: {}", ended.stderr);
        assert!(ended.stderr.contains("error[invalid-configuration]"), "{spec}: {}", ended.stderr);
        assert!(ended.stderr.contains(told), "{spec}: {}", ended.stderr);
    }
}

#[test]
fn kustomize_shows_what_is_wrong_with_the_configuration() {
    let Some(kustomize) = Kustomize::find("the kustomize plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "web.yaml", UNREFERENCED);
    write(folder.path(), "immutably.yaml", &configuration("leaf: [ConfigMap/web]"));
    write(folder.path(), "kustomization.yaml", "resources: [web.yaml]\ntransformers: [immutably.yaml]\n");
    let built = kustomize.command(folder.path()).output().expect("kubectl starts");
    assert!(!built.status.success() && built.stdout.is_empty());
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(said.contains("unknown option `leaf`"), "{said}");
}

#[test]
fn a_build_that_succeeds_says_what_it_found() {
    let Some(kustomize) = Kustomize::find("the kustomize plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "web.yaml", MENTION);
    write(folder.path(), "immutably.yaml", &configuration("report: report.json"));
    write(folder.path(), "kustomization.yaml", "resources: [web.yaml]\ntransformers: [immutably.yaml]\n");
    let built = kustomize.command(folder.path()).output().expect("kubectl starts");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    let report = fs::read_to_string(folder.path().join("report.json")).expect("a report");
    assert!(report.contains("\"code\": \"loose-mention\""), "{report}");
    if cfg!(target_os = "linux") {
        assert_eq!(said.matches("warning[loose-mention]").count(), 1, "{said}");
    }
}

/// kustomize shows the standard error of a plugin that fails, so the finding must appear only once.
#[test]
fn a_build_that_is_refused_says_why_and_reports_it() {
    let Some(kustomize) = Kustomize::find("the kustomize plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "web.yaml", MENTION);
    write(folder.path(), "immutably.yaml", &configuration("{report: report.json, strict: true}"));
    write(folder.path(), "kustomization.yaml", "resources: [web.yaml]\ntransformers: [immutably.yaml]\n");
    let built = kustomize.command(folder.path()).output().expect("kubectl starts");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(!built.status.success() && built.stdout.is_empty(), "{said}");
    assert_eq!(said.matches("[loose-mention]").count(), 1, "{said}");
    let report = fs::read_to_string(folder.path().join("report.json")).expect("a report");
    assert!(report.contains("\"code\": \"loose-mention\""), "{report}");
}

#[test]
fn a_function_is_told_where_its_report_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = "\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {report: report.json}}
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {a: b}}
";
    let mut command = program(&[]);
    command.current_dir(folder.path());
    assert_eq!(finish(command, list).status, 0);
    let report = fs::read_to_string(folder.path().join("report.json")).expect("a report");
    assert!(report.contains("\"name\": \"web\""), "{report}");
}

#[test]
fn a_build_of_nothing_is_no_failure() {
    let Some(kustomize) = Kustomize::find("the kustomize plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "nothing.yaml", "# nothing\n");
    write(folder.path(), "immutably.yaml", &configuration("strict: true"));
    write(folder.path(), "kustomization.yaml", "resources: [nothing.yaml]\ntransformers: [immutably.yaml]\n");
    assert_eq!(kustomize.build(folder.path()), "");
    assert_eq!(as_plugin(folder.path(), &configuration("strict: true"), "").text(), "");
}

#[test]
fn a_caller_that_stops_reading_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "config.yaml", &configuration("strict: false"));
    let large = format!("large: {}\n---\n{UNREFERENCED}", "x".repeat(4 << 20));
    let list = format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nlarge: {}\nitems: []\n",
        "x".repeat(4 << 20)
    );
    for (set, args, input) in [
        ("HELM_PLUGIN_NAME", &[][..], &large),
        ("KUSTOMIZE_PLUGIN_CONFIG_ROOT", &["config.yaml"], &large),
        ("ARGOCD_APP_NAMESPACE", &[], &large),
        ("HELM_NAMESPACE", &[], &list),
    ] {
        let mut command = program(args);
        command.current_dir(folder.path()).env(set, "immutably");
        let ended = stops_reading(command, input);
        assert_eq!(ended.status, 0, "{set}: {}", ended.stderr);
        assert!(!ended.stderr.contains("error"), "{set}: {}", ended.stderr);
    }
}

/// Runs the program as kustomize runs a plugin.
fn as_plugin(folder: &Path, configuration: &str, input: &str) -> Ended {
    write(folder, "configuration.yaml", configuration);
    let mut command = program(&["configuration.yaml"]);
    command.current_dir(folder).env("KUSTOMIZE_PLUGIN_CONFIG_ROOT", "/");
    finish(command, input)
}

/// A ConfigMap, and a text with its name that is not rewritten.
const MENTION: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-web}
data: {a: b}
---
apiVersion: example.com/v1
kind: Runner
metadata: {name: runner}
spec: {setting: shop-web}
";

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

/// Because of the prefix, references have an earlier name while the plugin runs, and the suffix of the generator's
/// object is still missing.
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
