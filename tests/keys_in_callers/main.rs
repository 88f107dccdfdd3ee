//! Each caller in the table "Use a key" of docs/security.md passes the key to the program, and the suffix of the Secret
//! is an HMAC-SHA-256.
//!
//! `specification` computes the suffix independently of the program. Not tested here: a KRM function in a container,
//! which is the function below in an image.

#![cfg(unix)] // links put the program where its callers look for it
#![allow(clippy::expect_used)] // a test fails by panicking

mod callers;
#[path = "../cluster/mod.rs"]
mod cluster;
#[path = "../program/mod.rs"]
mod program;
#[path = "../specification/mod.rs"]
mod specification;
#[path = "../tools/mod.rs"]
mod tools;

use callers::Given;
use program::files::folder;
use specification::{keyed_suffix_of, suffix_of};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;
use tools::helm::said;

const KEY: &str = "correct horse battery staple";
const SHORT: &str = "fifteen bytes!!";
const PASSWORD: &str = "hunter2";

/// A Secret and the workload that uses it.
const RELEASE: &str = "\
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: prod
stringData:
  password: hunter2
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: web
        envFrom:
        - secretRef: {name: db}
";

/// The content of the Secret as the text that is hashed, as docs/design.md describes it.
const CANONICAL: &str = r#"{"data":{"password":"aHVudGVyMg=="},"kind":"Secret","name":"","type":"Opaque"}"#;

/// How the program gets the key.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Variable,
    File,
}

/// Checks that a caller handles keys as the page says. `deploy`: passes a release to the caller and returns its output.
fn takes_a_key(caller: &str, ways: &[By], deploy: impl Fn(&str, Given<'_>) -> Output) {
    let keys = folder(&[("good.key", KEY), ("short.key", SHORT)]);
    let [good, short] = ["good.key", "short.key"].map(|name| keys.path().join(name));
    [&good, &short].into_iter().for_each(|path| program::unix::set_mode(path, 0o600));
    let plain = deployed(caller, &deploy(RELEASE, Given::Nothing));
    assert_eq!(versions(&plain), [format!("db-{}", suffix_of(CANONICAL))].into(), "{caller}: {plain}");
    for way in ways {
        let given = || given(*way, KEY, &good);
        let once = deployed(caller, &deploy(RELEASE, given()));
        let name = format!("db-{}", keyed_suffix_of(CANONICAL, KEY.as_bytes()));
        assert_eq!(versions(&once), [name.clone()].into(), "{caller}: {once}");
        assert!(once.matches(&name).count() >= 2, "{caller}: the object and the reference: {once}");
        let twice = deployed(caller, &deploy(&once, given()));
        assert_eq!(sorted(&twice), sorted(&once), "{caller}: twice is once");
        refused(caller, *way, &deploy(RELEASE, given_wrong(*way, &short)));
    }
}

fn given<'a>(way: By, key: &'a str, file: &'a Path) -> Given<'a> {
    match way {
        By::Variable => Given::Variable(key),
        By::File => Given::File(file),
    }
}

/// Returns an invalid key: an empty variable, as a CI system sets it, or a file that is too short.
fn given_wrong(way: By, short: &Path) -> Given<'_> {
    given(way, "", short)
}

/// Returns the output of a caller that succeeded, and checks that it does not contain the key.
fn deployed(caller: &str, output: &Output) -> String {
    assert!(output.status.success(), "{caller}: {}", said(output));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains(KEY) && !said(output).contains(KEY), "{caller} shows the key");
    text
}

/// Checks that the deployment stops with a message about the key.
fn refused(caller: &str, way: By, output: &Output) {
    let said = [said(output), String::from_utf8_lossy(&output.stdout).into_owned()].concat();
    assert!(!output.status.success(), "{caller}: {said}");
    assert!(
        !said.contains("kind: Secret") && !said.contains(PASSWORD) && !said.contains(SHORT),
        "{caller}: {said}"
    );
    let why = match way {
        By::Variable => "`IMMUTABLY_SECRET_KEY` is set but empty",
        By::File => "is too short: a key has at least 16 bytes",
    };
    assert!(said.contains("unusable-key") && said.contains(why), "{caller}: {said}");
}

/// Returns every version of the Secret in a text.
fn versions(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let words = text.split(|c| !is_part(c));
    words.filter(|word| word.starts_with("db-")).map(str::to_owned).collect()
}

/// Returns the lines of a text, sorted, because kustomize and Helm order objects by name. Omits the comments and blank
/// lines that Helm adds each time.
fn sorted(text: &str) -> Vec<&str> {
    let adds = |line: &str| line.is_empty() || line.starts_with("# Source: ");
    let mut lines: Vec<&str> = text.lines().filter(|line| !adds(line)).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn helm_3_and_4() {
    for helm in callers::helms() {
        takes_a_key("Helm", &[By::Variable, By::File], |release, given| callers::helm(&helm, release, given));
    }
}

#[test]
fn helm_immutably() {
    for helm in callers::helms() {
        takes_a_key("helm immutably", &[By::Variable, By::File], |release, given| {
            callers::helm_immutably(&helm, release, given)
        });
    }
}

#[test]
fn the_exec_plugin_of_kustomize() {
    let Some(kustomize) = tools::kustomize::Kustomize::find("the key of a kustomize plugin") else { return };
    takes_a_key("kustomize plugin", &[By::Variable, By::File], |release, given| {
        callers::kustomize_plugin(&kustomize, release, given)
    });
}

#[test]
fn the_krm_function_under_kustomize() {
    let Some(kustomize) = tools::optional("kustomize-4.5.4/kustomize", "the key of a KRM function") else {
        return;
    };
    takes_a_key("function of kustomize", &[By::Variable, By::File], |release, given| {
        callers::kustomize_function(&kustomize, release, given)
    });
}

#[test]
fn the_krm_function_under_kpt() {
    if callers::kpt_is_absent() {
        return;
    }
    takes_a_key("function of kpt", &[By::Variable, By::File], callers::kpt);
}

#[test]
fn the_plugin_of_argo_cd() {
    for helm in [tools::helm::HELM_3, tools::helm::HELM_4] {
        let Some(argo) = tools::argocd::ArgoCd::find(helm) else { return };
        callers::renderers_refuse_a_key(&argo);
        for folder in ["chart", "kustomization"] {
            takes_a_key(&format!("Argo CD: {folder}"), &[By::Variable], |release, given| {
                callers::argo_cd(&argo, folder, release, given)
            });
        }
    }
}

#[test]
fn the_github_action_filters() {
    takes_a_key("GitHub Action", &[By::Variable, By::File], callers::github_filter);
}

/// A CI job does not deploy: its plan shows the name that the deployment will create.
#[test]
fn ci_jobs_plan_with_the_name_that_the_key_makes() {
    let name = format!("db-{}", keyed_suffix_of(CANONICAL, KEY.as_bytes()));
    type Plan = fn(&str, Given<'_>) -> Output;
    let jobs: [(&str, Plan); 2] = [("GitHub Action", callers::github_plan), ("GitLab", callers::gitlab_plan)];
    for (caller, plan) in jobs {
        let planned = deployed(caller, &plan(RELEASE, Given::Variable(KEY)));
        assert_eq!(versions(&planned), [name.clone()].into(), "{caller}: {planned}");
        let plain = deployed(caller, &plan(RELEASE, Given::Nothing));
        assert_eq!(versions(&plain), [format!("db-{}", suffix_of(CANONICAL))].into(), "{caller}: {plain}");
        refused(caller, By::Variable, &plan(RELEASE, Given::Variable("")));
    }
}

/// An empty variable stops an upgrade before anything reaches the cluster.
#[test]
fn a_release_is_not_deployed_with_an_empty_key() {
    for helm in callers::helms() {
        let cluster = cluster::Cluster::start();
        cluster.kubeconfig(&helm.kubeconfig());
        refused("helm upgrade", By::Variable, &callers::upgrade(&helm, RELEASE, Given::Variable("")));
        assert!(cluster.writes().is_empty(), "{:?}", cluster.writes());
        deployed("helm upgrade", &callers::upgrade(&helm, RELEASE, Given::Variable(KEY)));
        let name = format!("db-{}", keyed_suffix_of(CANONICAL, KEY.as_bytes()));
        assert!(cluster.get("Secret", "prod", &name).is_some(), "{:?}", cluster.names("Secret", "prod"));
    }
}
