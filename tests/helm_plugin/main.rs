//! `helm immutably`, the plugin, with the real Helm 3 and 4 and the test API server: arguments of Helm have the same
//! effect as without the filter.

#![cfg(unix)] // signals, and folders in a PATH with colons
#![allow(clippy::expect_used)] // a test fails by panicking

#[path = "../cluster/mod.rs"]
mod cluster;
mod deployed;
mod plans;
mod places;
mod registry;
#[path = "../tools/mod.rs"]
mod tools;

use deployed::{CHART, Deployed, both};
use std::fs;
use tools::helm::{HELM_4, root, said};

#[test]
fn four_releases_carry_versions_forward() {
    for deployed in both() {
        for (number, args) in [
            "upgrade --install web CHART -n prod --set level=l0",
            "upgrade -n prod --set level=l1 web CHART",
            "upgrade --set level=l2 web --namespace=prod CHART -i",
            "upgrade -if VALUES web CHART -nprod --wait --timeout 9s",
        ]
        .into_iter()
        .enumerate()
        {
            fs::write(deployed.path("values.yaml"), "level: l3\n").expect("values");
            deployed.cluster.hold_rollouts(number < 3);
            let output = deployed.good(args);
            assert!(said(&output).contains(" versioned"), "{args}: {}", said(&output));
            assert_eq!(deployed.dangling(), "", "{} {args}, half-way", deployed.name);
            deployed.cluster.hold_rollouts(false);
        }
        assert_eq!(deployed.levels(), ["l1", "l2", "l3"], "{}", deployed.name);
        deployed.helm(&["rollback", "web", "2"]);
        assert_eq!(deployed.dangling(), "", "{}", deployed.name);
        deployed.helm(&["uninstall", "web"]);
        assert!(deployed.cluster.objects("prod").is_empty(), "{:?}", deployed.cluster.objects("prod"));
    }
}

#[test]
fn a_failed_upgrade_fails_and_is_rolled_back() {
    for deployed in both() {
        deployed.good("upgrade --install web CHART --set level=l0");
        let failed = deployed.run("upgrade web CHART --set level=l1,image=bad --wait --timeout 1s");
        assert_eq!(failed.status.code(), Some(1), "{}", said(&failed));
        assert!(said(&failed).contains("UPGRADE FAILED"), "{}", said(&failed));
        assert_eq!(deployed.dangling(), "", "{}", deployed.name);
        // Helm 4 no longer lists `--atomic`, but still accepts it.
        for flag in ["--atomic", deployed.rollback()] {
            let line = format!("upgrade {flag} web CHART --set level=l2,image=bad --timeout 1s");
            assert_eq!(deployed.run(&line).status.code(), Some(1), "{} {flag}", deployed.name);
            let status = deployed.helm(&["status", "web"]);
            assert!(
                String::from_utf8_lossy(&status.stdout).contains("STATUS: deployed"),
                "{}",
                deployed.name
            );
            assert_eq!(deployed.dangling(), "", "{} {flag}", deployed.name);
        }
    }
}

#[test]
fn the_pods_of_a_first_install_that_failed_keep_what_they_use() {
    for deployed in both() {
        let chart = root(CHART);
        let install = ["install", "web", &chart, "-n", "prod", "--set", "level=l0,image=bad", "--wait"];
        let failed = deployed.helm.run(&[&install[..], &["--timeout", "1s"]].concat());
        assert!(!failed.status.success(), "Helm {}", deployed.name);
        deployed.cluster.hold_rollouts(true);
        deployed.good("upgrade web CHART --set level=l1");
        assert_eq!(deployed.dangling(), "", "Helm {}", deployed.name);
        deployed.cluster.hold_rollouts(false);
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    for deployed in both() {
        for args in [
            "install web CHART --dry-run",
            "install web CHART --dry-run=server",
            "upgrade -i web CHART --dry-run",
        ] {
            let output = deployed.good(args);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                text.contains("immutable: true") && said(&output).contains("versioned"),
                "{args}: {text}"
            );
            assert!(deployed.cluster.writes().is_empty(), "{args}: {:?}", deployed.cluster.writes());
        }
    }
}

#[test]
fn names_are_made_and_given() {
    for deployed in both() {
        deployed.good("install CHART --generate-name --set level=l0 -n prod");
        deployed.helm(&["list", "--short"]);
        let made = deployed.releases();
        assert_eq!(made.len(), 1, "{made:?}");
        deployed.helm(&["uninstall", &made[0]]);
        deployed.good("install --name-template given CHART");
        let again = deployed.run("install given CHART");
        assert!(
            !again.status.success() && said(&again).contains("a name that is still in use"),
            "{}",
            said(&again)
        );
        deployed.helm(&["uninstall", "given"]);
        deployed.good("install web --set level=l1 CHART");
        assert_eq!((deployed.releases(), deployed.levels()), (vec!["web".to_owned()], vec!["l1".to_owned()]));
    }
}

#[test]
fn the_filter_gets_its_options() {
    for deployed in both() {
        deployed.good("install web CHART --set level=l0 -- --leave ConfigMap/*");
        assert_eq!(deployed.cluster.names("ConfigMap", "prod"), ["web-config"]);
        for line in [
            "upgrade web CHART -- --external error --known KNOWN",
            "upgrade web CHART --post-renderer-args=--leave=x",
        ] {
            let refused = deployed.run(line);
            assert!(
                !refused.status.success() && said(&refused).contains("error"),
                "{line}: {}",
                said(&refused)
            );
        }
        for (line, why) in [
            ("upgrade web CHART --post-renderer cat", "`--post-renderer` cannot be given"),
            ("upgrade web CHART -- --output x", "`--output` cannot come after `--`"),
            ("upgrade web CHART -- --no-such-flag", "unexpected argument"),
            ("upgrade --no-such-flag x web CHART", "write it as `--flag=value`"),
            ("plan web CHART --hide-secret", "`--hide-secret` cannot be given"),
            ("plan web CHART -- file.yaml", "a file cannot come after `--`"),
            ("rollback web 1", "is not a command that renders a chart"),
        ] {
            let output = deployed.run(line);
            assert!(
                output.status.code() == Some(2) && said(&output).contains(why),
                "{line}: {}",
                said(&output)
            );
        }
    }
}

#[test]
fn a_refused_chart_says_why_once() {
    for deployed in both() {
        let chart = deployed
            .helm
            .chart("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-config}\ndata: {port: 80}\n");
        let output = deployed.run(&format!("upgrade -i web {chart}"));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert_eq!(said(&output).matches("error[invalid-data]").count(), 1, "{}", said(&output));
        assert!(deployed.cluster.writes().is_empty(), "{:?}", deployed.cluster.writes());
    }
}

#[test]
fn template_needs_no_cluster() {
    for deployed in both() {
        fs::remove_file(deployed.helm.kubeconfig()).expect("it is there");
        let output = deployed.good("template web CHART -n prod --set level=l0");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("immutable: true") && text.contains("level: l0"), "{text}");
        assert!(said(&output).contains("2 versioned"), "{}", said(&output));
    }
}

#[test]
fn template_writes_no_files_that_the_filter_has_not_seen() {
    for deployed in both() {
        let folder = deployed.helm.kubeconfig().with_file_name("rendered");
        let output = deployed.run(&format!("template web CHART --output-dir {}", folder.display()));
        let file = folder.join("web/templates/web.yaml");
        if output.status.success() {
            let text = fs::read_to_string(&file).expect("the file is written");
            assert!(text.contains("immutable: true"), "{text}");
        } else {
            assert!(output.status.code() == Some(2) && !folder.exists(), "{}", said(&output));
            assert!(said(&output).contains("`--output-dir` cannot be given"), "{}", said(&output));
        }
    }
}

#[test]
fn both_plugins_can_be_installed() {
    let Some(deployed) = Deployed::new(HELM_4, "4") else { return };
    deployed.helm.install("integrations/helm-post-renderer");
    deployed.good("template web CHART");
    deployed.helm(&["template", "web", &root(CHART), "--post-renderer", "immutably-filter"]);
}
