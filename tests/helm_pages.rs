//! Executes the pages about Helm: each ```` ```sh ```` block runs in the root of the repository, with the real Helm 3
//! and 4 and the test API server, and must succeed.
//!
//! `<!-- helm 3 -->` or `<!-- helm 4 -->` above a block limits it to that Helm. Cargo commands are skipped, because the
//! program is already built.

#![cfg(unix)] // the blocks are executed with sh
#![allow(clippy::expect_used)] // a test fails by panicking

mod cluster;
mod tools;

use cluster::Cluster;
use immutably::kube::suffix::looks_like_suffix;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tools::helm::{HELM_3, HELM_4, Helm, root, said};

const BOTH: [(&str, &str); 2] = [(HELM_3, "3"), (HELM_4, "4")];

#[test]
fn the_page_about_helm_works() {
    for (program, number) in BOTH {
        let Some(played) = Played::new(program, number) else { return };
        let blocks = played.blocks("helm.md");
        assert!(blocks.len() >= 4, "{blocks:?}");
        for block in blocks {
            played.good(&block);
            assert_eq!(played.dangling(), "", "Helm {number}, after\n{block}");
        }
        // No block asks for originals, so all ConfigMaps are versions.
        let configs = played.cluster.names("ConfigMap", "prod");
        let suffix = |name: &String| name.rsplit_once('-').is_some_and(|(_, end)| looks_like_suffix(end));
        assert!(!configs.is_empty() && configs.iter().all(suffix), "Helm {number}: {configs:?}");
    }
}

#[test]
fn a_release_begins_and_stops_without_a_pod_that_misses_something() {
    for (program, number) in BOTH {
        let Some(played) = Played::new(program, number) else { return };
        played.good("helm plugin install integrations/helm");
        let mut plain = Vec::new();
        for block in played.blocks("adopting.md") {
            // While a rollout is held, old pods still run and may restart.
            let waits = block.contains("rollout status");
            played.cluster.hold_rollouts(!waits);
            played.good(&block);
            assert_eq!(played.dangling(), "", "Helm {number}, after\n{block}");
            if block.contains("upgrade --install") {
                played.cluster.hold_rollouts(false);
                plain = played.cluster.objects("prod");
                assert!(plain.contains(&"ConfigMap/web-config".to_owned()), "{plain:?}");
            }
        }
        played.cluster.hold_rollouts(false);
        let configs = |all: &[String]| -> Vec<String> {
            all.iter()
                .filter(|one| one.starts_with("ConfigMap/") || one.starts_with("Secret/"))
                .cloned()
                .collect()
        };
        assert_eq!(
            configs(&played.cluster.objects("prod")),
            configs(&plain),
            "Helm {number}: nothing is left"
        );
    }
}

#[test]
fn a_release_that_begins_can_roll_back() {
    for (program, number) in BOTH {
        let Some(played) = Played::new(program, number) else { return };
        played.good("helm plugin install integrations/helm && helm upgrade --install web examples/chart --namespace prod");
        let plain = played.cluster.objects("prod");
        played.good("helm immutably upgrade web examples/chart --namespace prod");
        played.good("helm rollback web 1 --namespace prod");
        assert_eq!(played.dangling(), "", "Helm {number}");
        let configs = played.cluster.names("ConfigMap", "prod");
        assert!(plain.contains(&format!("ConfigMap/{}", configs[0])), "Helm {number}: {configs:?}");
    }
}

#[test]
fn without_originals_old_pods_miss_their_objects() {
    for (program, number) in BOTH {
        let Some(played) = Played::new(program, number) else { return };
        played.good("helm plugin install integrations/helm && helm upgrade --install web examples/chart --namespace prod");
        played.cluster.hold_rollouts(true);
        played.good("helm immutably upgrade web examples/chart --namespace prod -- --keep 0");
        assert!(played.dangling().contains("ConfigMap/web-config"), "Helm {number}: {}", played.dangling());
    }
}

/// A shell with Helm, kubectl and a cluster.
struct Played {
    number: &'static str,
    helm: Helm,
    cluster: Cluster,
    path: String,
}

impl Played {
    fn new(program: &str, number: &'static str) -> Option<Played> {
        let helm = Helm::find(program)?;
        let kubectl = tools::kubectl("the pages about Helm")?;
        let cluster = Cluster::start();
        cluster.kubeconfig(&helm.kubeconfig());
        let folder = |path: &Path| path.parent().expect("a folder").display().to_string();
        let program = Path::new(env!("CARGO_BIN_EXE_immutably"));
        let path =
            [folder(&helm.program), folder(&kubectl), folder(program), "/usr/bin:/bin".to_owned()].join(":");
        Some(Played { number, helm, cluster, path })
    }

    /// Returns the blocks of a page for this Helm.
    fn blocks(&self, page: &str) -> Vec<String> {
        let text = fs::read_to_string(root(&format!("docs/{page}"))).expect("the page");
        let mut found = Vec::new();
        let mut before = "";
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line == "```sh" {
                let block = lines.by_ref().take_while(|line| *line != "```");
                let block: Vec<&str> = block.filter(|line| !line.starts_with("cargo ")).collect();
                let is_ours =
                    !before.starts_with("<!-- helm ") || before == format!("<!-- helm {} -->", self.number);
                found.extend(is_ours.then(|| block.join("\n")));
            }
            before = line;
        }
        found
    }

    fn good(&self, block: &str) {
        let output = self.play(block);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "Helm {}\n{block}\n{text}{}", self.number, said(&output));
    }

    fn play(&self, block: &str) -> Output {
        let mut shell = Command::new("sh");
        for (name, value) in self.helm.command(&[]).get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.args(["-ec", block]).current_dir(root("")).env("PATH", &self.path).env_remove("HELM_BIN");
        shell.output().expect("sh starts")
    }

    fn dangling(&self) -> String {
        self.cluster.dangling().into_iter().collect::<Vec<_>>().join(", ")
    }
}
