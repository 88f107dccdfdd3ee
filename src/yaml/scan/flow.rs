//! Flow collections, `{...}` and `[...]`, on one line or on several: mostly JSON.
//!
//! Supports only the usual forms: each key has a value and a `:` on the same line, and there are no extra commas and no
//! comments.

use super::scanner::{MAX_DEPTH, MAX_KEY, Scalar, Scanner, is_separator};
use crate::yaml::node::Form;

/// What comes next in a flow collection.
enum Next {
    /// A value is at the current position.
    Value,
    /// A node is complete. A comma or a closing bracket follows.
    End,
}

impl Scanner<'_, '_> {
    /// Reads the collection whose opening bracket is at the current position, up to and including its closing bracket.
    pub(super) fn flow(&mut self) -> Option<()> {
        self.flows.clear();
        let mut next = Next::Value;
        loop {
            next = match next {
                Next::Value => self.flow_value()?,
                Next::End => match self.after_node()? {
                    Some(next) => next,
                    None => return Some(()),
                },
            };
        }
    }

    /// Reads a scalar, or an opening bracket.
    fn flow_value(&mut self) -> Option<Next> {
        let (form, closing) = match self.peek()? {
            b'{' => (Form::FlowMapping, b'}'),
            b'[' => (Form::Sequence, b']'),
            _ => {
                let scalar = self.flow_scalar()?;
                self.add(scalar);
                return Some(Next::End);
            }
        };
        let node = self.open(form, self.at);
        self.flows.push((node, closing));
        self.at += 1;
        self.gap()?;
        if self.flows.len() > MAX_DEPTH {
            return None;
        }
        if self.peek()? == closing { Some(Next::End) } else { self.flow_item(closing) }
    }

    /// Closes the collections that end after a node, and reads the next key. Returns `None` in `Some` if no collection
    /// is open.
    fn after_node(&mut self) -> Option<Option<Next>> {
        while let Some(&(id, closing)) = self.flows.last() {
            self.gap()?;
            let byte = self.peek()?;
            self.at += 1;
            if byte == b',' {
                self.gap()?;
                return self.flow_item(closing).map(Some);
            }
            if byte != closing {
                return None;
            }
            self.last_end = self.at;
            self.close(id, self.at);
            self.flows.pop();
        }
        Some(None)
    }

    /// Reads a key if the innermost collection is a mapping, and with it all entries up to the first one with a value that
    /// is not in quotes.
    #[inline]
    fn flow_item(&mut self, closing: u8) -> Option<Next> {
        if closing != b'}' {
            return Some(Next::Value);
        }
        loop {
            let start = self.at;
            let Some((first, quote)) = self.simple_quoted(start) else { break };
            let Some([b'"', b':', b' ', behind]) = self.bytes.get(quote..).and_then(<[u8]>::first_chunk)
            else {
                break;
            };
            if *behind <= b' ' || quote - start > MAX_KEY {
                break;
            }
            let key = self.cell(Form::Double, start..quote + 1, first);
            self.at = quote + "\": ".len();
            match self.simple_quoted(self.at) {
                Some((first, quote)) => {
                    let value = self.cell(Form::Double, self.at..quote + 1, first);
                    self.tree.push_cells([key, value]);
                    self.at = quote + 1;
                }
                None => {
                    self.tree.push_cells([key]);
                    if *behind != b'"' {
                        return Some(Next::Value);
                    }
                    self.quoted_value()?;
                }
            }
            if self.peek()? != b',' {
                return Some(Next::End);
            }
            self.at += 1;
            self.gap()?;
        }
        self.flow_key()?;
        Some(Next::Value)
    }

    #[inline(never)]
    fn quoted_value(&mut self) -> Option<()> {
        let value = self.quoted()?;
        self.add(value);
        Some(())
    }

    /// Returns the first byte and the offset of the closing quote of the double-quoted scalar that begins at `start` if
    /// its text is a slice of the source, as for most in JSON. Does not move.
    #[inline(always)]
    fn simple_quoted(&mut self, start: usize) -> Option<(u8, usize)> {
        let [b'"', first] = *self.bytes.get(start..)?.first_chunk()? else { return None };
        if self.is_json {
            return None;
        }
        let mut end = self.stops.next(self.bytes, start + 1);
        loop {
            match self.bytes.get(end)? {
                b'"' => return Some((first, end)),
                b':' | b'#' => end = self.stops.next(self.bytes, end + 1),
                _ => return None,
            }
        }
    }

    /// Reads a key with its `:`.
    pub(super) fn flow_key(&mut self) -> Option<()> {
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

    #[inline]
    fn flow_scalar(&mut self) -> Option<Scalar> {
        match self.peek()? {
            _ if self.is_json => self.json_scalar(),
            b'"' | b'\'' => self.quoted(),
            _ => self.flow_plain(),
        }
    }

    /// Skips blanks and line breaks.
    #[inline(always)]
    pub(super) fn gap(&mut self) -> Option<()> {
        if self.peek()? > b' ' { Some(()) } else { self.any_gap() }
    }

    #[inline(never)]
    fn any_gap(&mut self) -> Option<()> {
        // Nearly always the space after a colon, or a line break and indentation.
        match (self.peek()?, self.peek_next()) {
            (b' ', Some(b'!'..)) => self.at += 1,
            (b'\n', Some(b' ')) => self.at += 1 + self.spaces_at(self.at + 1),
            _ => {}
        }
        if self.peek()? > b' ' { Some(()) } else { self.wide_gap() }
    }

    #[cold]
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
                b' ' => self.at += self.spaces_at(self.at),
                b'\t' if self.levels.is_empty() => self.at += 1,
                _ => return Some(()),
            }
        }
    }

    /// Skips blanks. A tab is a blank only outside of block collections, where it cannot be indentation.
    fn flow_blanks(&mut self) {
        self.spaces();
        while self.peek() == Some(b'\t') && self.levels.is_empty() {
            self.at += 1;
            self.spaces();
        }
    }
}
