//! The most common lines: `key: value`, or `key:` alone.
//!
//! The key is plain; the value is plain or double-quoted, and ends with the line. The whole line is checked before
//! anything is added, so any other line is left to `block` with nothing changed. Takes a third of the instructions of
//! the general readers of scalars.

use super::plain::{STARTS, has_role};
use super::scanner::{MAX_KEY, Scalar, Scanner};
use crate::yaml::node::Form;

impl Scanner<'_, '_> {
    /// Reads such a line. Its key is at the current position, in `column`. Returns false for any other line.
    pub(super) fn simple_line(&mut self, column: usize) -> bool {
        let (bytes, start) = (self.bytes, self.at);
        if !bytes.get(start).is_some_and(|first| has_role(*first, STARTS)) {
            return false;
        }
        let colon = self.plain_stops.next(bytes, start);
        let Some([b':', behind @ (b' ' | b'\n'), ..]) = bytes.get(colon..) else { return false };
        if matches!(bytes[colon - 1], b' ' | b'\t') || colon - start > MAX_KEY {
            return false;
        }
        let key = Scalar::as_written(Form::Plain, start, colon);
        if *behind == b'\n' {
            return self.simple_key(column, key, Some(colon)) && {
                self.at = colon + 1;
                true
            };
        }
        let Some(value) = self.simple_value(colon + 2) else { return false };
        let end = value.end as usize;
        let next = end + 1 + self.spaces_from(end + 1, usize::MAX);
        // The next line decides whether a plain value ends here.
        let ends = bytes.get(next).is_some_and(|first| !matches!(first, b'\n' | b'\r' | b'#' | b'\t'));
        let indent = next - end - 1;
        if !ends || (value.form == Form::Plain && indent > column) || !self.simple_key(column, key, None) {
            return false;
        }
        self.add(value);
        self.at = next;
        self.ahead = Some(indent);
        true
    }

    /// Returns the value that begins at `start` if it ends with a line feed.
    #[inline(always)]
    fn simple_value(&mut self, start: usize) -> Option<Scalar> {
        let (bytes, first) = (self.bytes, *self.bytes.get(start)?);
        if first == b'"' {
            let quote = self.quoted_stops.next(bytes, start + 1);
            let is_end = matches!(bytes.get(quote..), Some([b'"', b'\n', ..]));
            return is_end.then(|| Scalar::as_written(Form::Double, start, quote + 1));
        }
        if !has_role(first, STARTS) {
            return None;
        }
        let mut end = self.plain_stops.next(bytes, start);
        // A colon inside a word, such as an image, an address or a time.
        while let Some([b':', b'!'..=b'~', ..]) = bytes.get(end..) {
            end = self.plain_stops.next(bytes, end + 1);
        }
        let is_end = bytes.get(end) == Some(&b'\n') && !matches!(bytes[end - 1], b' ' | b'\t' | b'\r');
        is_end.then(|| Scalar::as_written(Form::Plain, start, end))
    }

    /// Adds a key in this column to the open mapping there, or to a new one. Returns false if neither is possible.
    #[inline(always)]
    fn simple_key(&mut self, column: usize, key: Scalar, awaits: Option<usize>) -> bool {
        let Some(level) = self.levels.last_mut() else { return false };
        if level.column == column && !level.sequence {
            if let Some(absent) = std::mem::replace(&mut level.awaits, awaits) {
                self.add_absent(absent);
            }
        } else if level.column < column && level.awaits.is_some() {
            level.awaits = None;
            if self.open_level(Form::BlockMapping, key.start as usize, column, awaits).is_none() {
                return false;
            }
        } else {
            return false;
        }
        self.add(key);
        true
    }
}
