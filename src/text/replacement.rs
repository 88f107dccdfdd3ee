//! The text that replaces some bytes of the source.
//!
//! A copy of a part of the source is stored as a span, because it may be as large as the source. Must not know why a
//! text is written.

use crate::text::source::{Source, Span};
use std::borrow::Cow;

/// A text to write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// A new text.
    Written(String),
    /// Pieces that are written one after the other.
    Pieces(Box<[Piece]>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// The text of the source in this span.
    Copied(Span),
    /// Text that is not in the source.
    Written(Box<str>),
}

impl Text {
    /// Returns the slices that make up the text.
    pub fn slices<'a>(&'a self, source: &'a str) -> impl Iterator<Item = &'a str> {
        let (whole, pieces) = match self {
            Text::Written(text) => (Some(text.as_str()), &[][..]),
            Text::Pieces(pieces) => (None, &pieces[..]),
        };
        whole.into_iter().chain(pieces.iter().map(|piece| piece.slice(source)))
    }

    /// Returns the whole text.
    pub fn read<'a>(&'a self, source: &'a Source) -> Cow<'a, str> {
        match self {
            Text::Written(text) => Cow::Borrowed(text),
            Text::Pieces(_) => Cow::Owned(self.slices(source.text()).collect()),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::Written(text)
    }
}

impl Piece {
    /// Creates a piece that copies the bytes from `start` up to `end`.
    pub fn copied(start: usize, end: usize) -> Piece {
        Piece::Copied(Span::new(start, end))
    }

    /// Creates a piece with new text.
    pub fn written(text: impl Into<Box<str>>) -> Piece {
        Piece::Written(text.into())
    }

    /// Returns the text of the piece; empty if the span is outside the source.
    pub fn slice<'a>(&'a self, source: &'a str) -> &'a str {
        match self {
            Piece::Copied(span) => source.get(span.range()).unwrap_or_default(),
            Piece::Written(text) => text,
        }
    }

    /// Removes white space from the beginning or the end of the piece.
    fn trimmed(self, source: &str, at_end: bool) -> Piece {
        let (text, trim) = (self.slice(source), if at_end { str::trim_end } else { str::trim_start });
        let gone = text.len() - trim(text).len();
        match self {
            Piece::Copied(span) if at_end => Piece::copied(span.start as usize, span.end as usize - gone),
            Piece::Copied(span) => Piece::copied(span.start as usize + gone, span.end as usize),
            Piece::Written(_) => Piece::written(trim(text)),
        }
    }
}

/// Removes white space from the beginning and the end of the joined text.
pub fn trim(mut pieces: Vec<Piece>, source: &str) -> Vec<Piece> {
    let blank = |piece: &Piece| piece.slice(source).trim().is_empty();
    let first = pieces.iter().position(|piece| !blank(piece)).unwrap_or(pieces.len());
    pieces.drain(..first);
    pieces.truncate(pieces.iter().rposition(|piece| !blank(piece)).map_or(0, |last| last + 1));
    for at_end in [false, true] {
        let at = if at_end { pieces.len().saturating_sub(1) } else { 0 };
        if let Some(piece) = pieces.get_mut(at) {
            *piece = piece.clone().trimmed(source, at_end);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_read_as_one_text() {
        let source = Source::new("x", " abc def ").unwrap();
        let pieces =
            || vec![Piece::copied(0, 1), Piece::copied(0, 4), Piece::written("\n-\n"), Piece::copied(4, 9)];
        assert_eq!(Text::Pieces(pieces().into()).read(&source), "  abc\n-\n def ");
        assert_eq!(Text::Pieces(trim(pieces(), source.text()).into()).read(&source), "abc\n-\n def");
        assert!(trim(vec![Piece::copied(0, 1), Piece::written(" \n")], source.text()).is_empty());
        assert_eq!(trim(vec![Piece::copied(0, 5)], source.text()), [Piece::copied(1, 4)]);
    }
}
