//! Reads a text once and reports the context of each wanted word.

mod around;
mod state;
#[cfg(test)]
mod tests;

use super::commands::Command;
use super::nouns;
use super::outline::Outline;
use super::said::{Said, Word};
use state::{LONGEST_GAP, Line, Reader};
use std::ops::Range;

/// Returns every word for which `wanted` is true, in the order of the text, with its context. Takes linear time.
pub fn read(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<Word> {
    let mut reader = Reader {
        text,
        wanted,
        found: Vec::new(),
        outline: Outline::default(),
        command: Command::default(),
        line: Line::default(),
        token: 0,
        argument: 0,
        first_of_command: 0,
        printed: Vec::new(),
        writes: false,
        before: None,
        sign: b'\n',
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if is_word(*byte) {
            let end = bytes[at..].iter().position(|byte| !is_word(*byte)).map_or(bytes.len(), |n| at + n);
            reader.run(at..end);
            at = end;
        } else {
            reader.sign(at, *byte);
            at += 1;
        }
    }
    reader.finish()
}

/// True for the bytes of names, flags and keys.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

impl<'t, W: Fn(&str) -> bool> Reader<'t, W> {
    fn sign(&mut self, at: usize, byte: u8) {
        let bytes = self.text.as_bytes();
        let before = at.checked_sub(1).map(|at| bytes[at]);
        match byte {
            b'\n' => return self.end_line(at),
            b' ' | b'\t' | b'\r' | b'"' | b'\'' => {
                self.line.quotes += usize::from(matches!(byte, b'"' | b'\''));
                (self.token, self.argument) = (at + 1, at + 1);
                return;
            }
            b'\\' => return,
            b'#' if !self.line.begun || self.is_remark(before) => self.line.comment = true,
            b'/' if !self.line.begun && bytes.get(at + 1) == Some(&b'/') => self.line.comment = true,
            _ if self.line.comment => {}
            b'[' if !self.line.begun && self.section(at) => {}
            b'{' | b'[' => {
                let assigned = self.before.filter(|_| matches!(self.sign, b':' | b'='));
                let noun = assigned.and_then(|word| word.field);
                let noun = noun.or_else(|| self.header(at).filter(|_| byte == b'{'));
                self.outline.open(byte == b'[', noun);
            }
            b'}' | b']' => self.outline.close(),
            b';' | b'|' | b'&' | b'`' | b')' => self.end_command(),
            b'(' if before == Some(b'$') => self.end_command(),
            _ => {}
        }
        if matches!(byte, b'=' | b',' | b'(' | b'|' | b';')
            || (byte == b':' && !self.text[at..].starts_with("://"))
        {
            self.token = at + 1;
        }
        self.line.begun = true;
        self.sign = byte;
    }

    /// True for a `#` that begins a comment: after a blank, unless a quote is open.
    fn is_remark(&self, before: Option<u8>) -> bool {
        matches!(before, Some(b' ' | b'\t')) && self.line.quotes.is_multiple_of(2)
    }

    fn end_line(&mut self, at: usize) {
        self.line = Line { start: at + 1, ..Line::default() };
        (self.token, self.argument) = (at + 1, at + 1);
        if !self.text[..at].trim_end_matches('\r').ends_with('\\') {
            self.end_command();
            self.before = None;
            if !matches!(self.sign, b',' | b'{' | b'[') {
                self.sign = b'\n';
            }
        }
    }

    /// What is printed and written again, by the same text, is not only read: `kubectl get -o yaml | kubectl apply -f -`.
    fn finish(mut self) -> Vec<Word> {
        self.end_command();
        for printed in self.printed.into_iter().filter(|_| self.writes) {
            self.found[printed].iter_mut().for_each(|word| word.read = false);
        }
        self.found
    }

    fn end_command(&mut self) {
        self.writes |= self.command.writes_objects();
        if self.command.prints_objects() && self.first_of_command < self.found.len() {
            self.printed.push(self.first_of_command..self.found.len());
        }
        self.command = Command::default();
        self.first_of_command = self.found.len();
    }

    /// Reads the heading of a section, such as `[kubernetes.secrets]`, alone on its line. False for anything else.
    fn section(&mut self, at: usize) -> bool {
        let rest = &self.text[at..];
        let line = rest[..rest.find('\n').unwrap_or(rest.len())].trim_end();
        if line.len() > LONGEST_SECTION {
            return false;
        }
        let Some(name) = line.trim_start_matches('[').strip_suffix(']') else { return false };
        let name = name.trim_end_matches(']');
        if name.is_empty() || !name.bytes().all(|byte| is_word(byte) || byte == b'"') {
            return false;
        }
        self.outline.section(nouns::field(name.trim_matches('"')));
        true
    }

    fn run(&mut self, run: Range<usize>) {
        let raw = &self.text[run.clone()];
        if !self.line.begun && self.dash(raw, run.start) {
            return;
        }
        let word = raw.trim_end_matches(['.', '-']);
        // `${SECRET_NAME:-web}`
        let skipped = usize::from(raw.starts_with('-') && self.sign == b':' && self.glued(run.start));
        let start = run.start + skipped.min(word.len());
        let range = start..run.start + word.len();
        if !range.is_empty() {
            self.word(range, run.end);
        }
        self.line.begun = true;
        self.sign = b'w';
    }

    /// Reads the dash of a list item, or the separator of two documents. False for anything else.
    fn dash(&mut self, raw: &str, at: usize) -> bool {
        let column = at - self.line.start;
        if raw == "---" && column == 0 {
            self.outline.clear();
        } else if raw != "-" {
            return false;
        } else {
            self.line.dash = Some(column);
            self.outline.item(column);
        }
        self.token = at + raw.len();
        true
    }

    /// True for `&name` and `!!str` after a blank, where YAML has anchors and tags before a value.
    fn is_anchor_or_tag(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches('!');
        let tag = before.len() < at && at - before.len() <= 2;
        let sign = if tag { Some(before) } else { before.strip_suffix('&') };
        self.sign != b'w' && sign.is_some_and(|before| before.ends_with(": ") || before.ends_with("- "))
    }

    fn glued(&self, at: usize) -> bool {
        at > 0 && self.text.as_bytes()[at - 1] == b':'
    }

    fn word(&mut self, range: Range<usize>, end: usize) {
        let word = &self.text[range.clone()];
        if self.line.comment {
            return self.note(range, Said::NoName);
        }
        if self.is_anchor_or_tag(range.start) {
            return self.note(range, Said::NoName);
        }
        let gap = self.gap(range.start);
        let role = self.role(word);
        let key = key_sign(self.text, end);
        let first = !self.line.begun;
        let field = self.outline.patched(word).or_else(|| nouns::field(word.trim_start_matches('-')));
        let mut field = field.or_else(|| self.indexed(word, range.start));
        let said = self.said(&range, gap, role, first && key.is_none());
        self.note_all(word, range.start, said);
        if let Some(sign) = key {
            self.key(range.start, word, field, sign, first);
            field = field.or_else(|| self.outline.implied(word).filter(|_| sign == b':'));
        }
        self.kind_value(word, gap);
        self.remember(range, gap, field, said);
    }
}

/// Returns the sign after the word that ends at `end` if it makes the word a key: `name:`, `"name" :`, `name = `.
fn key_sign(text: &str, end: usize) -> Option<u8> {
    let rest = &text.as_bytes()[end..];
    let quoted = matches!(rest.first(), Some(b'"' | b'\''));
    let rest = &rest[usize::from(quoted)..];
    let blanks = rest.iter().take(LONGEST_GAP).take_while(|byte| **byte == b' ').count();
    match (rest.get(blanks)?, rest.get(blanks + 1)) {
        (b':', next) => (quoted || next.is_none_or(u8::is_ascii_whitespace)).then_some(b':'),
        (b'=', next) => (next != Some(&b'=')).then_some(b'='),
        _ => None,
    }
}

/// The length in bytes of the longest heading of a section.
const LONGEST_SECTION: usize = 256;
