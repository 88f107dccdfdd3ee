//! Flow collections, `{...}` and `[...]`, on one line or over several: JSON above all.
//!
//! Only what both YAML and common sense agree on: each key with a value on the same line, no comma too many, no
//! comment within.

use super::scanner::{MAX_DEPTH, MAX_KEY, Scalar, Scanner, is_separator};
use crate::yaml::tree::{Kind, NodeId};

impl<'s> Scanner<'_, 's> {
    /// Reads the collection whose opening bracket is here, up to and including its closing bracket.
    pub(super) fn flow(&mut self) -> Option<()> {
        let mut open: Vec<(NodeId, u8)> = Vec::new();
        loop {
            let opened = match self.peek()? {
                b'{' => Some((self.open(Kind::Mapping(true), self.at), b'}')),
                b'[' => Some((self.open(Kind::Sequence, self.at), b']')),
                _ => None,
            };
            if let Some(collection) = opened {
                self.at += 1;
                self.gap()?;
                open.push(collection);
                if open.len() > MAX_DEPTH {
                    return None;
                }
                if self.peek()? != collection.1 {
                    self.flow_key(collection.1)?;
                    continue;
                }
            } else {
                let scalar = self.flow_scalar()?;
                self.add(scalar);
            }
            self.after_node(&mut open)?;
            let Some((_, closing)) = open.last() else { return Some(()) };
            self.flow_key(*closing)?;
        }
    }

    /// Closes what ends after a node; stops after a comma or when nothing is left open.
    fn after_node(&mut self, open: &mut Vec<(NodeId, u8)>) -> Option<()> {
        while let Some(&(id, closing)) = open.last() {
            self.gap()?;
            let byte = self.peek()?;
            self.at += 1;
            if byte == b',' {
                return self.gap();
            }
            if byte != closing {
                return None;
            }
            self.last_end = self.at;
            self.close(id, self.at);
            open.pop();
        }
        Some(())
    }

    /// Reads a key with its `:` when the innermost collection is a mapping.
    fn flow_key(&mut self, closing: u8) -> Option<()> {
        if closing != b'}' {
            return Some(());
        }
        let quoted = matches!(self.peek()?, b'"' | b'\'');
        if self.is_json && !quoted {
            return None;
        }
        let key = self.flow_scalar()?;
        self.flow_blanks();
        let separated = quoted || is_separator(self.peek_next());
        if self.peek()? != b':'
            || !separated
            || !key.one_line
            || (self.at - key.start > MAX_KEY && !self.is_json)
        {
            return None;
        }
        self.add(key);
        self.at += 1;
        self.gap()
    }

    fn flow_scalar(&mut self) -> Option<Scalar<'s>> {
        match self.peek()? {
            _ if self.is_json => self.json_scalar(),
            b'"' | b'\'' => self.quoted(),
            _ => self.plain(true),
        }
    }

    /// Skips blanks and line breaks.
    fn gap(&mut self) -> Option<()> {
        loop {
            self.flow_blanks();
            if !matches!(self.peek()?, b'\n' | b'\r') {
                return Some(());
            }
            self.line_break();
            if self.at_marker() {
                return None;
            }
        }
    }

    /// Tabs are blanks as long as no block is around, whose indentation they might be.
    fn flow_blanks(&mut self) {
        let tabs = self.levels.is_empty();
        self.spaces();
        while tabs && self.peek() == Some(b'\t') {
            self.at += 1;
            self.spaces();
        }
    }
}
