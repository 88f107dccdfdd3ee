//! The most common lines: `key: value`, or `key:` alone.
//!
//! The key is plain; the value is plain or double-quoted, and ends with the line. The whole line is checked before
//! anything is added, so any other line is left to `block` with nothing changed. Takes a third of the instructions of
//! the general readers of scalars.

use super::plain::{STARTS, has_role};
use super::scanner::{MAX_KEY, Scanner};
use crate::yaml::node::Form;

/// A line that was checked. All offsets are in the text.
struct Line {
    /// The first byte of the key.
    first: u8,
    /// The offset of the colon after the key.
    colon: usize,
    /// The style, the start and the first byte of the value; `None` if there is none.
    value: Option<(Form, usize, u8)>,
    /// The offset of the line feed.
    end: usize,
}

impl Scanner<'_, '_> {
    /// Reads such a line. Its key is at the current position, in `column`. Returns the column of the next line if it is
    /// already known; then the current position is at its text. `None` for any other line.
    #[inline]
    pub(super) fn simple_line(&mut self, column: usize) -> Option<Option<usize>> {
        let start = self.at;
        let line = self.checked_line(start)?;
        let indent = self.spaces_at(line.end + 1);
        let next = line.end + 1 + indent;
        // Text on the next line may belong to a plain value.
        let is_plain = matches!(line.value, Some((Form::Plain, ..)));
        let is_text = match self.bytes.get(next) {
            Some(byte) if *byte > b'#' => true,
            Some(b'\n' | b'\r' | b'\t') if is_plain => return None,
            None | Some(b'\n' | b'\r' | b'#') => false,
            Some(_) => true,
        };
        let continues = is_text && is_plain && indent > column;
        if continues || !self.has_place(column, start, line.value.is_none().then_some(line.colon)) {
            return None;
        }
        let key = self.cell(Form::Plain, start..line.colon, line.first);
        match line.value {
            None => self.tree.push_cells([key]),
            Some((form, from, first)) => {
                let value = self.cell(form, from..line.end, first);
                self.tree.push_cells([key, value]);
            }
        }
        self.at = if is_text { next } else { line.end };
        Some(is_text.then_some(indent))
    }

    /// Finds the parts of the line whose key begins at `start`. `None` if the line is not simple.
    #[inline(always)]
    fn checked_line(&mut self, start: usize) -> Option<Line> {
        let bytes = self.bytes;
        let first = *bytes.get(start)?;
        if !has_role(first, STARTS) {
            return None;
        }
        let colon = self.stops.next(bytes, start);
        let [before, b':', behind, of_value] = *bytes.get(colon.wrapping_sub(1)..)?.first_chunk()? else {
            return None;
        };
        if before <= b' ' || colon - start > MAX_KEY {
            return None;
        }
        let from = colon + 2;
        match behind {
            b'\n' => Some(Line { first, colon, value: None, end: colon + 1 }),
            b' ' if of_value == b'"' => {
                let end = self.end_of_quoted(from + 1)?;
                let value = Some((Form::Double, from, *bytes.get(from + 1)?));
                Some(Line { first, colon, value, end })
            }
            b' ' if has_role(of_value, STARTS) => {
                let end = self.end_of_plain(from)?;
                Some(Line { first, colon, value: Some((Form::Plain, from, of_value)), end })
            }
            _ => None,
        }
    }

    /// Returns the offset of the line feed directly after the quote that ends a scalar without escapes.
    #[inline(always)]
    fn end_of_quoted(&mut self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at = self.stops.next(self.bytes, at);
            match self.bytes.get(at..)?.first_chunk()? {
                b"\"\n" => return Some(at + 1),
                [b':' | b'#', _] => at += 1,
                _ => return None,
            }
        }
    }

    /// Returns the offset of the line feed directly after a plain scalar without trailing blanks.
    #[inline(always)]
    fn end_of_plain(&mut self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at = self.stops.next(self.bytes, at);
            let [before, byte] = *self.bytes.get(at - 1..)?.first_chunk()?;
            match byte {
                b'\n' => return (before > b' ').then_some(at),
                // A colon inside a word, such as an image, an address or a time.
                b':' if !self.bytes.get(at + 1).is_some_and(|behind| matches!(behind, b'!'..=b'~')) => {
                    return None;
                }
                b'#' if before <= b' ' => return None,
                _ => at += 1,
            }
        }
    }

    /// Makes sure that a mapping is open for a key in this column. Returns false if that is impossible.
    #[inline(always)]
    fn has_place(&mut self, column: usize, start: usize, awaits: Option<usize>) -> bool {
        match self.levels.last_mut() {
            Some(level) if level.column == column && !level.sequence => {
                if let Some(absent) = std::mem::replace(&mut level.awaits, awaits) {
                    self.add_absent(absent);
                }
                true
            }
            Some(level) if level.column < column && level.awaits.is_some() => {
                level.awaits = None;
                self.open_level(Form::BlockMapping, start, column, awaits).is_some()
            }
            Some(_) => false,
            None => {
                self.tree.root().is_none()
                    && self.open_level(Form::BlockMapping, start, column, awaits).is_some()
            }
        }
    }
}
