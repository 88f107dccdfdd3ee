//! Runs Helm in a separate home folder, and compares its output with files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

pub(crate) const HELM_3: &str = "helm-3.17.2/helm";
pub(crate) const HELM_4: &str = "helm-4.3.1/helm";

/// A Helm with a separate home folder, and with the program on its `PATH`.
pub(crate) struct Helm {
    pub(crate) program: PathBuf,
    pub(crate) home: TempDir,
    /// The value for `--post-renderer`.
    pub(crate) renderer: &'static str,
}

impl Helm {
    pub(crate) fn find(program: &str) -> Option<Helm> {
        let program = super::tool(program, "Helm")?;
        Some(Helm { program, home: tempfile::tempdir().expect("a folder"), renderer: "immutably" })
    }

    /// Installs the post-renderer plugin: Helm 4 accepts only plugins.
    pub(crate) fn with_plugin(self) -> Helm {
        self.install("integrations/helm-post-renderer");
        Helm { renderer: "immutably-filter", ..self }
    }

    /// Installs a plugin from a folder of this repository.
    pub(crate) fn install(&self, plugin: &str) {
        let installed = self.run(&["plugin", "install", &root(plugin)]);
        assert!(installed.status.success(), "{}", said(&installed));
    }

    /// Returns the path of the kubeconfig, which a test may write.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.home.path().join("kubeconfig")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("helm starts")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let beside = Path::new(env!("CARGO_BIN_EXE_immutably")).parent().expect("a folder");
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .current_dir(self.home.path())
            .env("PATH", format!("{}:/usr/bin:/bin", beside.display()))
            .env("KUBECONFIG", self.kubeconfig())
            .env("HELM_BIN", &self.program);
        for folder in ["HELM_DATA_HOME", "HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HOME"] {
            command.env(folder, self.home.path());
        }
        ["HELM_PLUGINS", "HELM_NAMESPACE", "HELM_PLUGIN_NAME"].iter().for_each(|name| {
            command.env_remove(name);
        });
        command
    }

    /// Creates a chart with one template.
    pub(crate) fn chart(&self, template: &str) -> String {
        let chart = self.home.path().join("chart");
        fs::create_dir_all(chart.join("templates")).expect("folders");
        fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: web\nversion: 0.1.0\n").expect("a chart");
        fs::write(chart.join("templates/web.yaml"), template).expect("a template");
        chart.display().to_string()
    }

    /// Renders the chart through the filter, which must succeed.
    pub(crate) fn template(&self, chart: &str, more: &[&str]) -> String {
        let output =
            self.run(&[&["template", "web", chart, "--post-renderer", self.renderer], more].concat());
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

/// Compares with a file under fixtures/helm byte for byte; `UPDATE=1` writes it.
pub(crate) fn golden(name: &str, rendered: &str) {
    let path = root(&format!("fixtures/helm/{name}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, rendered).expect("the file is written");
    }
    assert_eq!(rendered, fs::read_to_string(&path).expect("the file is there"), "{path}");
}

pub(crate) fn root(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
