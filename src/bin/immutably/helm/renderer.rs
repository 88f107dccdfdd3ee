//! Makes this program the post-renderer of one call of Helm.
//!
//! Helm 3 accepts a path. Helm 4 accepts only the name of a plugin, so it gets a plugin that exists only during the
//! call.

use super::program::{Version, says};
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The name of the temporary plugin. It must not be the name of an installed plugin, because Helm 4 rejects duplicates.
const NAME: &str = "immutably-during-this-call";
/// The variable with the path of this program. A path in `plugin.yaml` itself could not contain spaces.
const PROGRAM: &str = "IMMUTABLY_PROGRAM";
const PLUGINS: &str = "HELM_PLUGINS";
const PLUGIN: &str = "\
apiVersion: v1
type: postrenderer/v1
name: immutably-during-this-call
version: 0.0.0
runtime: subprocess
runtimeConfig:
  platformCommand:
    - command: ${IMMUTABLY_PROGRAM}
";

/// Everything that one call needs, in a folder that is removed afterwards.
pub(super) struct Renderer {
    folder: TempDir,
    program: PathBuf,
    /// The folders in which Helm 4 looks for plugins; `None` for Helm 3.
    plugins: Option<OsString>,
}

impl Renderer {
    /// Prepares a call of this version of Helm.
    pub(super) fn new(version: Version) -> Result<Renderer, String> {
        let unwritable = |error: io::Error| format!("cannot write a temporary folder: {error}");
        let folder = folder().map_err(unwritable)?;
        let program = env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
        let plugins = if version.takes_plugins_only() {
            let plugin = folder.path().join(NAME);
            fs::create_dir(&plugin).map_err(unwritable)?;
            fs::write(plugin.join("plugin.yaml"), PLUGIN).map_err(unwritable)?;
            Some(with_installed(folder.path())?)
        } else {
            None
        };
        Ok(Renderer { folder, program, plugins })
    }

    /// Returns the file to which the filter writes its findings, which Helm would hide.
    pub(super) fn findings(&self) -> PathBuf {
        self.folder.path().join("findings")
    }

    /// Adds the post-renderer and its arguments to a call of Helm.
    pub(super) fn apply(&self, command: &mut Command, args: &[String]) {
        let mut add = |flag: &str, value: &OsStr| {
            let mut word = OsString::from(format!("--{flag}="));
            word.push(value);
            command.arg(word);
        };
        match &self.plugins {
            Some(_) => add("post-renderer", OsStr::new(NAME)),
            None => add("post-renderer", self.program.as_os_str()),
        }
        let mut findings = OsString::from("--findings=");
        findings.push(self.findings());
        add("post-renderer-args", &findings);
        args.iter().for_each(|arg| add("post-renderer-args", OsStr::new(arg)));
        if let Some(plugins) = &self.plugins {
            command.env(PLUGINS, plugins).env(PROGRAM, &self.program);
        }
    }
}

/// Creates a temporary folder that only its owner can access.
fn folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("immutably-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

/// Returns the search path for plugins: `folder`, and the folders that Helm knows, for plugins that fetch charts and
/// values.
fn with_installed(folder: &Path) -> Result<OsString, String> {
    let known = match env::var_os(PLUGINS).filter(|known| !known.is_empty()) {
        Some(known) => known,
        None => says(&["env", PLUGINS], &[])?.trim().into(),
    };
    let folders = env::split_paths(&known).filter(|path| !path.as_os_str().is_empty());
    env::join_paths(std::iter::once(folder.to_path_buf()).chain(folders))
        .map_err(|error| format!("{}: {error}", folder.display()))
}
