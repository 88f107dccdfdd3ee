//! The text before a key on its line: the indentation, and what belongs to the entry of the key.
//!
//! Must not know what the key is.

use crate::text::source::{Source, Span};

/// The text before a key on its line that belongs to its entry.
pub(super) struct Head<'s> {
    /// Offset of the entry: of the question mark, the anchor or the tag before the key, or of the key itself.
    pub(super) start: u32,
    /// The text before the entry on its line, which may be as long as the source.
    pub(super) before: &'s str,
    /// True if a question mark precedes the key, so that the value is on a separate line.
    pub(super) explicit: bool,
}

impl<'s> Head<'s> {
    pub(super) fn of(source: &'s Source, key: Span) -> Head<'s> {
        let line = source.line_at(key.start as usize);
        let before = source.text()[line.start..key.start as usize].trim_start_matches('\u{feff}');
        let from = key.start as usize - before.len();
        if before.bytes().all(|byte| byte == b' ') {
            return Head { start: key.start, before, explicit: false };
        }
        let mut start = before.len();
        while let Some(property) = property(&before[..start]) {
            start = property;
        }
        let question = before[..start].trim_end().strip_suffix('?');
        let question = question.filter(|rest| rest.is_empty() || rest.ends_with([' ', '\t', '{', ',', '[']));
        let start = question.map_or(start, str::len);
        let before = &before[..start];
        Head { start: Span::new(from + start, line.end).start, before, explicit: question.is_some() }
    }

    /// Returns the width of the text before the entry; `None` if it contains white space other than spaces.
    pub(super) fn width(&self) -> Option<u16> {
        let is_narrow = |c: char| c == ' ' || !c.is_whitespace();
        self.before.chars().all(is_narrow).then(|| u16::try_from(self.before.chars().count()).ok())?
    }

    /// Returns white space as wide as the text before the entry.
    pub(super) fn indent(&self) -> String {
        if self.before.bytes().all(|byte| byte == b' ') {
            return self.before.to_owned();
        }
        self.before.chars().map(|c| if c.is_whitespace() { c } else { ' ' }).collect()
    }
}

/// Returns the offset of the anchor or tag at the end of the text.
pub(super) fn property(text: &str) -> Option<usize> {
    let text = text.trim_end();
    if text.ends_with('>') {
        return text.rfind("!<");
    }
    let word = text.rsplit(|c: char| c.is_whitespace() || matches!(c, '{' | ',' | '[')).next()?;
    word.starts_with(['&', '!']).then_some(text.len() - word.len())
}
