//! What is wrong with a file of rules or settings, in words that quote nothing from it: the file may be a Secret that was
//! named by mistake.

use crate::kube::shown::{self, unquoted};
use serde_saphyr::Error;

/// The mistake in plain words. The words of the parser are used only where they cannot hold a value.
pub fn words(error: &Error) -> String {
    match error.without_snippet() {
        // A mistake in the YAML itself, in which the parser quotes what it found.
        Error::Message { msg, .. } | Error::ExternalMessage { msg, .. } => {
            unquoted(msg.lines().next().unwrap_or_default())
        }
        Error::SerdeMissingField { field, .. } => format!("missing field `{field}`"),
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => {
            format!("expected {}", unquoted(expected))
        }
        Error::Unexpected { expected, .. } => format!("expected {}", kind(expected)),
        Error::InvalidScalar { ty: "u32", .. } => "expected a number".to_owned(),
        Error::InvalidScalar { .. } => "expected `true` or `false`".to_owned(),
        Error::DuplicateMappingKey { .. } => "this key is defined twice".to_owned(),
        Error::MultipleDocuments { .. } => "expected one YAML document, found several".to_owned(),
        Error::SerdeUnknownField { field, expected, .. } => {
            format!("unknown field `{}`, expected one of {}", shown::kind(field), expected.join(", "))
        }
        Error::UnknownAnchor { .. } => "this alias has no anchor".to_owned(),
        Error::Eof { .. } => "the file ends too early".to_owned(),
        _ => "this cannot be read as YAML".to_owned(),
    }
}

/// What the parser calls by the name of an event.
fn kind(expected: &'static str) -> &'static str {
    match expected {
        "sequence start" => "a list",
        "mapping start" => "a mapping",
        "string scalar" | "scalar" => "text",
        other => other,
    }
}
