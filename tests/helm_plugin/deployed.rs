//! A release that the Helm plugin deploys.

use crate::cluster::Cluster;
use crate::tools::helm::{HELM_3, HELM_4, Helm, root, said};
use std::process::{Command, Output};

pub(crate) const CHART: &str = "tests/charts/web";

/// A release with Helm, the plugin and a cluster.
pub(crate) struct Deployed {
    pub(crate) name: &'static str,
    pub(crate) helm: Helm,
    pub(crate) cluster: Cluster,
}

/// Returns one for each installed Helm.
pub(crate) fn both() -> impl Iterator<Item = Deployed> {
    [(HELM_3, "3"), (HELM_4, "4")].into_iter().filter_map(|(program, name)| Deployed::new(program, name))
}

impl Deployed {
    pub(crate) fn new(program: &str, name: &'static str) -> Option<Deployed> {
        let helm = Helm::find(program)?;
        helm.install("integrations/helm");
        let cluster = Cluster::start();
        cluster.kubeconfig(&helm.kubeconfig());
        Some(Deployed { name, helm, cluster })
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.helm.home.path().join(name)
    }

    /// Runs `helm immutably` with these words.
    pub(crate) fn run(&self, line: &str) -> Output {
        let words = words(self, line);
        let words: Vec<&str> = std::iter::once("immutably").chain(words.iter().map(String::as_str)).collect();
        self.helm.run(&words)
    }

    pub(crate) fn good(&self, line: &str) -> Output {
        let output = self.run(line);
        assert!(output.status.success(), "Helm {}, {line}: {}", self.name, said(&output));
        output
    }

    /// Runs Helm itself.
    pub(crate) fn helm(&self, args: &[&str]) -> Output {
        let output = self.helm.run(args);
        assert!(output.status.success(), "Helm {}, {args:?}: {}", self.name, said(&output));
        output
    }

    pub(crate) fn rollback(&self) -> &'static str {
        if self.name == "3" { "--atomic" } else { "--rollback-on-failure" }
    }

    /// Returns the text that a plan for this Helm contains.
    pub(crate) fn model(&self) -> &'static str {
        if self.name == "3" { "Plan for Helm 3" } else { "Plan for Helm 4" }
    }

    pub(crate) fn releases(&self) -> Vec<String> {
        text(&self.helm(&["list", "--short"])).lines().map(str::to_owned).collect()
    }

    pub(crate) fn dangling(&self) -> String {
        self.cluster.dangling().into_iter().collect::<Vec<_>>().join(", ")
    }

    /// Returns the content of all versions of the ConfigMap, sorted.
    pub(crate) fn levels(&self) -> Vec<String> {
        let names = self.cluster.names("ConfigMap", "prod");
        let maps = names.iter().filter_map(|name| self.cluster.get("ConfigMap", "prod", name));
        let mut levels: Vec<String> =
            maps.map(|map| map["data"]["level"].as_str().unwrap_or_default().to_owned()).collect();
        levels.sort();
        levels
    }
}

/// Returns the words of a line. Replaces words in capitals by paths.
pub(crate) fn words(deployed: &Deployed, line: &str) -> Vec<String> {
    let line = line
        .replace("CHART", &root(CHART))
        .replace("VALUES", &deployed.path("values.yaml").display().to_string())
        .replace("ELSEWHERE", &deployed.path("elsewhere").display().to_string());
    line.split(' ').map(str::to_owned).collect()
}

/// Copies environment and folder from one command to another.
pub(crate) fn environment(to: &mut Command, from: &mut Command) {
    to.current_dir(from.get_current_dir().expect("a folder"));
    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
