//! The location of clusters, charts, values and the program itself; and signals.

use crate::deployed::{CHART, both, environment, text, words};
use crate::registry::Registry;
use crate::tools::helm::{root, said};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn the_cluster_of_the_flags_is_asked() {
    for deployed in both() {
        let elsewhere = deployed.path("elsewhere");
        fs::rename(deployed.helm.kubeconfig(), &elsewhere).expect("it is there");
        let dead = fs::read_to_string(&elsewhere).expect("it is there");
        let dead = dead.replace("current-context: fake", "current-context: dead");
        fs::write(&elsewhere, dead).expect("it is written");
        for (level, name) in [("l0", "install"), ("l1", "upgrade")] {
            deployed.good(&format!(
                "{name} web CHART --kubeconfig ELSEWHERE --kube-context fake -n prod --set level={level}"
            ));
        }
        assert_eq!(deployed.levels(), ["l0", "l1"], "{}", deployed.name);
        // The same call without the plugin.
        let mut command = deployed.helm.command(&[]);
        let words = words(
            &deployed,
            "helm upgrade web CHART --kubeconfig=ELSEWHERE --kube-context=fake -nprod --set level=l2",
        );
        let mut direct = Command::new(env!("CARGO_BIN_EXE_immutably"));
        environment(&mut direct, &mut command);
        let output = direct.args(words).output().expect("the program starts");
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(deployed.levels(), ["l0", "l1", "l2"], "{}", deployed.name);
    }
}

#[test]
fn values_from_standard_input_and_folders_with_blanks_work() {
    for deployed in both() {
        let folder = deployed.path("a b");
        fs::create_dir(&folder).expect("a folder");
        fs::copy(env!("CARGO_BIN_EXE_immutably"), folder.join("immutably")).expect("it is copied");
        let mut command =
            deployed.helm.command(&["immutably", "upgrade", "--install", "web", &root(CHART), "-f", "-"]);
        command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("helm starts");
        child.stdin.take().expect("a pipe").write_all(b"level: l7\n").expect("it is read");
        let output = child.wait_with_output().expect("helm ends");
        assert!(output.status.success(), "{}", said(&output));
        // The values can be read only once, so Helm 3 cannot be asked for the hooks first.
        let mut levels = deployed.levels();
        levels.dedup();
        assert_eq!(levels, ["l7"]);
    }
}

#[cfg(unix)]
#[test]
fn values_from_a_pipe_are_read_once() {
    for deployed in both() {
        let values = deployed.path("values");
        assert!(Command::new("mkfifo").arg(&values).status().expect("mkfifo starts").success());
        let writer = {
            let values = values.clone();
            std::thread::spawn(move || fs::write(values, "level: l7\n"))
        };
        deployed.good(&format!("upgrade --install web CHART -f {}", values.display()));
        assert!(writer.join().is_ok_and(|written| written.is_ok()));
        let mut levels = deployed.levels();
        levels.dedup();
        assert_eq!(levels, ["l7"]);
    }
}

#[test]
fn the_filter_looks_where_helm_deploys() {
    for deployed in both() {
        for line in [
            "upgrade web CHART -n prod -- --namespace other",
            "upgrade web CHART -- --kube-context other",
            "plan web CHART -n prod -- --namespace other",
        ] {
            let mut direct = Command::new(env!("CARGO_BIN_EXE_immutably"));
            let mut command = deployed.helm.command(&[]);
            environment(&mut direct, &mut command);
            direct.env("HELM_BIN", command.get_program());
            let output = direct.arg("helm").args(words(&deployed, line)).output().expect("it starts");
            let said = said(&output);
            assert!(output.status.code() == Some(2) && said.contains("other` after `--`"), "{line}: {said}");
        }
    }
}

#[test]
fn a_chart_from_a_registry_works() {
    for deployed in both() {
        deployed.helm(&["package", &root(CHART), "--destination", &deployed.path("").display().to_string()]);
        let registry = Registry::serve(
            "charts/web",
            "0.1.0",
            &fs::read(deployed.path("web-0.1.0.tgz")).expect("a chart"),
        );
        for level in ["l0", "l1"] {
            let line = format!(
                "upgrade --install --plain-http web oci://{}/charts/web --version 0.1.0 --set level={level}",
                registry.address()
            );
            deployed.good(&line);
        }
        assert_eq!(deployed.levels(), ["l0", "l1"], "{}", deployed.name);
    }
}

#[test]
fn a_signal_reaches_helm_and_nothing_is_left() {
    for deployed in both() {
        deployed.good("upgrade -i web CHART --set level=l0");
        deployed.cluster.hold_rollouts(true);
        let temporary = deployed.path("tmp");
        fs::create_dir(&temporary).expect("a folder");
        let mut command = deployed.helm.command(&[]);
        let mut direct = Command::new(env!("CARGO_BIN_EXE_immutably"));
        environment(&mut direct, &mut command);
        direct.env("TMPDIR", &temporary).stdout(Stdio::null()).stderr(Stdio::null());
        let line = "helm upgrade web CHART -n prod --set level=l1 --wait --timeout 60s";
        let begin = Instant::now();
        let mut child = direct.args(words(&deployed, line)).spawn().expect("the program starts");
        while deployed.levels().len() < 2 {
            assert!(begin.elapsed() < Duration::from_secs(50), "{}: no upgrade begins", deployed.name);
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(Command::new("kill").arg(child.id().to_string()).status().expect("kill starts").success());
        let status = child.wait().expect("it ends");
        assert!(
            status.code() == Some(1) && begin.elapsed() < Duration::from_secs(55),
            "{}: {status}",
            deployed.name
        );
        assert_eq!(fs::read_dir(&temporary).expect("a folder").count(), 0, "{}", deployed.name);
        let history = deployed.helm(&["history", "web"]);
        assert!(text(&history).contains("failed"), "{}: {}", deployed.name, text(&history));
    }
}
