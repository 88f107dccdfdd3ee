//! A position in the text: line, column, and the character classes of YAML 1.1.
//!
//! Columns count characters. NUL means the end of the text, because the text contains no NUL.

/// A position in the text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// Offset, in bytes.
    pub(super) at: usize,
    /// Line, 0-based.
    pub(super) line: usize,
    /// Number of characters since the start of the line.
    pub(super) column: usize,
    /// Number of characters since the start of the text.
    pub(super) index: usize,
}

/// Walks through a text, character by character.
pub(super) struct Cursor<'s> {
    pub(super) text: &'s str,
    pub(super) mark: Mark,
}

impl<'s> Cursor<'s> {
    /// Starts after a byte order mark, if there is one.
    pub(super) fn new(text: &'s str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Cursor { text, mark: Mark { at, ..Mark::default() } }
    }

    /// Returns the byte `ahead` bytes further on; NUL after the end.
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.at + ahead).copied().unwrap_or(0)
    }

    /// Returns the text from `start` to the current position.
    pub(super) fn since(&self, start: usize) -> &'s str {
        self.text.get(start..self.mark.at).unwrap_or_default()
    }

    pub(super) fn rest(&self) -> &'s str {
        self.text.get(self.mark.at..).unwrap_or_default()
    }

    pub(super) fn is_end(&self, ahead: usize) -> bool {
        self.mark.at + ahead >= self.text.len()
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t')
    }

    pub(super) fn is_break(&self, ahead: usize) -> bool {
        self.break_length(ahead) > 0
    }

    pub(super) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.is_end(ahead) || self.is_break(ahead)
    }

    /// True at a blank, a line break, or the end of the text.
    pub(super) fn is_separator(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// True at `---` or `...` at the start of a line, with nothing directly after it.
    pub(super) fn at_marker(&self) -> bool {
        self.mark.column == 0
            && (self.rest().starts_with("---") || self.rest().starts_with("..."))
            && self.is_separator(3)
    }

    /// Moves by one character, which must not be a line break.
    pub(super) fn skip(&mut self) {
        self.mark.at += match self.peek(0) {
            0..0xc0 => 1,
            0xc0..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Moves to the end of the line.
    pub(super) fn skip_to_break(&mut self) {
        while !self.is_break_or_end(0) {
            self.skip();
        }
    }

    /// Skips blanks.
    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    /// Skips the line break at the current position, if any, and returns its text. LINE SEPARATOR and PARAGRAPH
    /// SEPARATOR keep their character; every other line break becomes a line feed.
    pub(super) fn skip_break(&mut self) -> &'s str {
        let length = self.break_length(0);
        if length == 0 {
            return "";
        }
        let start = self.mark.at;
        self.mark =
            Mark { at: start + length, line: self.mark.line + 1, column: 0, index: self.mark.index + 1 };
        if length == 3 { self.since(start) } else { "\n" }
    }

    fn break_length(&self, ahead: usize) -> usize {
        match (self.peek(ahead), self.peek(ahead + 1), self.peek(ahead + 2)) {
            (b'\r', b'\n', _) | (0xc2, 0x85, _) => 2,
            (b'\r' | b'\n', ..) => 1,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }
}

/// Returns the offset of the first character that YAML does not allow.
pub(super) fn forbidden(text: &str) -> Option<usize> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    text.char_indices().find(|(_, c)| !allowed(*c)).map(|(at, _)| at)
}
