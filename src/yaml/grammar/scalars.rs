//! Plain and quoted scalars, on one line or folded over several.

use super::fault::Fault;
use super::tokens::{Kind, Token, Tokens};
use crate::yaml::escape::unescape;
use crate::yaml::node::Style;
use std::borrow::Cow;

/// Blanks and line breaks between two pieces of a scalar.
#[derive(Default)]
struct Gap<'s> {
    blanks: &'s str,
    /// True if it contains a line break.
    folded: bool,
    first: &'s str,
    more: String,
}

/// Text that is borrowed as long as it is a slice of the source.
struct Text<'s> {
    source: &'s str,
    text: Cow<'s, str>,
    start: usize,
}

impl<'s> Tokens<'s> {
    pub(super) fn plain(&mut self) -> Result<(), Fault> {
        self.save_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark.at;
        let indent = self.indent + 1;
        let mut text = Text::new(self.cursor.text, start);
        let mut gap = Gap::default();
        let mut end = start;
        while !self.cursor.at_marker() && self.cursor.peek(0) != b'#' {
            let from = self.cursor.mark.at;
            while !self.cursor.is_separator(0) && !self.ends_plain() {
                self.cursor.skip();
            }
            if self.cursor.mark.at > from {
                text.join(&gap, from);
                text.take(from, self.cursor.mark.at);
                gap = Gap::default();
                end = self.cursor.mark.at;
            }
            if !self.cursor.is_blank(0) && !self.cursor.is_break(0) {
                break;
            }
            self.gap(&mut gap, Some(indent))?;
            if !self.in_flow() && self.cursor.mark.column.cast_signed() < indent {
                break;
            }
        }
        self.key_allowed |= gap.folded;
        self.add(Token { kind: Kind::Scalar(Style::Plain, text.text), start, end });
        Ok(())
    }

    pub(super) fn quoted(&mut self) -> Result<(), Fault> {
        self.save_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark.at;
        let quote = self.cursor.peek(0);
        self.cursor.skip();
        let mut text = Text::new(self.cursor.text, start + 1);
        loop {
            if self.cursor.at_marker() {
                return Err(self.fault("found a document marker within quotes"));
            }
            if self.cursor.is_end(0) {
                return Err(Fault::new(start, "the quotes that open here are not closed"));
            }
            let mut gap = Gap { folded: self.quoted_part(quote, &mut text)?, ..Gap::default() };
            if self.cursor.peek(0) == quote {
                break;
            }
            self.gap(&mut gap, None)?;
            text.join(&gap, self.cursor.mark.at);
        }
        self.cursor.skip();
        let style = if quote == b'"' { Style::Double } else { Style::Single };
        self.push(Kind::Scalar(style, text.text), start);
        Ok(())
    }

    /// Reads to the next blank, line break or closing quote. Returns true after an escaped line break.
    fn quoted_part(&mut self, quote: u8, text: &mut Text<'s>) -> Result<bool, Fault> {
        while !self.cursor.is_separator(0) {
            let from = self.cursor.mark.at;
            match self.cursor.peek(0) {
                b'\'' if quote == b'\'' && self.cursor.peek(1) == b'\'' => {
                    (0..2).for_each(|_| self.cursor.skip());
                    text.push('\'');
                }
                byte if byte == quote => return Ok(false),
                b'\\' if quote == b'"' && self.cursor.is_break(1) => {
                    self.cursor.skip();
                    self.cursor.skip_break();
                    text.own();
                    return Ok(true);
                }
                b'\\' if quote == b'"' => {
                    let read = unescape(self.cursor.rest().as_bytes());
                    let (character, width) = read.map_err(|message| self.fault(message))?;
                    (0..width).for_each(|_| self.cursor.skip());
                    text.push(character);
                }
                _ => {
                    self.cursor.skip();
                    text.take(from, self.cursor.mark.at);
                }
            }
        }
        Ok(false)
    }

    /// True at a character that ends a plain scalar. kubectl also ends one at a `?` in brackets, but then refuses the
    /// document.
    fn ends_plain(&self) -> bool {
        match self.cursor.peek(0) {
            b':' => self.cursor.is_separator(1),
            b',' | b'[' | b']' | b'{' | b'}' => self.in_flow(),
            _ => false,
        }
    }

    /// Skips blanks and line breaks, and adds them to `gap`.
    fn gap(&mut self, gap: &mut Gap<'s>, indent: Option<isize>) -> Result<(), Fault> {
        loop {
            let from = self.cursor.mark.at;
            if self.cursor.is_blank(0) {
                let shallow = indent.is_some_and(|indent| self.cursor.mark.column.cast_signed() < indent);
                if gap.folded && shallow && self.cursor.peek(0) == b'\t' {
                    return Err(self.fault("found a tab where indentation is expected"));
                }
                self.cursor.skip();
                if !gap.folded {
                    gap.blanks = self
                        .cursor
                        .text
                        .get(from - gap.blanks.len()..self.cursor.mark.at)
                        .unwrap_or_default();
                }
            } else if !self.cursor.is_break(0) {
                return Ok(());
            } else if gap.folded {
                gap.more.push_str(self.cursor.skip_break());
            } else {
                gap.first = self.cursor.skip_break();
                gap.folded = true;
            }
        }
    }
}

impl<'s> Text<'s> {
    fn new(source: &'s str, start: usize) -> Self {
        Text { source, text: Cow::Borrowed(""), start }
    }

    /// Appends a piece of the source.
    fn take(&mut self, from: usize, to: usize) {
        match &mut self.text {
            Cow::Borrowed(text) => *text = self.source.get(self.start..to).unwrap_or_default(),
            Cow::Owned(text) => text.push_str(self.source.get(from..to).unwrap_or_default()),
        }
    }

    fn push(&mut self, character: char) {
        self.own().push(character);
    }

    fn own(&mut self) -> &mut String {
        self.text.to_mut()
    }

    /// Appends the text of a gap that ends at `end`.
    fn join(&mut self, gap: &Gap<'s>, end: usize) {
        if !gap.folded {
            return self.take(end - gap.blanks.len(), end);
        }
        let text = self.own();
        match gap.first {
            "\n" if gap.more.is_empty() => text.push(' '),
            "\n" => text.push_str(&gap.more),
            first => {
                text.push_str(first);
                text.push_str(&gap.more);
            }
        }
    }
}
