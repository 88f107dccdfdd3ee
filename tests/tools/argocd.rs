//! Runs the commands of the plugin for Argo CD as Argo CD does, with the real helm and kubectl.

use super::helm::{root, said};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with the programs in the image, and one with a repository.
pub(crate) struct ArgoCd {
    pub(crate) programs: TempDir,
    pub(crate) repository: TempDir,
}

impl ArgoCd {
    /// Finds this version of helm; `None` if it is not installed.
    pub(crate) fn find(helm: &str) -> Option<ArgoCd> {
        let (helm, kubectl) = (super::tool(helm, "Argo CD")?, super::kubectl("Argo CD")?);
        let programs = tempfile::tempdir().expect("a folder");
        let program = PathBuf::from(env!("CARGO_BIN_EXE_immutably"));
        for (name, path) in [("helm", helm), ("kubectl", kubectl), ("immutably", program)] {
            symlink(path, programs.path().join(name)).expect("a link");
        }
        Some(ArgoCd { programs, repository: tempfile::tempdir().expect("a folder") })
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.repository.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("the file is written");
    }

    /// Creates a chart with one template.
    pub(crate) fn chart(&self, folder: &str, template: &str) {
        self.write(&format!("{folder}/Chart.yaml"), "apiVersion: v2\nname: web\nversion: 0.1.0\n");
        self.write(&format!("{folder}/values.yaml"), "level: info\n");
        self.write(&format!("{folder}/templates/web.yaml"), template);
    }

    /// Runs the command that generates manifests in a folder of the repository.
    pub(crate) fn generate(&self, folder: &str, environment: &[(&str, &str)]) -> Output {
        self.run("generate", &self.repository.path().join(folder), folder, environment)
    }

    pub(crate) fn run(
        &self,
        step: &str,
        folder: &Path,
        source_path: &str,
        environment: &[(&str, &str)],
    ) -> Output {
        let words = words(step);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(folder).env_clear();
        command.env("PATH", format!("{}:/usr/bin:/bin", self.programs.path().display()));
        command.env("HOME", self.programs.path()).env("ARGOCD_APP_SOURCE_PATH", source_path);
        command.env("ARGOCD_APP_NAME", "web").env("ARGOCD_APP_NAMESPACE", "prod");
        command.envs(environment.iter().copied()).output().expect("bash starts")
    }
}

/// Returns the command of a step of the plugin.
fn words(step: &str) -> Vec<String> {
    let plugin = fs::read_to_string(root("integrations/argocd/plugin.yaml")).expect("the plugin");
    let plugin: serde_yaml::Value = serde_yaml::from_str(&plugin).expect("YAML");
    let words = plugin["spec"][step]["command"].as_sequence().expect("a command");
    words.iter().filter_map(serde_yaml::Value::as_str).map(str::to_owned).collect()
}

/// Returns the output of a command, which must have succeeded.
pub(crate) fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
