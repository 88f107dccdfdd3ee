//! The configuration file `.immutably.yaml`: the options themselves, or a configuration object with the options in
//! `spec`.
//!
//! The file may be part of a repository that is not trusted, so it must not name files to read or write.

use super::model::Settings;
use super::written::{self, Mistake};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::shown;
use crate::options::{Options, Pattern};
use crate::rules::Row;
use crate::text::source::{Source, Span};
use crate::yaml::typed::{self, Spanned};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The maximum number of exceptions. Each finding of an audit is compared with all exceptions for its code.
const MOST_EXCEPTIONS: usize = 1000;

/// The name of the file.
pub const NAME: &str = ".immutably.yaml";

const HELP: &str =
    "docs/configuration.md lists the options; `immutably init` writes a file that explains each";

/// Options that are refused, because they name files or hold a key, and the flag to use instead.
const REFUSED: [(&str, &str); 4] = [
    ("report", "--report"),
    ("previous", "--previous"),
    ("secretKeyFiles", "--secret-key-file"),
    ("secretKey", "--secret-key-file"),
];

/// The contents of a configuration file.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    settings: Settings,
    rules: Vec<Row>,
}

impl Configuration {
    /// Parses a configuration file.
    ///
    /// # Errors
    /// A finding with the position of the mistake in `source`.
    pub fn read(source: &Source) -> Result<Configuration, Diagnostic> {
        let settings = settings(source)?;
        if let Some(key) = &settings.secret_key {
            return Err(holds_a_key(key.span));
        }
        let set =
            [settings.report.is_some(), !settings.previous.is_empty(), !settings.secret_key_files.is_empty()];
        let files = REFUSED.into_iter().zip(set);
        if let Some(((option, flag), _)) = files.into_iter().find(|(_, is_set)| *is_set) {
            let message = format!("`{option}` is not allowed in a configuration file");
            let help =
                format!("use `{flag}` instead: a configuration file must not name files to read or write");
            return Err(Diagnostic::new(Code::InvalidConfiguration, message)
                .at(key(source, option), "")
                .help(help));
        }
        let exceptions = settings.audit().map_or(0, |audit| audit.exceptions().len());
        if exceptions > MOST_EXCEPTIONS {
            let message =
                format!("`exceptions` has {exceptions} entries, but at most {MOST_EXCEPTIONS} are supported");
            return Err(Diagnostic::new(Code::InvalidConfiguration, message)
                .at(key(source, "exceptions"), "")
                .help("replace several exceptions with one that has `*` in `kind`, `namespace` or `name`, or annotate the objects with `immutably.dev/ignore`"));
        }
        let rules = settings.rules.read(source)?;
        Ok(Configuration { settings, rules })
    }

    /// Returns the options of a run without flags.
    pub fn options(&self) -> Options {
        let mut options = Options { rules: self.rules.clone(), ..Options::default() };
        self.settings.apply(&mut options);
        for patterns in [&mut options.leave, &mut options.only, &mut options.keep_original] {
            *patterns = patterns.iter().cloned().map(Pattern::shared).collect();
        }
        options
    }

    /// Returns the settings of the file.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// The field that distinguishes the two forms of the file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    kind: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code)] // metadata: any is accepted
struct Object {
    api_version: Spanned<String>,
    kind: Spanned<String>,
    metadata: Option<IgnoredAny>,
    spec: Option<Settings>,
}

fn settings(source: &Source) -> Result<Settings, Diagnostic> {
    let text = source.text();
    let is_object = typed::from_str::<Head>(text).is_ok_and(|head| head.kind.is_some());
    if !is_object {
        return written::read(text, &REFUSED).map_err(invalid);
    }
    let object: Object = written::read(text, &REFUSED).map_err(invalid)?;
    for (field, expected) in [(&object.api_version, "immutably.dev/v1"), (&object.kind, "Immutably")] {
        if field.value != expected {
            let message = format!("found `{}`, expected `{expected}`", shown::any_name(&field.value));
            let mistake = Mistake { message, help: None, at: Some(field.span) };
            return Err(invalid(mistake));
        }
    }
    Ok(object.spec.unwrap_or_default())
}

/// Reports a key itself, which everyone who can read the file would know.
fn holds_a_key(at: Span) -> Diagnostic {
    let message = "`secretKey` is refused: a key does not belong in a configuration file".to_owned();
    let help = "replace this key, because everyone who can read the file may know it, and use `--secret-key-file` or `IMMUTABLY_SECRET_KEY`";
    invalid(Mistake { message, help: Some(help.to_owned()), at: Some(at) })
}

fn invalid(mistake: Mistake) -> Diagnostic {
    let help = mistake.help.unwrap_or_else(|| HELP.to_owned());
    let finding = Diagnostic::new(Code::InvalidConfiguration, mistake.message).help(help);
    match mistake.at {
        Some(at) => finding.at(Span::empty(at.start), "here"),
        None => finding,
    }
}

/// Returns the span of a key that the file is known to contain.
fn key(source: &Source, key: &str) -> Span {
    let text = source.text();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line[indent..].starts_with(key) {
            return Span::new(start + indent, start + indent + key.len());
        }
        start += line.len();
    }
    Span::new(0, 0)
}
