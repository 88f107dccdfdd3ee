//! kustomize as kubectl carries it, with the program as its plugin.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// kubectl, and a folder in which it finds the program for objects of `immutably.dev/v1`, kind `Immutably`.
pub(crate) struct Kustomize {
    kubectl: PathBuf,
    home: TempDir,
}

impl Kustomize {
    /// With kubectl 1.37.1, unless it is absent.
    pub(crate) fn find(what_for: &str) -> Option<Kustomize> {
        let kubectl = super::kubectl(what_for)?;
        let home = tempfile::tempdir().expect("a folder");
        let plugin = home.path().join("immutably.dev/v1/immutably");
        fs::create_dir_all(&plugin).expect("folders");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_immutably"), plugin.join("Immutably"))
            .expect("a link");
        Some(Kustomize { kubectl, home })
    }

    /// The command that builds a kustomization.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.kubectl);
        command.args(["kustomize", "--enable-alpha-plugins"]).arg(folder);
        command.env("KUSTOMIZE_PLUGIN_HOME", self.home.path());
        command
    }

    /// What a kustomization becomes.
    pub(crate) fn build(&self, folder: &Path) -> String {
        super::stdout(&mut self.command(folder), &folder.display().to_string())
    }
}

/// A configuration of the plugin with this in its `spec`.
pub(crate) fn configuration(spec: &str) -> String {
    format!("apiVersion: immutably.dev/v1\nkind: Immutably\nmetadata: {{name: immutably}}\nspec:\n  {spec}\n")
}
