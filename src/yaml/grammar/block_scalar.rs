//! Literal (`|`) and folded (`>`) scalars.

use super::fault::Fault;
use super::tokens::{Kind, Tokens};
use crate::yaml::node::Style;
use std::borrow::Cow;

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Tokens<'_> {
    pub(super) fn block_scalar(&mut self) -> Result<(), Fault> {
        self.drop_candidate()?;
        self.key_allowed = true;
        let start = self.cursor.mark.at;
        let folds = self.cursor.peek(0) == b'>';
        let (chomping, increment) = self.block_header()?;
        let mut indent = increment.map(|increment| self.indent.max(0).cast_unsigned() + increment);
        let mut breaks = self.block_breaks(&mut indent)?;
        let (mut text, mut last, mut was_indented) = (String::new(), "", false);
        while Some(self.cursor.mark.column) == indent && !self.cursor.is_end(0) {
            let is_indented = self.cursor.is_blank(0);
            let joins = folds && !was_indented && !is_indented && last == "\n";
            match joins {
                true if breaks.is_empty() => text.push(' '),
                true => {}
                false => text.push_str(last),
            }
            text.push_str(&breaks);
            was_indented = is_indented;
            let from = self.cursor.mark.at;
            self.cursor.skip_to_break();
            text.push_str(self.cursor.since(from));
            last = self.cursor.skip_break();
            // kubectl ends every line, so the last one counts as ended too.
            last = if last.is_empty() { "\n" } else { last };
            breaks = self.block_breaks(&mut indent)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(last);
        }
        if chomping == Chomping::Keep {
            text.push_str(&breaks);
        }
        self.push(Kind::Scalar(Style::Block, Cow::Owned(text)), start);
        Ok(())
    }

    /// Reads the first line. Returns the chomping, and the indentation relative to the parent if it is given.
    fn block_header(&mut self) -> Result<(Chomping, Option<usize>), Fault> {
        let (mut chomping, mut increment) = (None, None);
        self.cursor.skip();
        for _ in 0..2 {
            match self.cursor.peek(0) {
                b'+' if chomping.is_none() => chomping = Some(Chomping::Keep),
                b'-' if chomping.is_none() => chomping = Some(Chomping::Strip),
                b'0' if increment.is_none() => return Err(self.fault("an indentation of 0 is not possible")),
                digit @ b'1'..=b'9' if increment.is_none() => increment = Some(usize::from(digit - b'0')),
                _ => break,
            }
            self.cursor.skip();
        }
        self.cursor.skip_blanks();
        if self.cursor.peek(0) == b'#' {
            self.cursor.skip_to_break();
        }
        if !self.cursor.is_break_or_end(0) {
            return Err(self.fault("text follows `|` or `>` on the same line"));
        }
        self.cursor.skip_break();
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    /// Skips indentation and empty lines, and sets `indent` if it is not known yet. Returns the line breaks.
    fn block_breaks(&mut self, indent: &mut Option<usize>) -> Result<String, Fault> {
        let mut breaks = String::new();
        let mut deepest = 0;
        loop {
            let is_fresh = self.cursor.mark.column == 0;
            let within = |column: usize| indent.is_none_or(|indent| column < indent);
            while within(self.cursor.mark.column) && self.cursor.peek(0) == b' ' {
                self.cursor.skip();
            }
            deepest = deepest.max(self.cursor.mark.column);
            if within(self.cursor.mark.column) && self.cursor.peek(0) == b'\t' {
                return Err(self.fault("found a tab where indentation is expected"));
            }
            if !self.cursor.is_break(0) {
                // kubectl ends every line, so blanks at the very end are an empty line.
                let ends_line = is_fresh && self.cursor.is_end(0) && self.cursor.mark.column > 0;
                breaks.push_str(if ends_line { "\n" } else { "" });
                break;
            }
            breaks.push_str(self.cursor.skip_break());
        }
        indent.get_or_insert(deepest.max((self.indent + 1).max(1).cast_unsigned()));
        Ok(breaks)
    }
}
