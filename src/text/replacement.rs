//! What is written in place of some bytes of the source.
//!
//! A copy of a part of the source is kept as its place, since it may be as large as the source. Must not know why it is
//! written.

use crate::text::source::{Source, Span};
use std::borrow::Cow;

/// A text to write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// This one.
    Written(String),
    /// These pieces, one after the other.
    Pieces(Box<[Piece]>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// What the source has in this place.
    Copied(Span),
    /// What it does not have.
    Written(Box<str>),
}

impl Text {
    /// The slices of which the text is made.
    pub fn slices<'a>(&'a self, source: &'a str) -> impl Iterator<Item = &'a str> {
        let (whole, pieces) = match self {
            Text::Written(text) => (Some(text.as_str()), &[][..]),
            Text::Pieces(pieces) => (None, &pieces[..]),
        };
        whole.into_iter().chain(pieces.iter().map(|piece| piece.slice(source)))
    }

    /// The text in one.
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
    /// The bytes from `start` up to `end`.
    pub fn copied(start: usize, end: usize) -> Piece {
        Piece::Copied(Span::new(start, end))
    }

    /// Any text.
    pub fn written(text: impl Into<Box<str>>) -> Piece {
        Piece::Written(text.into())
    }

    /// What it holds. A place that the source does not have is empty.
    pub fn slice<'a>(&'a self, source: &'a str) -> &'a str {
        match self {
            Piece::Copied(span) => source.get(span.range()).unwrap_or_default(),
            Piece::Written(text) => text,
        }
    }

    /// The piece without white space at its beginning, or at its end.
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

/// The pieces without white space at the beginning and the end of their text.
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
