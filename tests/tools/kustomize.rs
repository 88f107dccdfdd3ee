//! Runs kustomize, as part of kubectl or separately, with the program as its plugin.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// kustomize, and a folder in which it finds the program for objects of `immutably.dev/v1`, kind `Immutably`.
pub(crate) struct Kustomize {
    program: PathBuf,
    args: &'static [&'static str],
    home: TempDir,
}

impl Kustomize {
    /// Finds kustomize in kubectl 1.37.1; `None` if it is not installed.
    pub(crate) fn find(what_for: &str) -> Option<Kustomize> {
        super::kubectl(what_for)
            .map(|kubectl| Kustomize::new(kubectl, &["kustomize", "--enable-alpha-plugins"]))
    }

    /// Finds kustomize 4.5.4, which can run functions; `None` if it is not installed.
    pub(crate) fn itself(what_for: &str) -> Option<Kustomize> {
        let program = super::optional("kustomize-4.5.4/kustomize", what_for)?;
        Some(Kustomize::new(program, &["build", "--enable-alpha-plugins", "--enable-exec"]))
    }

    fn new(program: PathBuf, args: &'static [&'static str]) -> Kustomize {
        let home = tempfile::tempdir().expect("a folder");
        let plugin = home.path().join("immutably.dev/v1/immutably");
        fs::create_dir_all(&plugin).expect("folders");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_immutably"), plugin.join("Immutably"))
            .expect("a link");
        Kustomize { program, args, home }
    }

    /// Returns the command that builds a kustomization.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(self.args).arg(folder);
        command.env("KUSTOMIZE_PLUGIN_HOME", self.home.path());
        command
    }

    /// Returns the output of a build.
    pub(crate) fn build(&self, folder: &Path) -> String {
        super::stdout(&mut self.command(folder), &folder.display().to_string())
    }
}

/// Returns a configuration of the plugin with this `spec`.
pub(crate) fn configuration(spec: &str) -> String {
    format!("apiVersion: immutably.dev/v1\nkind: Immutably\nmetadata: {{name: immutably}}\nspec:\n  {spec}\n")
}
