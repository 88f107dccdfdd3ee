//! The decision whether a word of a text mentions an object, from the context in the text and the field that contains
//! it.

use super::names::Named;
use crate::rules::Kinds;
use crate::rules::context::{Noun, Said, Word};
use std::ops::Range;

/// The length in bytes of the longest text that may be a list of names.
const LONGEST_LIST: usize = 4096;

/// The field that contains a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Field {
    /// The kind that the field's name refers to.
    pub(super) names: Option<Noun>,
    /// True for a command line or an environment variable, in which a path mentions an object only below a kind.
    pub(super) command: bool,
    /// True for a value of a Secret, in which a single word does not count, because it may be a password.
    pub(super) secret: bool,
}

/// What a word mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No object.
    Nothing,
    /// An object of these kinds, according to the text. This counts in the object's own data too.
    Named(Kinds),
    /// An object of these kinds, according to the field that contains the text.
    Held(Kinds),
    /// Perhaps an object, unless the name is shared with an object of another kind.
    Alone,
    /// Perhaps an object, unless the path that begins at this byte is below a mount. The path may state the kinds.
    InPath(usize, Option<Kinds>),
}

/// Returns the verdict on a word of a text.
pub(super) fn judge(text: &str, word: &Word, named: Named<'_>, field: Field) -> Verdict {
    match word.said {
        Said::NoName => Verdict::Nothing,
        Said::Surely(noun) | Said::Likely(noun) => kinds(noun).map_or(Verdict::Nothing, Verdict::Named),
        Said::Path(at, Some(noun)) => {
            kinds(noun).map_or(Verdict::Nothing, |kinds| Verdict::InPath(at, Some(kinds)))
        }
        Said::Path(..) if field.command || named.is_shared() => Verdict::Nothing,
        Said::Path(at, None) if stands_out(text, &word.range, field) => Verdict::InPath(at, None),
        Said::Path(..) => Verdict::Nothing,
        Said::Nothing => by_field(text, word, field).unwrap_or_else(|| {
            if stands_out(text, &word.range, field) { Verdict::Alone } else { Verdict::Nothing }
        }),
    }
}

fn kinds(noun: Noun) -> Option<Kinds> {
    Some(noun.kinds()).filter(|kinds| *kinds != Kinds::NONE)
}

fn by_field(text: &str, word: &Word, field: Field) -> Option<Verdict> {
    let noun = field.names.filter(|_| is_item(text, &word.range))?;
    Some(kinds(noun).map_or(Verdict::Nothing, Verdict::Held))
}

/// True if a word is probably not a coincidence. A name of several words is none. A single word occurs in prose and
/// code, so it must be the whole value, or follow a slash or an equals sign in a value without spaces.
fn stands_out(text: &str, range: &Range<usize>, field: Field) -> bool {
    let word = &text[range.clone()];
    if word.contains(['-', '.']) {
        return true;
    }
    if field.secret {
        return false;
    }
    let before = text[..range.start].chars().next_back();
    word.len() == text.len() || (matches!(before, Some('/' | '=')) && !has_blanks(text))
}

fn has_blanks(text: &str) -> bool {
    text.len() > LONGEST_LIST || text.contains(char::is_whitespace)
}

/// True for a text that is a name or a list of names, with namespaces before them or keys after them.
fn is_item(text: &str, range: &Range<usize>) -> bool {
    if text.len() > LONGEST_LIST || text.trim_end().contains('\n') {
        return false;
    }
    let before = text[..range.start].trim_end_matches(' ').chars().next_back();
    let behind = text[range.end..].trim_start_matches(' ').chars().next();
    let begins = |sign: char| matches!(sign, ',' | '[' | '"' | '\'' | '/' | ':' | '{');
    let ends = |sign: char| matches!(sign, ',' | ']' | '"' | '\'' | '/' | ':' | '}' | '\n');
    before.is_none_or(begins) && behind.is_none_or(ends)
}
