//! Compares the plan of an upgrade with the real Helm 3 and 4 and the test API server: which pods change, which objects
//! are created, deleted and left behind, and what is refused.

#![cfg(unix)] // Helm gets a PATH in the Unix form
#![allow(clippy::expect_used)] // a test fails by panicking

mod cluster;
mod program;
mod tools;

use cluster::Cluster;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use tools::helm::{HELM_3, HELM_4, Helm, root, said};

/// Each Helm, its name for the plan, and whether it accepts only plugins.
const BOTH: [(&str, &str, bool); 2] = [(HELM_3, "helm3", false), (HELM_4, "helm4", true)];

/// A chart in which a value changes an immutable field.
const FIXED: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {level: {{ .Values.level }}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: {{ .Values.service }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, envFrom: [{configMapRef: {name: web}}]}]}
";

#[test]
fn a_change_of_configuration_rolls_what_reads_it() {
    let chart = root("examples/chart");
    for upgrade in Upgrade::with_both(&chart, &["--skip-crds"]) {
        let plan = upgrade.to(&["--set", "logLevel=debug"]);
        assert_eq!(
            verdicts(&plan),
            ["Deployment/web rolls", "Job/web-migrate runs-again", "StatefulSet/web-cache unchanged"]
        );
    }
}

#[test]
fn nothing_rolls_when_nothing_changes() {
    for upgrade in Upgrade::with_both(&root("tests/charts/web"), &[]) {
        let plan = upgrade.to(&[]);
        assert_eq!(verdicts(&plan), ["Deployment/web unchanged"]);
        assert_eq!(plan["summary"]["changed"], 0);
    }
}

#[test]
fn an_image_rolls_pods_and_a_job_runs_again() {
    for upgrade in Upgrade::with_both(&root("tests/charts/web"), &["--set", "job=true"]) {
        let plan = upgrade.to(&["--set", "job=true,image=web:2"]);
        assert_eq!(verdicts(&plan)[0], "Deployment/web rolls");
        let plan = upgrade.to(&["--set", "job=true,image=web:2,level=warn"]);
        let found = verdicts(&plan);
        assert_eq!(found[0], "Deployment/web rolls");
        assert!(found[1].starts_with("Job/web-load-") && found[1].ends_with(" runs-again"), "{found:?}");
    }
}

#[test]
fn what_is_refused_is_refused() {
    for (program, deployer, plugin) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let chart = helm.chart(FIXED);
        let upgrade = Upgrade::start(helm, deployer, plugin, &chart, &["--set", "level=a,service=a"]);
        let plan = upgrade.to(&["--set", "level=b,service=b"]);
        assert_eq!(verdicts(&plan), ["StatefulSet/web refused"]);
        assert_eq!(plan["refused"][0]["fields"][0], "spec.serviceName");
    }
}

/// A deployed release, for upgrades.
struct Upgrade {
    helm: Helm,
    cluster: Cluster,
    deployer: &'static str,
    chart: String,
}

impl Upgrade {
    /// Returns one for each installed Helm.
    fn with_both(chart: &str, values: &[&str]) -> Vec<Upgrade> {
        let start = |(program, deployer, plugin)| {
            Some(Upgrade::start(Helm::find(program)?, deployer, plugin, chart, values))
        };
        BOTH.into_iter().filter_map(start).collect()
    }

    fn start(helm: Helm, deployer: &'static str, plugin: bool, chart: &str, values: &[&str]) -> Upgrade {
        let helm = if plugin { helm.with_plugin() } else { helm };
        let cluster = Cluster::start();
        cluster.kubeconfig(&helm.kubeconfig());
        let upgrade = Upgrade { helm, cluster, deployer, chart: chart.to_owned() };
        let installed = upgrade.helm.run(&upgrade.arguments("install", values, &[]));
        assert!(installed.status.success(), "{deployer}: {}", said(&installed));
        upgrade
    }

    fn arguments<'a>(&'a self, command: &'a str, values: &[&'a str], filter: &[&'a str]) -> Vec<&'a str> {
        let renderer = self.helm.renderer;
        let mut args = vec![command, "web", &self.chart, "--namespace=prod", "--post-renderer", renderer];
        filter.iter().for_each(|word| args.extend(["--post-renderer-args", word]));
        args.extend(values);
        args
    }

    /// Plans an upgrade, runs it, and compares the plan with the changes in the cluster.
    fn to(&self, values: &[&str]) -> Value {
        let plan = self.plan(values);
        let before = self.runners();
        let filter = ["--previous=helm:web"];
        let upgraded = self.helm.run(&self.arguments("upgrade", values, &filter));
        let refused = !list(&plan, "refused").is_empty();
        assert_eq!(upgraded.status.success(), !refused, "{}: {}\n{plan:#}", self.deployer, said(&upgraded));
        let after = self.runners();
        for workload in list(&plan, "workloads") {
            let name = named(&workload["object"]);
            let (old, new) = (before.get(&name), after.get(&name));
            let uid = |runner: Option<&Runner>| runner.map(|runner| runner.uid.clone());
            let template = |runner: Option<&Runner>| runner.map(|runner| runner.template.clone());
            let (same, alike) = (uid(old) == uid(new), template(old) == template(new));
            let agrees = match workload["verdict"].as_str().expect("a verdict") {
                "rolls" => old.is_some() && same && !alike,
                "unchanged" | "refused" => old.is_some() && same && alike,
                "new" => old.is_none() && new.is_some(),
                "runs-again" => new.is_some() && !same,
                "gone" => new.is_none(),
                _ => false,
            };
            assert!(agrees, "{}: {workload:#}\n{old:#?}\n{new:#?}", self.deployer);
        }
        if !refused {
            self.has_what_the_plan_says(&plan);
        }
        plan
    }

    fn has_what_the_plan_says(&self, plan: &Value) {
        let there = self.cluster.objects("prod");
        let has = |kind: &Value, name: &Value| {
            let (kind, name) = (kind.as_str().expect("a kind"), name.as_str().expect("a name"));
            there.contains(&format!("{kind}/{name}"))
        };
        for one in list(plan, "configurations") {
            let (kind, new) = (&one["object"]["kind"], &one["new"]);
            assert!(new.is_null() || has(kind, new), "{}: {one:#}\n{there:#?}", self.deployer);
            let gone = one["fate"] == "deleted";
            assert!(!gone || !has(kind, &one["old"]), "{}: {one:#}\n{there:#?}", self.deployer);
        }
        for left in list(plan, "left") {
            assert!(has(&left["kind"], &left["name"]), "{}: {left:#}\n{there:#?}", self.deployer);
        }
    }

    /// Plans the change from the deployed manifest to the next one that Helm renders.
    fn plan(&self, values: &[&str]) -> Value {
        let deployed = self.helm.run(&["get", "manifest", "web", "--namespace=prod"]);
        assert!(deployed.status.success(), "{}", said(&deployed));
        let old = self.helm.home.path().join("old.yaml");
        fs::write(&old, &deployed.stdout).expect("it is written");
        let previous = format!("--previous={}", old.display());
        let rendered = self.helm.run(&self.arguments("template", values, &[&previous]));
        assert!(rendered.status.success(), "{}", said(&rendered));
        let args = ["plan", &previous, "--namespace=prod", "--deployer", self.deployer, "--format=json"];
        let ended = program::run(&args, &rendered.stdout);
        serde_json::from_str(&ended.text()).expect(&ended.stderr)
    }

    /// Returns every object with a pod template.
    fn runners(&self) -> BTreeMap<String, Runner> {
        let mut found = BTreeMap::new();
        for kind in ["Deployment", "StatefulSet", "Job"] {
            for name in self.cluster.names(kind, "prod") {
                let object = self.cluster.get(kind, "prod", &name).expect("it is there");
                let (uid, template) = (object["metadata"]["uid"].clone(), object["spec"]["template"].clone());
                found.insert(format!("{kind}/{name}"), Runner { uid, template });
            }
        }
        found
    }
}

/// An object that runs pods. A new `uid` means a new object, a new template means new pods.
#[derive(Debug)]
struct Runner {
    uid: Value,
    template: Value,
}

fn list<'v>(plan: &'v Value, field: &str) -> &'v [Value] {
    plan[field].as_array().expect("a list")
}

fn named(object: &Value) -> String {
    let text = |field: &str| object[field].as_str().expect("a text").to_owned();
    format!("{}/{}", text("kind"), text("name"))
}

/// Returns the verdicts, sorted: `Deployment/web rolls`.
fn verdicts(plan: &Value) -> Vec<String> {
    let mut found: Vec<String> = list(plan, "workloads")
        .iter()
        .map(|workload| {
            format!("{} {}", named(&workload["object"]), workload["verdict"].as_str().expect("a verdict"))
        })
        .collect();
    found.sort();
    found
}
