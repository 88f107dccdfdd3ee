//! Where the reader is in the text, and the nodes that it has added so far.
//!
//! Knows characters and lines. What they mean is for `block`, `flow` and the readers of scalars.

use crate::text::source::Span;
use crate::yaml::tree::{Kind, NodeId, Style, Tree};
use std::borrow::Cow;

/// Collections within each other, below the limit of 255 for all documents.
pub(super) const MAX_DEPTH: usize = 200;

/// Bytes from the start of a key to its `:`. YAML has the limit, in characters.
pub(super) const MAX_KEY: usize = 1024;

/// Reads on from `at`. Every method that gives `None` has met something outside the subset.
pub(super) struct Scanner<'t, 's> {
    pub(super) text: &'s str,
    pub(super) bytes: &'s [u8],
    pub(super) base: usize,
    pub(super) at: usize,
    /// Where the node that was added last ends; a block collection that closes ends there too.
    pub(super) last_end: usize,
    /// The block collections that are open, outermost first.
    pub(super) levels: Vec<Level>,
    /// True when scalars are read by the rules of JSON.
    pub(super) is_json: bool,
    pub(super) tree: &'t mut Tree<'s>,
}

/// A block mapping or sequence that is open.
pub(super) struct Level {
    /// Where its keys or dashes are.
    pub(super) column: usize,
    pub(super) node: NodeId,
    pub(super) sequence: bool,
    /// While the value of a key, or an item, is still to come: where an absent one would be.
    pub(super) awaits: Option<usize>,
}

/// A scalar that was read and is not in the tree yet: it may turn out to be a key.
pub(super) struct Scalar<'s> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) style: Style,
    pub(super) text: Cow<'s, str>,
    pub(super) one_line: bool,
}

impl<'t, 's> Scanner<'t, 's> {
    pub(super) fn new(text: &'s str, base: u32, at: usize, is_json: bool, tree: &'t mut Tree<'s>) -> Self {
        tree.clear(text, base);
        let (bytes, base) = (text.as_bytes(), base as usize);
        Scanner { text, bytes, base, at, last_end: 0, levels: Vec::new(), is_json, tree }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn peek_next(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    /// Skips spaces and tells how many there were.
    pub(super) fn spaces(&mut self) -> usize {
        let count = self.spaces_ahead();
        self.at += count;
        count
    }

    /// How many spaces are here. Eight at a time: a sixth of a manifest is indentation, and half of a JSON list.
    pub(super) fn spaces_ahead(&self) -> usize {
        const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (eights, last) = rest.as_chunks::<8>();
        for (at, eight) in eights.iter().enumerate() {
            let others = u64::from_le_bytes(*eight) ^ SPACES;
            if others != 0 {
                return 8 * at + others.trailing_zeros() as usize / 8;
            }
        }
        8 * eights.len() + last.iter().take_while(|byte| **byte == b' ').count()
    }

    /// Skips one line break, if there is one here.
    pub(super) fn line_break(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
    }

    /// Goes to the line break that ends this line, or to the end of the text.
    pub(super) fn skip_to_line_end(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let line = memchr::memchr(b'\n', rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
        self.at += line.strip_suffix(b"\r").unwrap_or(line).len();
    }

    /// True at the start of a line that ends a document.
    pub(super) fn at_marker(&self) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"---") || rest.starts_with(b"..."))
    }

    pub(super) fn add(&mut self, scalar: Scalar<'s>) {
        if scalar.style == Style::Plain && scalar.text == "<<" {
            self.tree.has_merges = true;
        }
        self.last_end = scalar.end;
        match scalar.text {
            Cow::Borrowed(_) if scalar.style != Style::Block => {
                self.push_as_written(Kind::Scalar(scalar.style), scalar.start, scalar.end);
            }
            text => {
                let span = self.span(scalar.start, scalar.end);
                self.tree.push(Kind::Scalar(scalar.style), span, text, None);
            }
        }
    }

    /// Adds a value that is not written.
    pub(super) fn add_absent(&mut self, at: usize) {
        self.last_end = at;
        self.push_as_written(Kind::Scalar(Style::Plain), at, at);
    }

    /// Adds a collection, which [`Scanner::close`] completes.
    pub(super) fn open(&mut self, kind: Kind, start: usize) -> NodeId {
        self.push_as_written(kind, start, start)
    }

    pub(super) fn close(&mut self, id: NodeId, end: usize) {
        let next = self.tree.next_id();
        let end = Span::new(0, self.base + end).end;
        if let Some(node) = self.tree.nodes.get_mut(id.0 as usize) {
            node.next = next;
            node.span.end = end;
        }
    }

    fn push_as_written(&mut self, kind: Kind, start: usize, end: usize) -> NodeId {
        let span = self.span(start, end);
        self.tree.push_as_written(kind, span)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start, self.base + end)
    }
}

/// True for a byte that parts one token from the next, and at the end of the text.
pub(super) fn is_separator(byte: Option<u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}
