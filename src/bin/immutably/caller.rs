//! Detects which program started this one, if that is certain.

use crate::args::Filter;
use crate::keys;
use crate::previous::needs_a_program;
use immutably::Options;
use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::options::settings;
use immutably::output::krm::Envelope;
use std::path::{Component, Path, PathBuf};

/// What the calling program requires in addition to the command line.
#[derive(Default)]
pub(crate) struct Caller {
    /// The configuration file of a kustomize exec plugin. It is the only argument; the objects are on standard input.
    pub(crate) kustomize_config: Option<PathBuf>,
    /// Helm 4 refuses an empty output.
    pub(crate) helm: bool,
    /// The input is not from a function's caller: it is in files, or is only checked.
    is_file: bool,
}

/// The files that a configuration refers to.
#[derive(Default)]
pub(crate) struct Files {
    /// The manifests that were deployed before.
    pub(crate) previous: Vec<PathBuf>,
    /// Keys for suffixes of Secrets.
    pub(crate) secret_keys: Vec<PathBuf>,
    /// Where to write the report.
    pub(crate) report: Option<PathBuf>,
}

impl Caller {
    /// Inspects the environment and the arguments.
    pub(crate) fn find(args: &Filter) -> Caller {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let kustomize = set("KUSTOMIZE_PLUGIN_CONFIG_ROOT");
        let config = args.input.files.first().filter(|path| kustomize && is_config(path)).cloned();
        let helm = args.helm || set("HELM_PLUGIN_NAME");
        let caller = Caller { kustomize_config: config, helm, is_file: false };
        let is_file =
            args.check || args.diff || caller.files(args).iter().any(|path| path.as_os_str() != "-");
        Caller { is_file, ..caller }
    }

    /// True if the caller supplies the configuration, so no configuration file is searched for.
    pub(crate) fn is_configured(&self, envelope: Option<&Envelope>) -> bool {
        self.kustomize_config.is_some() || envelope.is_some()
    }

    /// Returns the files to read. Under kustomize, the first argument is not one of them.
    pub(crate) fn files<'a>(&self, args: &'a Filter) -> &'a [PathBuf] {
        if self.kustomize_config.is_some() {
            args.input.files.get(1..).unwrap_or_default()
        } else {
            &args.input.files
        }
    }

    /// Applies the caller's configuration to the options. Reads the keys in `key_files` and in the files that the
    /// configuration names. Returns the other files that it names.
    pub(crate) fn configure(
        &self,
        envelope: Option<&Envelope>,
        key_files: &[PathBuf],
        options: &mut Options,
    ) -> Result<Files, Diagnostic> {
        let mut files = Files::default();
        if let Some(path) = &self.kustomize_config {
            let text = std::fs::read_to_string(path)
                .map_err(|error| invalid("the plugin's configuration", &error.to_string()))?;
            apply("the plugin's configuration", &text, options, &mut files)?;
        }
        if let Some(config) = envelope.and_then(|envelope| envelope.function_config.as_ref()) {
            let place = |finding: Diagnostic| {
                finding.in_document(config.document).at(config.span, "this configuration")
            };
            apply("functionConfig", &config.text, options, &mut files).map_err(place)?;
            if self.is_file && files.report.is_some() {
                return Err(place(untrusted_report()));
            }
        }
        options.keys = keys::read(&[key_files, &files.secret_keys].concat())?;
        Ok(files)
    }
}

/// True for a configuration of this program. Any other file is a manifest: kustomize also sets its variables for
/// programs that are not plugins.
fn is_config(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| settings::is_configuration(&text))
}

fn apply(what: &str, text: &str, options: &mut Options, files: &mut Files) -> Result<(), Diagnostic> {
    let settings = settings::read(text).map_err(|problem| invalid(what, &problem))?;
    if settings.previous().iter().any(|path| path == "-") {
        return Err(invalid(what, "previous: `-` is no file, and standard input holds the objects"));
    }
    if let Some(place) = settings.previous().iter().find(|place| needs_a_program(place)) {
        return Err(invalid(what, &format!("previous: `{place}` can be named on the command line only")));
    }
    files.previous.extend(settings.previous().iter().map(PathBuf::from));
    files.secret_keys.extend(settings.secret_key_files().iter().map(PathBuf::from));
    if let Some(path) = settings.report().map(PathBuf::from) {
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            let problem = "report: expected a path below the working directory: whoever wrote the configuration could choose a file to replace";
            return Err(invalid(what, problem));
        }
        files.report = Some(path);
    }
    settings.apply(options);
    options.rules.extend(settings.rules().rows().map_err(|problem| invalid(what, &problem))?);
    Ok(())
}

/// Refuses to write where a manifest says that somebody else may have written.
fn untrusted_report() -> Diagnostic {
    let message = "functionConfig: `report` is not allowed in a list that is in a file or is only checked: whoever wrote the list could choose a file to replace";
    Diagnostic::new(Code::InvalidConfiguration, message).help("use `--report` instead")
}

fn invalid(what: &str, problem: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidConfiguration, format!("{what}: {problem}"))
        .help("use the options of the command line in camel case; see docs/kustomize.md for an example")
}
