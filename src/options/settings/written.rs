//! Reads YAML into settings. A mistake becomes a message with its place, and names the word that was probably meant.
//!
//! The text may be a Secret that was named by mistake, so a message shows no value.

use crate::findings::names::nearest;
use crate::kube::shown;
use crate::rules::unreadable;
use crate::text::source::{Source, Span};
use serde::Deserialize;
use serde_saphyr::{Error, Location};

/// A mistake in a configuration.
#[derive(Debug)]
pub(super) struct Mistake {
    /// What is wrong.
    pub(super) message: String,
    /// What to do about it, when that is known.
    pub(super) help: Option<String>,
    /// Where, when that is known.
    pub(super) location: Option<Location>,
}

impl Mistake {
    /// The message with what to do, and with the line and column.
    pub(super) fn in_one_line(self) -> String {
        let help = self.help.map(|help| format!("; {help}")).unwrap_or_default();
        let place = |at: Location| format!(" at line {}, column {}", at.line(), at.column());
        format!("{}{}{help}", self.message, self.location.map(place).unwrap_or_default())
    }

    /// The place in a source; an empty span.
    pub(super) fn span(&self, source: &Source) -> Option<Span> {
        let number = |number: u64| usize::try_from(number).unwrap_or(1).max(1);
        let at = self.location?;
        let offset = source.offset(number(at.line()), number(at.column()));
        Some(Span::new(offset, offset))
    }
}

/// Reads one document.
pub(super) fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Mistake> {
    serde_saphyr::from_str(text).map_err(|error| mistake(&error))
}

fn mistake(error: &Error) -> Mistake {
    let location = error.location();
    let (message, help) = match error.without_snippet() {
        Error::SerdeUnknownField { field, expected, .. } => unknown("option", field, expected),
        Error::SerdeUnknownVariant { variant, expected, .. } => unknown("value", variant, expected),
        // Written in this crate, so it quotes nothing.
        Error::Message { msg, .. } => (msg.clone(), None),
        other => (unreadable::words(other), None),
    };
    Mistake { message, help, location }
}

/// A word that is not one of those expected.
fn unknown(what: &str, word: &str, expected: &[&str]) -> (String, Option<String>) {
    match nearest(word, expected.iter().copied()) {
        Some(near) => {
            (format!("unknown {what} `{}`", shown::kind(word)), Some(format!("did you mean `{near}`?")))
        }
        // A word that is like none of them may be a value.
        None => (format!("unknown {what}"), Some(format!("expected one of `{}`", expected.join("`, `")))),
    }
}
