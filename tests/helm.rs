//! The example chart through the real Helm 3 and 4: as a post-renderer, as a plugin, and what is said when it is refused.

#![cfg(unix)] // the plugin runs through a shell where Helm throws standard error away
#![allow(clippy::expect_used)] // a test fails by panicking

mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const HELM_3: &str = "helm-3.17.2/helm";
const HELM_4: &str = "helm-4.3.1/helm";

/// Each Helm, whether it takes plugins only, and what becomes of the example.
const BOTH: [(&str, bool, &str); 2] = [(HELM_3, false, "helm-3.yaml"), (HELM_4, true, "helm-4.yaml")];

/// A Helm with a home of its own, and the program on its `PATH`.
struct Helm {
    program: PathBuf,
    home: TempDir,
}

impl Helm {
    fn find(program: &str) -> Option<Helm> {
        let program = tools::tool(program, "Helm")?;
        Some(Helm { program, home: tempfile::tempdir().expect("a folder") })
    }

    /// Helm 4 takes post-renderers as plugins only.
    fn with_plugin(self) -> Helm {
        let installed = self.run(&["plugin", "install", &root("integrations/helm")]);
        assert!(installed.status.success(), "{}", said(&installed));
        self
    }

    fn run(&self, args: &[&str]) -> Output {
        let beside = Path::new(env!("CARGO_BIN_EXE_immutably")).parent().expect("a folder");
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .current_dir(self.home.path())
            .env("PATH", format!("{}:/usr/bin:/bin", beside.display()));
        for folder in ["HELM_DATA_HOME", "HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HOME"] {
            command.env(folder, self.home.path());
        }
        ["HELM_PLUGINS", "HELM_NAMESPACE", "HELM_PLUGIN_NAME"].iter().for_each(|name| {
            command.env_remove(name);
        });
        command.output().expect("helm starts")
    }

    /// Renders the chart through the filter, which must succeed.
    fn template(&self, chart: &str, more: &[&str]) -> String {
        let output = self.run(&[&["template", "web", chart, "--post-renderer", "immutably"], more].concat());
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What Argo CD would run in a chart's folder.
    fn argo_cd(&self, chart: &str) -> Output {
        let plugin = fs::read_to_string(root("integrations/argocd/plugin.yaml")).expect("the plugin");
        let plugin: serde_yaml::Value = serde_yaml::from_str(&plugin).expect("YAML");
        let words = plugin["spec"]["generate"]["command"].as_sequence().expect("a command");
        let words: Vec<&str> = words.iter().filter_map(serde_yaml::Value::as_str).collect();
        let programs = [self.program.parent(), Path::new(env!("CARGO_BIN_EXE_immutably")).parent()];
        let programs: Vec<String> =
            programs.into_iter().flatten().map(|path| path.display().to_string()).collect();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .current_dir(chart)
            .env("PATH", format!("{}:/usr/bin:/bin", programs.join(":")));
        command
            .env("ARGOCD_APP_NAME", "web")
            .env("ARGOCD_APP_NAMESPACE", "prod")
            .env("HOME", self.home.path());
        command.output().expect("bash starts")
    }

    /// A chart with one template.
    fn chart(&self, template: &str) -> String {
        let chart = self.home.path().join("chart");
        fs::create_dir_all(chart.join("templates")).expect("folders");
        fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: web\nversion: 0.1.0\n").expect("a chart");
        fs::write(chart.join("templates/web.yaml"), template).expect("a template");
        chart.display().to_string()
    }
}

/// A ConfigMap that the API server would refuse.
const REFUSED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {port: 8080}\n";

#[test]
fn helm_3_renders_the_example_through_it() {
    let Some(helm) = Helm::find(HELM_3) else { return };
    golden(
        "helm-3.yaml",
        &helm.template(&root("examples/chart"), &["--post-renderer-args", "--namespace=prod"]),
    );
}

#[test]
fn helm_4_renders_the_example_through_it_hooks_included() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    golden(
        "helm-4.yaml",
        &helm.template(&root("examples/chart"), &["--post-renderer-args", "--namespace=prod"]),
    );
}

#[test]
fn a_refused_stream_says_why_under_both() {
    for (program, plugin, _) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        let chart = helm.chart(REFUSED);
        let output = helm.run(&["template", "web", &chart, "--post-renderer", "immutably"]);
        assert!(!output.status.success() && output.stdout.is_empty(), "{program}: {}", said(&output));
        // Only Linux lets a plugin reach the person behind Helm 4.
        if !plugin || cfg!(target_os = "linux") {
            assert!(said(&output).contains("`data.port` is a number"), "{program}: {}", said(&output));
        }
    }
}

#[test]
fn an_empty_stream_is_no_failure_under_either() {
    for (program, plugin, _) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        helm.template(&helm.chart("{{ if false }}\na: b\n{{ end }}\n"), &[]);
    }
}

#[test]
fn the_argo_cd_plugin_renders_or_fails_as_a_whole() {
    let Some(helm) = Helm::find(HELM_4) else { return };
    let good = helm.argo_cd(&root("examples/chart"));
    assert!(good.status.success(), "{}", said(&good));
    assert!(String::from_utf8_lossy(&good.stdout).contains("name: web-config-hf678c7m2b\n"));
    for bad in [REFUSED, "{{ fail \"no\" }}\n", "{{ if false }}a: b{{ end }}\n"] {
        let output = helm.argo_cd(&helm.chart(bad));
        assert!(!output.status.success() && output.stdout.is_empty(), "{bad}: {}", said(&output));
        assert!(!output.stderr.is_empty(), "{bad}");
    }
}

#[test]
fn definitions_of_kinds_come_along_as_they_are() {
    for (program, plugin, name) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        let args = ["--include-crds", "--post-renderer-args", "--namespace=prod"];
        let rendered = helm.template(&root("examples/chart"), &args);
        let definition = fs::read_to_string(root("examples/chart/crds/backup.yaml")).expect("it is there");
        let documents: Vec<&str> = rendered.split("---\n").collect();
        let (definitions, rest): (Vec<&str>, Vec<&str>) =
            documents.into_iter().partition(|document| document.contains("kind: CustomResourceDefinition"));
        assert!(definitions.len() == 1 && definitions[0].contains(definition.trim_end()), "{definitions:?}");
        golden(name, &rest.join("---\n"));
    }
}

#[test]
fn the_example_chart_is_a_good_one() {
    for (program, plugin, name) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        for args in [&["lint", "--strict"][..], &["package"]] {
            let output = helm.run(&[args, &[&root("examples/chart")]].concat());
            assert!(output.status.success(), "{program} {args:?}: {}", said(&output));
        }
        golden(name, &helm.template("web-0.1.0.tgz", &["--post-renderer-args", "--namespace=prod"]));
    }
}

/// Compares with a file under fixtures/helm byte for byte; `UPDATE=1` writes it.
fn golden(name: &str, rendered: &str) {
    let path = root(&format!("fixtures/helm/{name}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, rendered).expect("the file is written");
    }
    assert_eq!(rendered, fs::read_to_string(&path).expect("the file is there"), "{path}");
}

fn root(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
