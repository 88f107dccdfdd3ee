//! Flow collections, `{...}` and `[...]`, on one line or on several: mostly JSON.
//!
//! Supports only the usual forms: each key has a value and a `:` on the same line, and there are no extra commas and no
//! comments.

use super::scanner::{MAX_DEPTH, MAX_KEY, Scalar, Scanner, is_separator};
use crate::yaml::node::Form;

impl Scanner<'_, '_> {
    /// Reads the collection whose opening bracket is at the current position, up to and including its closing bracket.
    pub(super) fn flow(&mut self) -> Option<()> {
        self.flows.clear();
        loop {
            let (form, closing) = match self.peek()? {
                b'{' => (Form::FlowMapping, b'}'),
                b'[' => (Form::Sequence, b']'),
                _ => {
                    let scalar = match self.simple_quoted() {
                        Some(scalar) => {
                            self.at = scalar.end as usize;
                            scalar
                        }
                        None => self.flow_scalar()?,
                    };
                    self.add(scalar);
                    if !self.after_node()? {
                        return Some(());
                    }
                    continue;
                }
            };
            let node = self.open(form, self.at);
            self.flows.push((node, closing));
            self.at += 1;
            self.gap()?;
            if self.flows.len() > MAX_DEPTH {
                return None;
            }
            if self.peek()? != closing {
                self.flow_key(closing)?;
            } else if !self.after_node()? {
                return Some(());
            }
        }
    }

    /// Closes the collections that end after a node, and reads the next key. Returns false if no collection is open.
    fn after_node(&mut self) -> Option<bool> {
        while let Some(&(id, closing)) = self.flows.last() {
            self.gap()?;
            let byte = self.peek()?;
            self.at += 1;
            if byte == b',' {
                self.gap()?;
                self.flow_key(closing)?;
                return Some(true);
            }
            if byte != closing {
                return None;
            }
            self.last_end = self.at;
            self.close(id, self.at);
            self.flows.pop();
        }
        Some(false)
    }

    /// Reads a key with its `:` if the innermost collection is a mapping.
    pub(super) fn flow_key(&mut self, closing: u8) -> Option<()> {
        if closing != b'}' {
            return Some(());
        }
        if let Some(key) = self.simple_quoted().filter(|key| self.bytes.get(key.end as usize) == Some(&b':'))
            && (key.end - key.start) as usize <= MAX_KEY
        {
            self.add(key);
            self.at = key.end as usize + 1;
            return self.gap();
        }
        let quoted = matches!(self.peek()?, b'"' | b'\'');
        if self.is_json && !quoted {
            return None;
        }
        let key = self.flow_scalar()?;
        if self.is_json {
            self.gap()?;
        } else if self.peek()? != b':' {
            self.flow_blanks();
        }
        let separated = quoted || is_separator(self.peek_next());
        if self.peek()? != b':'
            || !separated
            || !key.one_line
            || (self.at - key.start as usize > MAX_KEY && !self.is_json)
        {
            return None;
        }
        self.add(key);
        self.at += 1;
        self.gap()
    }

    /// Returns the double-quoted scalar at the current position if its text is a slice of the source, as for most in
    /// JSON. Does not move.
    #[inline]
    fn simple_quoted(&mut self) -> Option<Scalar> {
        if self.peek()? != b'"' || self.is_json {
            return None;
        }
        let end = self.quoted_stops.next(self.bytes, self.at + 1);
        (self.bytes.get(end) == Some(&b'"')).then(|| Scalar::as_written(Form::Double, self.at, end + 1))
    }

    fn flow_scalar(&mut self) -> Option<Scalar> {
        match self.peek()? {
            _ if self.is_json => self.json_scalar(),
            b'"' | b'\'' => self.quoted(),
            _ => self.flow_plain(),
        }
    }

    /// Skips blanks and line breaks.
    #[inline]
    pub(super) fn gap(&mut self) -> Option<()> {
        // There is no gap, or only the space after a colon.
        if self.peek() == Some(b' ') && self.peek_next() > Some(b' ') {
            self.at += 1;
        }
        if self.peek()? > b' ' { Some(()) } else { self.wide_gap() }
    }

    fn wide_gap(&mut self) -> Option<()> {
        loop {
            match self.peek()? {
                b'\n' => {
                    self.at += 1;
                    if self.at_marker() {
                        return None;
                    }
                }
                b'\r' => self.at += 1,
                b' ' => self.at = self.indentation.next(self.bytes, self.at),
                b'\t' if self.levels.is_empty() => self.at += 1,
                _ => return Some(()),
            }
        }
    }

    /// Skips blanks. A tab is a blank only outside of block collections, where it cannot be indentation.
    fn flow_blanks(&mut self) {
        self.at = self.indentation.next(self.bytes, self.at);
        while self.peek() == Some(b'\t') && self.levels.is_empty() {
            self.at = self.indentation.next(self.bytes, self.at + 1);
        }
    }
}
