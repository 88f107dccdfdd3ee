//! Plain scalars, on one line or folded over several.
//!
//! Does not say what a plain scalar means: that is for `scalar`.

use super::scanner::{Scalar, Scanner, is_separator};
use crate::yaml::tree::Style;
use std::borrow::Cow;

/// The bytes that may end a plain scalar outside and inside a flow collection, as a table: one look for each byte.
const STOPS: [u8; 256] = stops();
const IN_BLOCK: u8 = 1;
const IN_FLOW: u8 = 2;

const fn stops() -> [u8; 256] {
    let mut stops = [0; 256];
    let (everywhere, in_flow) = (*b"\n\r:#", *b",[]{}");
    let mut at = 0;
    while at < everywhere.len() {
        stops[everywhere[at] as usize] = IN_BLOCK | IN_FLOW;
        at += 1;
    }
    at = 0;
    while at < in_flow.len() {
        stops[in_flow[at] as usize] = IN_FLOW;
        at += 1;
    }
    stops
}

impl<'s> Scanner<'_, 's> {
    /// Reads a plain scalar to where its line, or the scalar, ends: a `:` with a blank after it, a `#` with a blank
    /// before it, a line break, and in a flow collection a bracket or a comma.
    pub(super) fn plain(&mut self, in_flow: bool) -> Option<Scalar<'s>> {
        let starts = if in_flow { self.starts_flow_plain() } else { self.starts_plain() };
        if !starts {
            return None;
        }
        let start = self.at;
        let end = self.plain_part(in_flow);
        let text = Cow::Borrowed(self.text.get(start..end)?);
        Some(Scalar { start, end, style: Style::Plain, text, one_line: true })
    }

    fn starts_plain(&self) -> bool {
        match self.peek() {
            Some(b'-' | b'?' | b':') => !is_separator(self.peek_next()),
            Some(byte) => !matches!(
                byte,
                b' ' | b'\t'
                    | b'\n'
                    | b'\r'
                    | b','
                    | b'['
                    | b']'
                    | b'{'
                    | b'}'
                    | b'#'
                    | b'&'
                    | b'*'
                    | b'!'
                    | b'|'
                    | b'>'
                    | b'\''
                    | b'"'
                    | b'%'
                    | b'@'
                    | b'`'
            ),
            None => false,
        }
    }

    /// Stricter than YAML: some indicators have rules of their own in a flow collection.
    fn starts_flow_plain(&self) -> bool {
        let is_word =
            |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'/' | b'.');
        match self.peek() {
            Some(b'-') => self.peek_next().is_some_and(is_word),
            Some(byte) => {
                is_word(byte) || matches!(byte, b'+' | b'~' | b'$' | b'<' | b'=' | b'(' | b'^' | b'\\')
            }
            None => false,
        }
    }

    /// Goes to where the text on this line ends, and tells where it ends without the blanks after it.
    fn plain_part(&mut self, in_flow: bool) -> usize {
        let start = self.at;
        let stops = if in_flow { IN_FLOW } else { IN_BLOCK };
        while let Some(ahead) = self.ahead(stops) {
            self.at += ahead;
            let ends = match self.peek() {
                Some(b':') => self.ends_key(in_flow),
                Some(b'#') => self.at > start && matches!(self.bytes.get(self.at - 1), Some(b' ' | b'\t')),
                _ => true,
            };
            if ends {
                break;
            }
            self.at += 1;
        }
        let part = self.bytes.get(start..self.at).unwrap_or_default();
        start + part.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1)
    }

    /// How many bytes are before the next one that may end the scalar; goes to the end when there is none.
    fn ahead(&mut self, stops: u8) -> Option<usize> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let ahead = rest.iter().position(|byte| STOPS[usize::from(*byte)] & stops != 0);
        if ahead.is_none() {
            self.at = self.bytes.len();
        }
        ahead
    }

    fn ends_key(&self, in_flow: bool) -> bool {
        let next = self.peek_next();
        is_separator(next) || (in_flow && matches!(next, Some(b',' | b'[' | b']' | b'{' | b'}')))
    }

    /// Adds the lines that go on with a plain scalar, those indented deeper than `column`, to its first line.
    pub(super) fn continued(&mut self, first: Scalar<'s>, column: usize) -> Option<Scalar<'s>> {
        let mut scalar = first;
        while scalar.style == Style::Plain && matches!(self.peek(), Some(b'\n' | b'\r')) {
            let line_end = self.at;
            let Some(breaks) = self.continuation(column) else {
                self.at = line_end;
                break;
            };
            let start = self.at;
            scalar.end = self.plain_part(false);
            let text = scalar.text.to_mut();
            fold(text, breaks);
            text.push_str(self.text.get(start..scalar.end)?);
        }
        Some(scalar)
    }

    /// Goes to the next line of text if that is deeper than `column`, and tells how many empty lines lie between.
    fn continuation(&mut self, column: usize) -> Option<usize> {
        for breaks in 0.. {
            self.line_break();
            let indent = self.spaces();
            match self.peek()? {
                b'\n' | b'\r' => {}
                b'#' | b'\t' => return None,
                _ => return (indent > column).then_some(breaks),
            }
        }
        None
    }
}

/// Joins two lines with `breaks` empty lines between them.
pub(super) fn fold(text: &mut String, breaks: usize) {
    if breaks == 0 {
        text.push(' ');
    }
    text.extend(std::iter::repeat_n('\n', breaks));
}
