//! Single- and double-quoted scalars, on one line or folded over several.

use super::plain::fold;
use super::scanner::{Scalar, Scanner};
use crate::yaml::escape::unescape;
use crate::yaml::tree::Style;
use std::borrow::Cow;

impl<'s> Scanner<'_, 's> {
    /// Reads the scalar whose opening quote is here, up to and including its closing quote.
    pub(super) fn quoted(&mut self) -> Option<Scalar<'s>> {
        let start = self.at;
        let quote = self.peek()?;
        self.at += 1;
        let style = if quote == b'"' { Style::Double } else { Style::Single };
        let stop = self.skip_quoted_text(quote)?;
        if stop == quote && !self.is_doubled(quote) {
            let text = Cow::Borrowed(self.text.get(start + 1..self.at)?);
            self.at += 1;
            return Some(Scalar { start, end: self.at, style, text, one_line: true });
        }
        let mut text = self.text.get(start + 1..self.at)?.to_owned();
        let one_line = self.decode_quoted(quote, &mut text)?;
        Some(Scalar { start, end: self.at, style, text: Cow::Owned(text), one_line })
    }

    /// Goes to the next byte that is not simply text.
    fn skip_quoted_text(&mut self, quote: u8) -> Option<u8> {
        let rest = self.bytes.get(self.at..)?;
        let ahead = if quote == b'"' {
            memchr::memchr3(b'"', b'\\', b'\n', rest)?
        } else {
            memchr::memchr2(b'\'', b'\n', rest)?
        };
        self.at += ahead;
        self.peek()
    }

    fn is_doubled(&self, quote: u8) -> bool {
        quote == b'\'' && self.peek_next() == Some(quote)
    }

    /// Decodes from the first byte that is not simply text on; true when the scalar stays on one line.
    fn decode_quoted(&mut self, quote: u8, text: &mut String) -> Option<bool> {
        let mut one_line = true;
        // What was escaped is no blank to be dropped at the end of a line.
        let mut kept = 0;
        loop {
            match self.peek()? {
                b'\n' => {
                    one_line = false;
                    trim_blanks(text, kept);
                    let breaks = self.quoted_breaks()?;
                    fold(text, breaks);
                }
                b'\\' if matches!(self.peek_next(), Some(b'\n' | b'\r')) => {
                    one_line = false;
                    self.at += 1;
                    let breaks = self.quoted_breaks()?;
                    text.extend(std::iter::repeat_n('\n', breaks));
                }
                b'\\' => {
                    let (character, width) = unescape(self.bytes.get(self.at..)?).ok()?;
                    text.push(character);
                    self.at += width;
                }
                _ if self.is_doubled(quote) => {
                    text.push('\'');
                    self.at += 2;
                }
                _ => {
                    self.at += 1;
                    return Some(one_line);
                }
            }
            kept = text.len();
            let start = self.at;
            self.skip_quoted_text(quote)?;
            text.push_str(self.text.get(start..self.at)?);
        }
    }

    /// Goes over a line break to the next text, and tells how many empty lines lie between.
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

/// Drops the blanks at the end of `text`, and a carriage return, but nothing before `kept`.
fn trim_blanks(text: &mut String, kept: usize) {
    let written = text.get(kept..).unwrap_or_default();
    text.truncate(kept + written.trim_end_matches([' ', '\t', '\r']).len());
}
