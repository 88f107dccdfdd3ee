//! Releases with the real Helm 3 and 4 and the test API server: good ones, and ones that fail in every order.
//!
//! With `--previous helm:RELEASE`, no running pod ever refers to a deleted object, and a rollback works. The objects of
//! failed releases are removed by the release after the next good one, and by an uninstall.

#![cfg(unix)] // Helm gets a PATH in the Unix form
#![allow(clippy::expect_used)] // a test fails by panicking

mod cluster;
mod tools;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cluster::Cluster;
use std::process::Output;
use tools::helm::{HELM_3, HELM_4, Helm, root, said};

/// The course of an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Upgrade {
    Good,
    /// The server refuses an object.
    Refused,
    /// The new pods never start.
    TimesOut,
}

use Upgrade::{Good, Refused, TimesOut};

/// Each kind of failure before and after each other one, and more failures in a row than versions are kept.
const SEQUENCE: [Upgrade; 14] = [
    Good, Refused, TimesOut, Good, TimesOut, Refused, Good, Refused, Refused, TimesOut, TimesOut, TimesOut,
    Good, Good,
];

const PREVIOUS: &[&str] = &["--previous=helm:web"];

#[test]
fn helm_3_keeps_what_runs_through_every_failure() {
    every_failure(HELM_3);
}

#[test]
fn helm_4_keeps_what_runs_through_every_failure() {
    every_failure(HELM_4);
}

fn every_failure(program: &str) {
    let Some(releases) = Releases::new(program, PREVIOUS) else { return };
    for (number, upgrade) in SEQUENCE.into_iter().enumerate() {
        releases.upgrade(number, upgrade, &[]);
        assert_eq!(releases.dangling(), "", "{program}, upgrade {number}, which is {upgrade:?}");
    }
    let failed = |number: usize| SEQUENCE[number] != Good;
    let left: Vec<usize> =
        (0..SEQUENCE.len()).filter(|number| failed(*number) && releases.holds(*number)).collect();
    assert!(left.is_empty(), "{program}: what failed upgrades {left:?} made is still there");
    releases.good(&["uninstall", "web"]);
    assert!(releases.cluster.objects("prod").is_empty(), "{program}: {:?}", releases.cluster.objects("prod"));
}

#[test]
fn what_failed_last_goes_with_an_uninstall() {
    for program in [HELM_3, HELM_4] {
        let Some(releases) = Releases::new(program, PREVIOUS) else { return };
        for (number, upgrade) in [Good, TimesOut, Refused, Refused, TimesOut].into_iter().enumerate() {
            releases.upgrade(number, upgrade, &[]);
        }
        releases.good(&["uninstall", "web"]);
        assert!(
            releases.cluster.objects("prod").is_empty(),
            "{program}: {:?}",
            releases.cluster.objects("prod")
        );
    }
}

#[test]
fn a_rollback_works_behind_any_failure() {
    for program in [HELM_3, HELM_4] {
        for upgrade in [Refused, TimesOut] {
            let Some(releases) = Releases::new(program, PREVIOUS) else { return };
            releases.upgrade(0, Good, &[]);
            releases.upgrade(1, upgrade, &[]);
            releases.good(&["rollback", "web", "1"]);
            assert!(
                releases.holds(0) && releases.dangling().is_empty(),
                "{program} {upgrade:?}: {}",
                releases.dangling()
            );
            releases.upgrade(
                2,
                upgrade,
                &[if program == HELM_3 { "--atomic" } else { "--rollback-on-failure" }],
            );
            assert!(releases.status().contains("deployed"), "{program} {upgrade:?}: {}", releases.status());
            assert!(releases.dangling().is_empty(), "{program} {upgrade:?}: {}", releases.dangling());
        }
    }
}

#[test]
fn hooks_of_helm_4_find_what_they_read() {
    for hook in ["pre-upgrade", "post-upgrade", "pre-rollback", "post-rollback"] {
        for filter in [&[][..], PREVIOUS] {
            let Some(releases) = Releases::new(HELM_4, filter) else { return };
            let set = format!("hook={hook}");
            for number in 0..3 {
                releases.upgrade(number, Good, &["--set", &set, "--timeout", "5s"]);
            }
            releases.good(&["rollback", "web", "1", "--timeout", "5s"]);
            assert!(
                releases.cluster.names("Job", "prod").contains(&"web-hook".to_owned()),
                "{hook} {filter:?}"
            );
        }
    }
}

#[test]
fn what_does_not_change_drops_nothing() {
    for program in [HELM_3, HELM_4] {
        let Some(releases) = Releases::new(program, PREVIOUS) else { return };
        releases.upgrade(0, Good, &[]);
        releases.upgrade(1, Good, &[]);
        for _ in 0..3 {
            releases.upgrade(1, Good, &[]);
            assert!(releases.holds(0) && releases.holds(1), "{program}");
        }
    }
}

#[test]
fn leaving_the_filter_breaks_nothing_by_way_of_one_release_with_both() {
    for program in [HELM_3, HELM_4] {
        let Some(releases) = Releases::new(program, PREVIOUS) else { return };
        releases.upgrade(0, Good, &[]);
        releases.upgrade(1, Good, &["--post-renderer-args", "--leave=*/*"]);
        assert!(releases.cluster.get("ConfigMap", "prod", "web-config").is_some(), "{program}");
        releases.cluster.hold_rollouts(true);
        releases.good(&["upgrade", "web", &root("tests/charts/web")]);
        assert_eq!(releases.dangling(), "", "{program}");
        assert_eq!(releases.cluster.names("ConfigMap", "prod"), ["web-config"], "{program}");
    }
}

#[test]
fn without_previous_an_upgrade_that_times_out_leaves_pods_that_name_nothing() {
    for program in [HELM_3, HELM_4] {
        let Some(releases) = Releases::new(program, &[]) else { return };
        releases.upgrade(0, Good, &[]);
        releases.upgrade(1, TimesOut, &[]);
        assert!(releases.dangling().contains("ConfigMap/web-config-"), "{program}: {}", releases.dangling());
    }
}

#[test]
fn a_release_that_would_grow_too_large_carries_less() {
    for program in [HELM_3, HELM_4] {
        let Some(releases) = Releases::new(
            program,
            &["--previous=helm:web", "--helm-secrets=version", "--report=report.json"],
        ) else {
            return;
        };
        let report =
            || std::fs::read_to_string(releases.helm.home.path().join("report.json")).expect("a report");
        let file = releases.helm.home.path().join("file");
        let mut said = String::new();
        for number in 0..4 {
            std::fs::write(&file, noise(number, 200_000)).expect("a file");
            releases.upgrade(number, Good, &["--set-file", &format!("file={}", file.display())]);
            said.push_str(&report());
        }
        assert!(said.contains("keep-shrunk") && said.contains("release-size"), "{program}: {said}");
        assert!(releases.holds_secret_of(2) && !releases.holds_secret_of(1), "{program}");
    }
}

/// Returns incompressible text in base64.
fn noise(seed: usize, bytes: usize) -> String {
    let mut state = seed as u64 + 1;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    BASE64_STANDARD.encode(std::iter::repeat_with(next).take(bytes).collect::<Vec<u8>>())
}

#[test]
fn a_cluster_that_forbids_it_stops_the_upgrade() {
    let Some(releases) = Releases::new(HELM_3, PREVIOUS) else { return };
    releases.upgrade(0, Good, &[]);
    releases.cluster.forbid("secrets");
    let chart = root("tests/charts/web");
    let output = releases.helm.run(&[
        "template",
        "web",
        &chart,
        "--post-renderer",
        "immutably",
        "--post-renderer-args",
        "--previous=helm:web",
    ]);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(said(&output).contains("secrets is forbidden"), "{}", said(&output));
}

/// A release of the chart, for repeated upgrades.
struct Releases {
    helm: Helm,
    cluster: Cluster,
    args: Vec<String>,
}

impl Releases {
    /// Creates a Helm with a cluster. `filter`: arguments for the filter.
    fn new(program: &str, filter: &[&str]) -> Option<Releases> {
        let helm = Helm::find(program)?;
        let helm = if program == HELM_4 { helm.with_plugin() } else { helm };
        let cluster = Cluster::start();
        cluster.kubeconfig(&helm.kubeconfig());
        let words =
            ["upgrade", "web", &root("tests/charts/web"), "--install", "--post-renderer", helm.renderer];
        let mut args: Vec<String> = words.map(str::to_owned).to_vec();
        for arg in [&["--namespace=prod"], filter].concat() {
            args.extend(["--post-renderer-args".to_owned(), arg.to_owned()]);
        }
        Some(Releases { helm, cluster, args })
    }

    /// Deploys a release with new content. Checks a good one also in the middle of its rollout.
    fn upgrade(&self, number: usize, upgrade: Upgrade, more: &[&str]) {
        let set = format!(
            "level=level-{number}{}",
            match upgrade {
                Good => "",
                Refused => ",port=0",
                TimesOut => ",image=bad",
            }
        );
        let mut args: Vec<&str> = self.args.iter().map(String::as_str).chain(["--set", &set]).collect();
        if upgrade != Good {
            args.extend(["--wait", "--timeout", "1s"]);
        }
        args.extend(more);
        self.cluster.hold_rollouts(upgrade == Good);
        let output = self.helm.run(&args);
        assert_eq!(output.status.success(), upgrade == Good, "{number} {upgrade:?}: {}", said(&output));
        if upgrade == Good && self.args.iter().any(|arg| arg == PREVIOUS[0]) {
            assert_eq!(self.dangling(), "", "{number} {upgrade:?}, half-way");
        }
        self.cluster.hold_rollouts(false);
    }

    fn good(&self, args: &[&str]) -> Output {
        let output = self.helm.run(args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        output
    }

    /// True if a version with the content of this release exists.
    fn holds(&self, number: usize) -> bool {
        let names = self.cluster.names("ConfigMap", "prod");
        let level = format!("level-{number}");
        names
            .iter()
            .filter_map(|name| self.cluster.get("ConfigMap", "prod", name))
            .any(|map| map["data"]["level"] == level)
    }

    /// True if a version of the Secret with the password of this release exists.
    fn holds_secret_of(&self, number: usize) -> bool {
        let password = BASE64_STANDARD.encode(format!("level-{number}-secret"));
        let names = self.cluster.names("Secret", "prod");
        names
            .iter()
            .filter_map(|name| self.cluster.get("Secret", "prod", name))
            .any(|one| one["data"]["password"] == password)
    }

    fn dangling(&self) -> String {
        self.cluster.dangling().into_iter().collect::<Vec<_>>().join(", ")
    }

    /// Returns the output of `helm status`.
    fn status(&self) -> String {
        String::from_utf8_lossy(&self.good(&["status", "web"]).stdout).into_owned()
    }
}
