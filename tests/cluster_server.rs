//! The API server that other tests use: real clients accept it, and it refuses what a real one refuses.

#![cfg(unix)] // Helm gets a PATH in the Unix form
#![allow(clippy::expect_used)] // a test fails by panicking

mod cluster;
mod tools;

use cluster::Cluster;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tools::helm::{HELM_3, HELM_4, Helm, root, said};

const BOTH: [&str; 2] = [HELM_3, HELM_4];
const WAIT: [&str; 3] = ["--wait", "--timeout", "20s"];
const HARDLY_WAIT: [&str; 3] = ["--wait", "--timeout", "2s"];

/// A chart that creates a password once and looks it up later.
const LOOKUP: &str = "\
{{- $old := lookup \"v1\" \"Secret\" .Release.Namespace \"db\" }}
apiVersion: v1
kind: Secret
metadata: {name: db}
data: {password: {{ if $old }}{{ $old.data.password }}{{ else }}{{ randAlphaNum 20 | b64enc }}{{ end }}}
";

#[test]
fn helm_installs_upgrades_rolls_back_and_uninstalls() {
    for program in BOTH {
        let Some((helm, cluster)) = start(program) else { return };
        let chart = root("tests/charts/web");
        good(&helm, &["install", "web", &chart], &WAIT);
        assert_eq!(level(&cluster), "info", "{program}");
        good(&helm, &["upgrade", "web", &chart, "--set", "level=warn,hook=pre-upgrade"], &WAIT);
        assert_eq!(level(&cluster), "warn", "{program}");
        assert!(cluster.writes().iter().any(|write| write.ends_with(" Job/web-hook")), "{program}");
        good(&helm, &["rollback", "web", "1"], &WAIT);
        assert_eq!(level(&cluster), "info", "{program}");
        assert!(good(&helm, &["history", "web", "-o", "json"], &[]).contains("\"revision\":3"), "{program}");
        good(&helm, &["uninstall", "web"], &WAIT);
        assert_eq!(cluster.objects("prod"), ["Job/web-hook"], "{program}");
    }
}

#[test]
fn upgrades_fail_where_they_should() {
    for program in BOTH {
        let Some((helm, cluster)) = start(program) else { return };
        let chart = root("tests/charts/web");
        good(&helm, &["install", "web", &chart], &WAIT);
        bad(&helm, &["upgrade", "web", &chart, "--set", "level=warn,image=bad"], &HARDLY_WAIT);
        assert_eq!(cluster.names("ReplicaSet", "prod").len(), 2, "{program}: the old one still runs");
        bad(&helm, &["upgrade", "web", &chart, "--set", "level=warn,port=0"], &WAIT);
        cluster.refuse("ConfigMap/web-config");
        bad(&helm, &["upgrade", "web", &chart, "--set", "level=error"], &WAIT);
        cluster.accept_everything();
        good(&helm, &["rollback", "web", "1"], &WAIT);
        let back = if program == HELM_3 { "--atomic" } else { "--rollback-on-failure" };
        bad(&helm, &["upgrade", "web", &chart, "--set", "level=warn,image=bad", back], &HARDLY_WAIT);
        assert_eq!(level(&cluster), "info", "{program}: rolled back");
        cluster.forbid("secrets");
        assert!(bad(&helm, &["history", "web"], &[]).contains("forbidden"), "{program}");
    }
}

#[test]
fn a_chart_finds_what_it_made() {
    for program in BOTH {
        let Some((helm, cluster)) = start(program) else { return };
        let chart = helm.home.path().join("chart");
        fs::create_dir_all(chart.join("templates")).expect("folders");
        fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: db\nversion: 0.1.0\n").expect("a chart");
        fs::write(chart.join("templates/db.yaml"), LOOKUP).expect("a template");
        let chart = chart.display().to_string();
        good(&helm, &["install", "db", &chart], &[]);
        let made = cluster.get("Secret", "prod", "db").expect("it is there")["data"].clone();
        good(&helm, &["upgrade", "db", &chart], &[]);
        assert_eq!(cluster.get("Secret", "prod", "db").expect("it is there")["data"], made, "{program}");
    }
}

#[test]
fn kubectl_applies_prunes_and_deletes() {
    let (Some(program), cluster) = (tools::kubectl("the server"), Cluster::start()) else { return };
    let home = tempfile::tempdir().expect("a folder");
    cluster.kubeconfig(&home.path().join("kubeconfig"));
    let apply = |text: &str| {
        fs::write(home.path().join("web.yaml"), text).expect("the file is written");
        kubectl(&program, home.path(), &["apply", "-f", "web.yaml", "--prune", "-l", "app=web"])
    };
    let map = |name: &str, more: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, labels: {{app: web}}}}\ndata: {{a: b}}\n{more}---\n"
        )
    };
    assert!(apply(&(map("one", "immutable: true\n") + &map("two", ""))).status.success());
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web, labels: {app: web}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: a}]}}}\n";
    assert!(apply(&(map("one", "immutable: true\n") + job)).status.success());
    assert_eq!(cluster.objects("prod"), ["ConfigMap/one", "Job/web"]);
    for changed in [job.replace("image: a", "image: b"), map("one", "").replace("a: b", "a: c")] {
        let refused = apply(&changed);
        assert!(
            !refused.status.success() && said(&refused).contains("field is immutable"),
            "{}",
            said(&refused)
        );
    }
    let deleted = kubectl(&program, home.path(), &["delete", "job,cm", "--all"]);
    assert!(deleted.status.success(), "{}", said(&deleted));
    assert!(cluster.objects("prod").is_empty());
}

fn start(program: &str) -> Option<(Helm, Cluster)> {
    let (helm, cluster) = (Helm::find(program)?, Cluster::start());
    cluster.kubeconfig(&helm.kubeconfig());
    Some((helm, cluster))
}

fn good(helm: &Helm, args: &[&str], more: &[&str]) -> String {
    let output = helm.run(&[args, more].concat());
    assert!(output.status.success(), "{} {args:?}: {}", helm.program.display(), said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn bad(helm: &Helm, args: &[&str], more: &[&str]) -> String {
    let output = helm.run(&[args, more].concat());
    assert!(!output.status.success(), "{} {args:?} went well", helm.program.display());
    said(&output)
}

fn kubectl(program: &Path, home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(args).current_dir(home).env("KUBECONFIG", home.join("kubeconfig")).env("HOME", home);
    command.output().expect("kubectl starts")
}

fn level(cluster: &Cluster) -> String {
    let config = cluster.get("ConfigMap", "prod", "web-config").expect("it is there");
    config["data"]["level"].as_str().expect("a text").to_owned()
}
