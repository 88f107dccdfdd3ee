//! Parses YAML into settings. A mistake becomes a message with its position, and suggests the word that was probably
//! meant.
//!
//! Must not show values in messages: the text may be a Secret that was passed by mistake.

use crate::findings::names::nearest;
use crate::kube::shown;
use crate::text::source::{Source, Span};
use crate::yaml::typed::{self, Error, Problem};
use serde::Deserialize;

/// A mistake in a configuration.
#[derive(Debug)]
pub(super) struct Mistake {
    /// What is wrong.
    pub(super) message: String,
    /// What to do about it, if known.
    pub(super) help: Option<String>,
    /// The position in bytes of the text, if known.
    pub(super) at: Option<Span>,
}

impl Mistake {
    /// Returns the message and the help in one line, with the line and column in `text`, the text that was parsed.
    pub(super) fn in_one_line(self, text: &str) -> String {
        let help = self.help.map(|help| format!("; {help}")).unwrap_or_default();
        let source = self.at.and_then(|at| Some((Source::new("", text).ok()?, at)));
        let place = source.map(|(source, at)| {
            let place = source.locate(at.start);
            format!(" at line {}, column {}", place.line, place.column)
        });
        format!("{}{}{help}", self.message, place.unwrap_or_default())
    }
}

/// Parses one document. `refused`: options that are never accepted, and what to suggest instead.
pub(super) fn read<'t, T: Deserialize<'t>>(text: &'t str, refused: &[(&str, &str)]) -> Result<T, Mistake> {
    typed::from_str(text).map_err(|error| mistake(&error, refused))
}

/// Describes an error in terms of options.
pub(super) fn mistake(error: &Error, refused: &[(&str, &str)]) -> Mistake {
    let (message, help) = match &error.problem {
        Problem::UnknownField { field, expected } => unknown("option", field, (expected, refused)),
        Problem::UnknownVariant { variant, expected } => unknown("value", variant, (expected, refused)),
        _ => (error.to_string(), None),
    };
    Mistake { message, help, at: error.at }
}

/// Describes a word that is not one of those expected.
fn unknown(
    what: &str,
    word: &str,
    (expected, refused): (&[&str], &[(&str, &str)]),
) -> (String, Option<String>) {
    let instead_of = |word: &str| refused.iter().find(|(option, _)| *option == word).map(|(_, other)| *other);
    match nearest(word, expected.iter().copied()) {
        Some(near) => {
            let near = instead_of(near).unwrap_or(near);
            (format!("unknown {what} `{}`", shown::kind(word)), Some(format!("did you mean `{near}`?")))
        }
        // A word that resembles none of the expected ones may be a value, so it is not shown.
        None => {
            let accepted = expected.iter().filter(|word| instead_of(word).is_none());
            let accepted = accepted.copied().collect::<Vec<_>>().join("`, `");
            (format!("unknown {what}"), Some(format!("expected one of `{accepted}`")))
        }
    }
}
