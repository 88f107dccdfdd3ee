//! Plain scalars, on one line or folded over several.
//!
//! Must not interpret a plain scalar: `scalar` does.

use super::scanner::{Scalar, Scanner, is_separator, offset};
use crate::yaml::node::Form;

/// The roles of each byte in a plain scalar, as a table: one lookup per byte.
const ROLES: [u8; 256] = roles();
/// Starts a plain scalar outside flow collections.
pub(super) const STARTS: u8 = 1;
/// Starts a plain scalar outside flow collections if a character other than a blank follows.
const MAY_START: u8 = 2;
/// Starts a plain scalar in a flow collection. Stricter than YAML, because some indicators have special rules there.
const STARTS_IN_FLOW: u8 = 4;
/// May end a plain scalar in a flow collection.
const STOPS_IN_FLOW: u8 = 8;

const fn roles() -> [u8; 256] {
    let mut roles = [0; 256];
    let mut at = 0_u8;
    loop {
        let starts = match at {
            b'-' | b'?' | b':' => MAY_START,
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!'
            | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => 0,
            _ => STARTS,
        };
        let in_flow = match at {
            b'_' | b'/' | b'.' | b'+' | b'~' | b'$' | b'<' | b'=' | b'(' | b'^' | b'\\' | 0x80.. => {
                STARTS_IN_FLOW
            }
            b'\n' | b'\r' | b':' | b'#' | b',' | b'[' | b']' | b'{' | b'}' => STOPS_IN_FLOW,
            _ if at.is_ascii_alphanumeric() => STARTS_IN_FLOW,
            _ => 0,
        };
        roles[at as usize] = starts | in_flow;
        if at == u8::MAX {
            return roles;
        }
        at += 1;
    }
}

pub(super) fn has_role(byte: u8, role: u8) -> bool {
    ROLES[usize::from(byte)] & role != 0
}

impl Scanner<'_, '_> {
    /// Reads a plain scalar outside flow collections to the end of its line or of the scalar: a `:` before a blank, a
    /// `#` after a blank, or a line break.
    pub(super) fn plain(&mut self) -> Option<Scalar> {
        let first = self.peek()?;
        if !has_role(first, STARTS) && (!has_role(first, MAY_START) || is_separator(self.peek_next())) {
            return None;
        }
        let start = self.at;
        Some(Scalar::as_written(Form::Plain, start, self.plain_part()))
    }

    /// Like [`Scanner::plain`], but in a flow collection, where a bracket or a comma also ends the scalar.
    pub(super) fn flow_plain(&mut self) -> Option<Scalar> {
        let is_word =
            |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'/' | b'.');
        let starts = match self.peek()? {
            b'-' => self.peek_next().is_some_and(is_word),
            first => has_role(first, STARTS_IN_FLOW),
        };
        let start = self.at;
        starts.then(|| Scalar::as_written(Form::Plain, start, self.flow_plain_part()))
    }

    /// Moves to the end of the scalar's text on this line, and returns the end without trailing blanks.
    #[inline]
    fn plain_part(&mut self) -> usize {
        let start = self.at;
        let mut at = start;
        loop {
            at = self.stops.next(self.bytes, at);
            let ends = match self.bytes.get(at) {
                Some(b':') => is_separator(self.bytes.get(at + 1).copied()),
                Some(b'#') => at > start && is_blank(self.bytes.get(at - 1)),
                Some(b'"' | b'\\') => false,
                _ => true,
            };
            if ends {
                break;
            }
            at += 1;
        }
        let carriage_return =
            at > start && self.bytes.get(at) == Some(&b'\n') && self.bytes.get(at - 1) == Some(&b'\r');
        self.at = if carriage_return { at - 1 } else { at };
        self.without_blanks(start)
    }

    fn flow_plain_part(&mut self) -> usize {
        let start = self.at;
        while let Some(byte) = self.peek() {
            let ends = has_role(byte, STOPS_IN_FLOW)
                && match byte {
                    b':' => {
                        let next = self.peek_next();
                        is_separator(next) || matches!(next, Some(b',' | b'[' | b']' | b'{' | b'}'))
                    }
                    b'#' => self.at > start && is_blank(self.bytes.get(self.at - 1)),
                    _ => true,
                };
            if ends {
                break;
            }
            self.at += 1;
        }
        self.without_blanks(start)
    }

    /// Returns the end of the text from `start` to the current position without trailing blanks.
    fn without_blanks(&self, start: usize) -> usize {
        let mut end = self.at;
        while end > start && is_blank(self.bytes.get(end - 1)) {
            end -= 1;
        }
        end
    }

    /// Adds the continuation lines of a plain scalar, which are indented deeper than `column`, to its first line.
    pub(super) fn continued(&mut self, first: Scalar, column: usize) -> Option<Scalar> {
        let mut scalar = first;
        while self.at_line_end() {
            let Some(breaks) = self.continuation(column) else { break };
            let start = self.at;
            let end = self.plain_part();
            if scalar.one_line {
                let text = self.text.get(scalar.start as usize..scalar.end as usize)?;
                self.tree.decoded.writer().push_str(text);
                scalar.one_line = false;
            }
            scalar.end = offset(end);
            fold(self.tree.decoded.writer(), breaks);
            self.tree.decoded.writer().push_str(self.text.get(start..end)?);
        }
        if !scalar.one_line {
            scalar.text = self.tree.decoded.end();
        }
        Some(scalar)
    }

    /// Moves to the next line of text and returns the number of empty lines before it, if that line is indented deeper
    /// than `column`. Otherwise returns `None`: at that line of text with its column in `ahead`, or at the end of the
    /// current line if something other than text follows.
    fn continuation(&mut self, column: usize) -> Option<usize> {
        let line_end = self.at;
        for breaks in 0.. {
            self.line_break();
            let indent = self.spaces();
            match self.peek() {
                Some(b'\n' | b'\r') => {}
                None | Some(b'#' | b'\t') => break,
                Some(_) if indent > column => return Some(breaks),
                Some(_) => {
                    self.ahead = Some(indent);
                    return None;
                }
            }
        }
        self.at = line_end;
        None
    }
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t'))
}

/// Joins two lines with `breaks` empty lines between them.
pub(super) fn fold(text: &mut String, breaks: usize) {
    if breaks == 0 {
        text.push(' ');
    }
    text.extend(std::iter::repeat_n('\n', breaks));
}
