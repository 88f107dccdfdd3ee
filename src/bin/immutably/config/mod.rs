//! The configuration file: which file applies to an input, and its content.
//!
//! Must not interpret options: the library does.

mod search;

use crate::args::ConfigArgs;
use crate::input;
use immutably::Source;
use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::options::Options;
use immutably::options::settings::{AuditSettings, Configuration};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use search::NAME;

/// The longest configuration file that is accepted, in bytes.
const LONGEST: u64 = 1 << 20;

/// The configuration of a run.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The path of the file, for display; `None` if no file was read.
    pub(crate) file: Option<String>,
    configuration: Configuration,
}

impl Config {
    /// Returns the options of a run without flags. `namespace`: from the environment; it overrides the file.
    pub(crate) fn options(&self, namespace: Option<String>) -> Options {
        let options = self.configuration.options();
        Options { namespace: namespace.or(options.namespace.clone()), ..options }
    }

    /// Returns the settings of the audit.
    pub(crate) fn audit(&self) -> AuditSettings {
        self.configuration.settings().audit().cloned().unwrap_or_default()
    }
}

/// Reads the file that the flags name, or else the one that applies to these inputs and, if
/// `recursive`, to the manifests in their subfolders. Returns an error together with the
/// file that it is in.
pub(crate) fn read(
    args: &ConfigArgs,
    inputs: &[PathBuf],
    recursive: bool,
) -> Result<Config, Box<(Source, Diagnostic)>> {
    let alone = |finding| Box::new((Source::default(), finding));
    let path = match &args.config {
        Some(path) => Some(path.clone()),
        None if args.no_config => None,
        None if recursive => search::find(&input::with_folders(inputs)).map_err(alone)?,
        None => search::find(inputs).map_err(alone)?,
    };
    let Some(path) = path else { return Ok(Config::default()) };
    let source = open(&path).map_err(alone)?;
    match Configuration::read(&source) {
        Ok(configuration) => Ok(Config { file: Some(path.display().to_string()), configuration }),
        Err(finding) => Err(Box::new((source, finding))),
    }
}

fn open(path: &Path) -> Result<Source, Diagnostic> {
    let name = path.display().to_string();
    let large = |error: io::Error| match error.kind() {
        io::ErrorKind::FileTooLarge => io::Error::other("it is larger than 1 MiB"),
        _ => error,
    };
    let bytes = input::at_most(path, LONGEST).map_err(large).map_err(|error| unreadable(path, &error))?;
    Source::settings(name, bytes)
        .map_err(|error| Diagnostic { code: Code::InvalidConfiguration, ..Diagnostic::from(error) })
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("cannot read the configuration {}: {error}", path.display());
    Diagnostic::new(Code::InvalidConfiguration, message)
        .help("check the path and its permissions, or add `--no-config` to do without it")
}
