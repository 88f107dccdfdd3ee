//! The error for a text that cannot be read into a type: what is wrong, and where.
//!
//! The text may be a Secret that was named by mistake. So an error message contains nothing of the text, except what
//! the type itself quotes. [`Problem`] contains the unknown word for callers that know that it is harmless.

use crate::text::source::Span;
use serde::de;
use std::fmt::{self, Display, Formatter};

/// A mistake in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub problem: Problem,
    /// The bytes of the text with the mistake, if they are known.
    pub at: Option<Span>,
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text is not YAML, with the reason.
    Yaml(String),
    /// A second document follows.
    SeveralDocuments,
    /// A mapping contains a key twice.
    DuplicateKey,
    /// Aliases and merge keys expand to too much content.
    AliasLimit,
    /// A key that the type does not have.
    UnknownField {
        /// The key.
        field: String,
        /// The keys that the type has.
        expected: &'static [&'static str],
    },
    /// A word that is not one of the choices.
    UnknownVariant {
        /// The word.
        variant: String,
        /// The valid words.
        expected: &'static [&'static str],
    },
    /// A mapping lacks a key.
    MissingField(&'static str),
    /// A value of another type than expected, with the expected type.
    Expected(String),
    /// The message of a type, which must not quote the text.
    Other(String),
}

impl Error {
    pub(super) fn new(problem: Problem) -> Error {
        Error { problem, at: None }
    }

    pub(super) fn expected(what: &str) -> Error {
        Error::new(Problem::Expected(what.to_owned()))
    }

    /// Returns the mistake with its place, unless it already has one: the innermost place counts.
    pub(super) fn at(self, span: Span) -> Error {
        Error { at: self.at.or(Some(span)), ..self }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Yaml(reason) | Problem::Other(reason) => f.write_str(reason),
            Problem::SeveralDocuments => f.write_str("expected one YAML document, found several"),
            Problem::DuplicateKey => f.write_str("this key is defined twice"),
            Problem::AliasLimit => f.write_str("aliases and merge keys expand to too much content"),
            Problem::UnknownField { expected, .. } => {
                write!(f, "unknown field, expected one of {}", expected.join(", "))
            }
            Problem::UnknownVariant { expected, .. } => {
                write!(f, "unknown value, expected one of {}", expected.join(", "))
            }
            Problem::MissingField(field) => write!(f, "missing field `{field}`"),
            Problem::Expected(what) => write!(f, "expected {what}"),
        }
    }
}

impl std::error::Error for Error {}

/// What serde found is left out, because it may be a value of a Secret.
impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Error {
        Error::new(Problem::Other(message.to_string()))
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Error {
        Error::expected(in_words_of_yaml(&expected.to_string()))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Error {
        Error::expected(in_words_of_yaml(&expected.to_string()))
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Error {
        Error::expected(in_words_of_yaml(&expected.to_string()))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Error {
        Error::new(Problem::UnknownVariant { variant: variant.to_owned(), expected })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Error {
        Error::new(Problem::UnknownField { field: field.to_owned(), expected })
    }

    fn missing_field(field: &'static str) -> Error {
        Error::new(Problem::MissingField(field))
    }

    fn duplicate_field(_: &'static str) -> Error {
        Error::new(Problem::DuplicateKey)
    }
}

/// Translates serde's names for the types of its data model.
fn in_words_of_yaml(expected: &str) -> &str {
    match expected {
        "a string" | "a character" => "text",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "a map" => "a mapping",
        other => other,
    }
}
