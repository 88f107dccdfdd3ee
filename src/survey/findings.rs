//! The findings of text that no reader of YAML takes as it was meant.
//!
//! Must not look for anything: the inventory does.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::text::source::{Source, Span};

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
