//! The findings about text that YAML readers read differently, or not at all.
//!
//! Must not look for such text: the inventory does.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::text::source::{Source, Span};
use crate::yaml;

/// The finding of a document that is not YAML, with the cure that its text suggests.
pub fn unreadable(error: &yaml::ParseError, text: &str) -> Diagnostic {
    let finding = invalid_yaml(error);
    match suspicion(text) {
        Some(cure) if !error.too_deep => finding.help(cure),
        _ => finding,
    }
}

fn suspicion(text: &str) -> Option<&'static str> {
    let begins = text.trim_start_matches(['\u{feff}', '-', '\r', '\n', ' ']);
    if begins.starts_with('<') {
        return Some("this reads like a web page: look at the command that fetched it");
    }
    if is_error(begins) {
        return Some(
            "this reads like an error message: look at the command that wrote it; `set -o pipefail` makes the shell stop when it fails",
        );
    }
    let directive =
        |line: &str| line.trim_start().starts_with("{{") || line.contains("{{ ") || line.contains("{{-");
    text.lines().any(directive).then_some(
        "this is a Helm template that was not rendered: use `helm template NAME CHART | immutably`",
    )
}

/// True for text whose first word is one with which programs begin an error message.
pub(super) fn is_error(text: &str) -> bool {
    let word = text.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    ["error", "err", "fatal", "panic", "usage"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The finding of text that is not YAML.
pub fn invalid_yaml(error: &yaml::ParseError) -> Diagnostic {
    let place = Span { start: error.at, end: error.at };
    if error.too_deep {
        return Diagnostic::new(Code::NestedTooDeep, "collections nest deeper than 255 levels")
            .at(place, "one level too many")
            .help("no Kubernetes object nests as deep: check how this document was made");
    }
    Diagnostic::new(Code::InvalidYaml, format!("this is not valid YAML: {}", error.message))
        .at(place, "noticed here")
        .help("mend the document, or the template that rendered it; indentation is done with spaces, and text with `: `, `#`, `{` or `@` needs quotes")
}

pub(super) fn ignored_text(source: &Source, at: u32) -> Diagnostic {
    let line = source.line_at(at as usize);
    Diagnostic::new(
        Code::IgnoredText,
        "kubectl ignores what follows the end of a document, and so it was not looked at",
    )
    .at(Span::new(at as usize, line.end), "ignored from here to the next `---`")
    .help("write `---` on a line before it, in place of `...` if there is one, to begin another document")
}

pub(super) fn alias_limit(document: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AliasLimit,
        "aliases and merge keys repeat so much that following them would not end",
    )
    .at(Span::empty(document.start), "in this document")
    .help("write the repeated parts out, or use fewer levels of aliases")
}

pub(super) fn line_break_character(view: &View<'_, '_>) -> Diagnostic {
    Diagnostic::new(Code::LineBreakCharacter, "a value holds U+0085, U+2028 or U+2029 unescaped, which YAML readers take differently; it is left alone")
        .at(Span::empty(view.tree.node(view.root).span.start), "in this object")
        .help("write the value in double quotes with the character as `\\N`, `\\L` or `\\P`, or put it into `binaryData`")
}
