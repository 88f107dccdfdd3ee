//! Texts in 8 bytes each. Nearly every text that is kept, such as a name, is a slice of the source, so its place says it
//! all. A `Cow` takes 24 bytes.
//!
//! Must not know what a text means.

use super::source::{Source, Span};
use std::fmt;

/// Texts that are slices of a source, and the few others.
#[derive(Clone, Default)]
pub struct Texts<'s> {
    source: &'s str,
    /// The texts that are written in another way, for example with escapes.
    others: Vec<Box<str>>,
}

impl fmt::Debug for Texts<'_> {
    /// Writes no text: the source may hold values of Secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").finish_non_exhaustive()
    }
}

/// A text in [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Offset of the first byte; [`OTHER`] for a text that is not a slice of the source.
    start: u32,
    /// Offset after the last byte, or the number of the other text.
    end: u32,
}

/// No text begins here, because a source is shorter.
const OTHER: u32 = u32::MAX;

impl Kept {
    /// The empty text.
    pub const EMPTY: Kept = Kept { start: 0, end: 0 };

    /// Returns the same text after `count` other texts are inserted before the first one.
    #[must_use]
    pub fn moved(self, count: u32) -> Kept {
        if self.start == OTHER { Kept { end: self.end.saturating_add(count), ..self } } else { self }
    }
}

impl<'s> Texts<'s> {
    /// Creates a list for texts of this source.
    pub fn of(source: &'s Source) -> Texts<'s> {
        Texts { source: source.text(), others: Vec::new() }
    }

    /// Adds a text.
    pub fn keep(&mut self, text: &str) -> Kept {
        if text.is_empty() {
            return Kept::EMPTY;
        }
        match span_of(self.source, text) {
            Some(span) => Kept { start: span.start, end: span.end },
            None => self.other(text),
        }
    }

    /// Adds a text that is probably written at these bytes of the source.
    pub fn keep_at(&mut self, place: Span, text: &str) -> Kept {
        if !text.is_empty() && self.source.get(place.range()) == Some(text) {
            return Kept { start: place.start, end: place.end };
        }
        self.keep(text)
    }

    fn other(&mut self, text: &str) -> Kept {
        let number = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
        self.others.push(text.into());
        Kept { start: OTHER, end: number }
    }

    /// Returns the text.
    #[inline]
    pub fn read(&self, kept: Kept) -> &str {
        if kept.start == OTHER {
            return self.others.get(kept.end as usize).map_or("", |text| text);
        }
        self.source.get(kept.start as usize..kept.end as usize).unwrap_or_default()
    }

    /// Moves the texts of another list for the same source to the end of this one. Returns the number of places by which
    /// they move, for [`Kept::moved`].
    pub fn append(&mut self, mut other: Texts<'s>) -> u32 {
        let before = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
        self.others.append(&mut other.others);
        before
    }
}

/// Returns the bytes of the source that a text consists of; `None` if the text is not a slice of the source.
fn span_of(source: &str, text: &str) -> Option<Span> {
    let start = text.as_ptr().addr().checked_sub(source.as_ptr().addr())?;
    let end = start + text.len();
    (end <= source.len()).then(|| Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_was_kept() {
        let source = Source::new("", "name: web\n").unwrap();
        let mut texts = Texts::of(&source);
        let slice = &source.text()[6..9];
        let kept =
            [texts.keep(slice), texts.keep_at(Span::new(6, 9), "web"), texts.keep("web"), texts.keep("")];
        assert_eq!(kept.map(|kept| texts.read(kept).to_owned()), ["web", "web", "web", ""]);
        assert_eq!((kept[0], texts.others.len()), (kept[1], 1));
        let mut all = Texts::of(&source);
        all.keep("other");
        let by = all.append(texts);
        assert_eq!(kept.map(|kept| all.read(kept.moved(by)).to_owned()), ["web", "web", "web", ""]);
    }
}
