//! JSON by its own rules, where they differ from those of YAML.
//!
//! kubectl reads a document that begins with `{` as JSON first. A JSON string may contain any character except control
//! characters below U+0020, half of a surrogate pair becomes U+FFFD, and a key may have any length.

use super::scanner::{Scalar, Scanner};
use crate::yaml::escape::{hex, unescape};
use crate::yaml::node::Form;

impl Scanner<'_, '_> {
    /// Reads the whole document as one JSON object. There may be comments around it if the document was split from
    /// others.
    pub(super) fn json(&mut self) -> Option<()> {
        self.json_space();
        self.flow()?;
        self.json_space();
        (self.at == self.bytes.len()).then_some(())
    }

    pub(super) fn json_scalar(&mut self) -> Option<Scalar> {
        if self.peek()? == b'"' { self.json_string() } else { self.json_literal() }
    }

    fn json_space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\n' | b'\r' | b'#')) = self.peek() {
            if byte == b'#' {
                self.skip_to_line_end();
            } else {
                self.at += 1;
            }
        }
    }

    fn json_string(&mut self) -> Option<Scalar> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            let from = self.at;
            let rest = self.bytes.get(from..)?;
            self.at += memchr::memchr2(b'"', b'\\', rest)?;
            let part = self.text.get(from..self.at)?;
            if part.bytes().any(|byte| byte < b' ') {
                return None;
            }
            let closes = self.peek() == Some(b'"');
            if escaped || !closes {
                self.tree.decoded.writer().push_str(part);
            }
            if closes {
                self.at += 1;
                let text = if escaped { self.tree.decoded.end() } else { 0 };
                return Some(Scalar { text, ..Scalar::as_written(Form::Double, start, self.at) });
            }
            escaped = true;
            let (character, width) = json_escape(self.bytes.get(self.at..)?)?;
            self.tree.decoded.writer().push(character);
            self.at += width;
        }
    }

    /// Reads a number, or `true`, `false` or `null`.
    fn json_literal(&mut self) -> Option<Scalar> {
        let start = self.at;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.peek().is_some_and(is_part) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at)?;
        serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
        Some(Scalar::as_written(Form::Plain, start, self.at))
    }
}

fn json_escape(bytes: &[u8]) -> Option<(char, usize)> {
    match bytes.get(1)? {
        b'u' => unescape(bytes).ok().or_else(|| hex(bytes, 2, 4).map(|_| (char::REPLACEMENT_CHARACTER, 6))),
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => unescape(bytes).ok(),
        _ => None,
    }
}
