//! Block structure: lines, their columns, and the mappings and sequences that these define.
//!
//! Reads no scalars itself.

use super::scanner::{Level, MAX_DEPTH, MAX_KEY, Scalar, Scanner, is_separator};
use crate::yaml::node::Form;

impl Scanner<'_, '_> {
    /// Reads the whole document.
    pub(super) fn document(&mut self) -> Option<()> {
        let mut known = None;
        while let Some(column) = known.or_else(|| self.next_line()) {
            if column == 0 && self.at_marker() {
                return None;
            }
            while self.levels.last().is_some_and(|level| level.column > column) {
                self.close_level();
            }
            known = self.line(column)?;
        }
        while !self.levels.is_empty() {
            self.close_level();
        }
        Some(())
    }

    /// Moves to the next line with more than a comment, and returns its column.
    fn next_line(&mut self) -> Option<usize> {
        loop {
            let column = self.spaces();
            match self.peek()? {
                b'#' => self.skip_to_line_end(),
                b'\n' | b'\r' => {}
                _ => return Some(column),
            }
            self.line_break();
        }
    }

    /// Reads a line, and all further lines of a scalar or flow collection that begins on it. Returns the column of the
    /// next line if it is already known; then the current position is at its text.
    fn line(&mut self, column: usize) -> Option<Option<usize>> {
        let mut column = column;
        while self.peek() == Some(b'-') && is_separator(self.peek_next()) {
            column += self.dash(column)?;
            if self.at_line_end() {
                return Some(None);
            }
        }
        if let Some(next) = self.simple_line(column) {
            return Some(next);
        }
        self.any_line(column)?;
        Some(self.ahead.take())
    }

    fn any_line(&mut self, column: usize) -> Option<()> {
        match self.peek()? {
            b'{' | b'[' | b'|' | b'>' => {
                self.take_place(column)?;
                self.value()
            }
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                self.spaces();
                self.key_or_value(column, scalar)
            }
            _ => {
                let scalar = self.plain()?;
                self.key_or_value(column, scalar)
            }
        }
    }

    /// Reads a dash and the spaces after it, and returns their width.
    fn dash(&mut self, column: usize) -> Option<usize> {
        let dash = self.at;
        self.at += 1;
        let mark = self.at;
        let width = 1 + self.spaces();
        if self.peek() == Some(b'#') {
            self.skip_to_line_end();
        }
        match self.levels.last_mut() {
            Some(level) if level.column == column && level.sequence => {
                if let Some(absent) = level.awaits.replace(mark) {
                    self.add_absent(absent);
                }
            }
            Some(level) if level.column == column => {
                // A sequence that is not indented under its key.
                level.awaits.take()?;
                self.open_level(Form::Sequence, dash, column, Some(mark))?;
            }
            _ => {
                self.take_place(column)?;
                self.open_level(Form::Sequence, dash, column, Some(mark))?;
            }
        }
        Some(width)
    }

    fn key_or_value(&mut self, column: usize, scalar: Scalar) -> Option<()> {
        if self.peek() == Some(b':') && is_separator(self.peek_next()) {
            return self.key(column, scalar);
        }
        self.take_place(column)?;
        self.finish_value(scalar)
    }

    fn key(&mut self, column: usize, scalar: Scalar) -> Option<()> {
        let colon = self.at;
        if !scalar.one_line || colon - scalar.start as usize > MAX_KEY {
            return None;
        }
        if self.levels.last().is_some_and(|level| level.sequence && level.column == column) {
            self.close_level();
        }
        match self.levels.last_mut() {
            Some(level) if level.column == column && !level.sequence => {
                if let Some(absent) = level.awaits.replace(colon) {
                    self.add_absent(absent);
                }
            }
            _ => {
                self.take_place(column)?;
                self.open_level(Form::BlockMapping, scalar.start as usize, column, Some(colon))?;
            }
        }
        self.add(scalar);
        self.at += 1;
        self.spaces();
        if self.peek() == Some(b'#') {
            self.skip_to_line_end();
        }
        if self.at_line_end() {
            return Some(());
        }
        self.levels.last_mut()?.awaits = None;
        self.value()
    }

    /// Reads a node that cannot be a key.
    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            b'|' | b'>' => {
                let column = self.levels.last()?.column;
                self.block_scalar(column)
            }
            b'{' | b'[' => {
                self.flow()?;
                self.line_rest()
            }
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                self.finish_value(scalar)
            }
            _ => {
                let scalar = self.plain()?;
                self.finish_value(scalar)
            }
        }
    }

    fn finish_value(&mut self, scalar: Scalar) -> Option<()> {
        let column = self.levels.last()?.column;
        if scalar.form != Form::Plain {
            self.add(scalar);
            return self.line_rest();
        }
        let scalar = self.continued(scalar, column)?;
        self.add(scalar);
        if self.ahead.is_some() { Some(()) } else { self.line_rest() }
    }

    /// Reserves the place for a node in this column. `None` if no node is allowed there, or if there already is one.
    fn take_place(&mut self, column: usize) -> Option<()> {
        match self.levels.last_mut() {
            None => self.tree.root().is_none().then_some(()),
            Some(level) if level.column < column => level.awaits.take().map(|_| ()),
            Some(_) => None,
        }
    }

    pub(super) fn open_level(
        &mut self,
        form: Form,
        start: usize,
        column: usize,
        awaits: Option<usize>,
    ) -> Option<()> {
        if self.levels.len() >= MAX_DEPTH {
            return None;
        }
        let node = self.open(form, start);
        self.levels.push(Level { column, node, sequence: form == Form::Sequence, awaits });
        Some(())
    }

    fn close_level(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        if let Some(absent) = level.awaits {
            self.add_absent(absent);
        }
        self.close(level.node, self.last_end);
    }

    /// Skips spaces and a comment after a value.
    pub(super) fn line_rest(&mut self) -> Option<()> {
        if self.at_line_end() {
            return Some(());
        }
        self.spaces();
        let separated = matches!(self.bytes.get(self.at.wrapping_sub(1)), Some(b' ' | b'\t'));
        if self.peek() == Some(b'#') && separated {
            self.skip_to_line_end();
        }
        self.at_line_end().then_some(())
    }
}
