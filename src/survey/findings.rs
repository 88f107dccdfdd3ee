//! The findings about text that YAML readers read differently, or not at all.
//!
//! Must not look for such text: the inventory does.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::{ObjectId, View};
use crate::survey::mistakes;
use crate::text::source::{Source, Span};
use crate::yaml;

/// Returns the finding about a document that is not YAML, with the mistake and the cure that its text suggests. `start`
/// is the byte at which the document begins in the source.
pub fn unreadable(error: &yaml::ParseError, start: u32, text: &str) -> Diagnostic {
    let finding = invalid_yaml(error);
    if error.too_deep {
        return finding;
    }
    if let Some(cure) = suspicion(text) {
        return finding.help(cure);
    }
    let at = error.at.saturating_sub(start) as usize;
    let Some(mistake) = mistakes::find(text, at, &error.message) else { return finding };
    let place = Span::empty(start + mistake.at as u32);
    Diagnostic::new(Code::InvalidYaml, format!("this is not valid YAML: {}", mistake.found))
        .at(place, "here")
        .help(mistake.help)
}

fn suspicion(text: &str) -> Option<&'static str> {
    let begins = text.trim_start_matches(['\u{feff}', '-', '\r', '\n', ' ']);
    if begins.starts_with('<') {
        return Some("this looks like a web page: check the command that downloaded it");
    }
    if is_error(begins) {
        return Some(
            "this looks like an error message: check the command that wrote it; with `set -o pipefail`, the shell stops when that command fails",
        );
    }
    None
}

/// True if the first word of the text is one with which programs begin an error message.
pub(super) fn is_error(text: &str) -> bool {
    let word = text.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    ["error", "err", "fatal", "panic", "usage"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Returns the finding about text that is not YAML.
pub fn invalid_yaml(error: &yaml::ParseError) -> Diagnostic {
    let place = Span { start: error.at, end: error.at };
    if error.too_deep {
        return Diagnostic::new(Code::NestedTooDeep, "collections nest deeper than 255 levels")
            .at(place, "one level too many")
            .help("no Kubernetes object nests this deep: check how this document was generated");
    }
    Diagnostic::new(Code::InvalidYaml, format!("this is not valid YAML: {}", error.message))
        .at(place, "noticed here")
        .help("correct the document, or the template that rendered it; indent with spaces, and quote text that contains `: `, `#`, `{` or `@`")
}

pub(super) fn ignored_text(source: &Source, at: u32) -> Diagnostic {
    let line = source.line_at(at as usize);
    Diagnostic::new(
        Code::IgnoredText,
        "kubectl ignores text after the end of a document, so this text is not processed",
    )
    .at(Span::new(at as usize, line.end), "ignored from here to the next `---`")
    .help("to start another document, write a `---` line before the text, instead of `...` if present")
}

pub(super) fn alias_limit(document: Span) -> Diagnostic {
    Diagnostic::new(Code::AliasLimit, "aliases and merge keys expand to more content than can be processed")
        .at(Span::empty(document.start), "in this document")
        .help("replace some aliases with copies of their values, or nest fewer levels of aliases")
}

pub(super) fn line_break_character(view: &View<'_, '_>) -> Diagnostic {
    Diagnostic::new(Code::LineBreakCharacter, "a value contains an unescaped U+0085, U+2028 or U+2029, which YAML parsers read differently, so the object keeps its name")
        .at(Span::empty(view.tree.node(view.root).span.start), "in this object")
        .help("write the value in double quotes with `\\N`, `\\L` or `\\P` for the character, or move it to `binaryData`")
}

/// Returns the finding about an object in a document in which no line can be inserted.
pub(super) fn lone_return(view: &View<'_, '_>) -> Diagnostic {
    Diagnostic::new(Code::LineBreakCharacter, "a line of this document ends in a carriage return without a line feed, so no line can be added to the object, and it keeps its name")
        .at(Span::empty(view.tree.node(view.root).span.start), "in this object")
        .help("end each line with a line feed (LF) or with both (CRLF)")
}

/// Completes the findings that prevent the suffix of an object.
pub(super) fn blocked(mut findings: Vec<Diagnostic>, id: &ObjectId<'_>) -> Vec<Diagnostic> {
    findings.iter_mut().for_each(|finding| finding.message = format!("{id}: {}", finding.message).into());
    findings
}
