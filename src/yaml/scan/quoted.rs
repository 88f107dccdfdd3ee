//! Single- and double-quoted scalars, on one line or folded over several.

use super::plain::fold;
use super::scanner::{Scalar, Scanner};
use crate::yaml::escape::unescape;
use crate::yaml::node::Form;

impl Scanner<'_, '_> {
    /// Reads the scalar whose opening quote is at the current position, up to and including its closing quote.
    #[inline]
    pub(super) fn quoted(&mut self) -> Option<Scalar> {
        let start = self.at;
        let quote = self.peek()?;
        self.at += 1;
        let form = if quote == b'"' { Form::Double } else { Form::Single };
        let stop = self.skip_quoted_text(quote)?;
        if stop == quote && !self.is_doubled(quote) {
            self.at += 1;
            return Some(Scalar::as_written(form, start, self.at));
        }
        self.decoded_scalar(start, quote)
    }

    /// Reads the rest of a scalar whose text is not a slice of the source. The current position is at the first byte that
    /// is not ordinary text.
    #[inline(never)]
    fn decoded_scalar(&mut self, start: usize, quote: u8) -> Option<Scalar> {
        let form = if quote == b'"' { Form::Double } else { Form::Single };
        self.tree.decoded.writer().push_str(self.text.get(start + 1..self.at)?);
        let one_line = self.decode_quoted(quote)?;
        let text = self.tree.decoded.end();
        Some(Scalar { text, one_line, ..Scalar::as_written(form, start, self.at) })
    }

    /// Moves to the next byte that is not ordinary text, and returns it.
    #[inline]
    fn skip_quoted_text(&mut self, quote: u8) -> Option<u8> {
        if quote == b'"' {
            self.at = self.stops.next(self.bytes, self.at);
            while let Some(b':' | b'#') = self.peek() {
                self.at = self.stops.next(self.bytes, self.at + 1);
            }
        } else {
            self.at += memchr::memchr2(b'\'', b'\n', self.bytes.get(self.at..)?)?;
        }
        self.peek()
    }

    fn is_doubled(&self, quote: u8) -> bool {
        quote == b'\'' && self.peek_next() == Some(quote)
    }

    /// Decodes from the first byte that is not ordinary text. Returns true if the scalar is on one line.
    fn decode_quoted(&mut self, quote: u8) -> Option<bool> {
        let mut one_line = true;
        // Only blanks after this offset are dropped at the end of a line: before it are escaped blanks and other texts.
        let mut kept = self.tree.decoded.start();
        loop {
            match self.peek()? {
                b'\n' => {
                    one_line = false;
                    trim_blanks(self.tree.decoded.writer(), kept);
                    let breaks = self.quoted_breaks()?;
                    fold(self.tree.decoded.writer(), breaks);
                }
                b'\\' if matches!(self.peek_next(), Some(b'\n' | b'\r')) => {
                    one_line = false;
                    self.at += 1;
                    let breaks = self.quoted_breaks()?;
                    self.tree.decoded.writer().extend(std::iter::repeat_n('\n', breaks));
                }
                b'\\' if self.peek_next() == Some(b'n') => {
                    self.tree.decoded.writer().push('\n');
                    self.at += 2;
                    // The end of most multi-line texts in JSON.
                    if quote == b'"' && self.peek() == Some(quote) {
                        self.at += 1;
                        return Some(one_line);
                    }
                }
                b'\\' => {
                    let (character, width) = unescape(self.bytes.get(self.at..)?).ok()?;
                    self.tree.decoded.writer().push(character);
                    self.at += width;
                }
                _ if self.is_doubled(quote) => {
                    self.tree.decoded.writer().push('\'');
                    self.at += 2;
                }
                _ => {
                    self.at += 1;
                    return Some(one_line);
                }
            }
            kept = self.tree.decoded.writer().len();
            let start = self.at;
            self.skip_quoted_text(quote)?;
            self.tree.decoded.writer().push_str(self.text.get(start..self.at)?);
        }
    }

    /// Skips line breaks up to the next text, and returns the number of empty lines.
    fn quoted_breaks(&mut self) -> Option<usize> {
        for breaks in 0.. {
            self.line_break();
            if self.at_marker() {
                return None;
            }
            while matches!(self.peek()?, b' ' | b'\t') {
                self.at += 1;
            }
            if !matches!(self.peek()?, b'\n' | b'\r') {
                return Some(breaks);
            }
        }
        None
    }
}

/// Removes blanks and a carriage return from the end of `text`, but nothing before `kept`.
fn trim_blanks(text: &mut String, kept: usize) {
    let written = text.get(kept..).unwrap_or_default();
    text.truncate(kept + written.trim_end_matches([' ', '\t', '\r']).len());
}
