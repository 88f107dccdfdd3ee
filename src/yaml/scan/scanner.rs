//! The position of the reader in the text, and the nodes that it has added.
//!
//! Knows characters and lines. `block`, `flow` and the readers of scalars interpret them.

use super::sets::{LineEnds, Stops};
use crate::text::bits::Seeker;
use crate::text::source::Span;
use crate::yaml::node::{Cell, Form, NodeId};
use crate::yaml::tree::Tree;
use std::ops::Range;

/// The maximum nesting of collections here, below the limit of 255 for all documents.
pub(super) const MAX_DEPTH: usize = 200;

/// The maximum number of bytes from the start of a key to its `:`. The limit of YAML is in characters.
pub(super) const MAX_KEY: usize = 1024;

/// The depth of open block collections that nearly no manifest exceeds.
const USUAL_DEPTH: usize = 16;

/// Reads from `at`. Every method that returns `None` has found something outside the subset.
pub(super) struct Scanner<'t, 's> {
    pub(super) text: &'s str,
    pub(super) bytes: &'s [u8],
    base: u32,
    pub(super) at: usize,
    /// The end of the last node, at which a closing block collection also ends.
    pub(super) last_end: usize,
    /// The column of the next line of text if it is already known; then `at` is at that text.
    pub(super) ahead: Option<usize>,
    /// The open block collections, outermost first.
    pub(super) levels: Vec<Level>,
    /// The open flow collections, each with its closing bracket.
    pub(super) flows: Vec<(NodeId, u8)>,
    /// True if scalars follow the rules of JSON.
    pub(super) is_json: bool,
    pub(super) tree: &'t mut Tree<'s>,
    /// Each seeker examines the text ahead once, 64 bytes at a time.
    pub(super) lines: Seeker<LineEnds>,
    pub(super) stops: Seeker<Stops>,
}

/// An open block mapping or sequence.
pub(super) struct Level {
    /// The column of its keys or dashes.
    pub(super) column: usize,
    pub(super) node: NodeId,
    pub(super) sequence: bool,
    /// The offset of an absent value, while the value of a key or an item has not been read; `None` otherwise.
    pub(super) awaits: Option<usize>,
}

/// A scalar that was read but is not in the tree yet, because it may be a key.
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    pub(super) start: u32,
    pub(super) end: u32,
    /// 0 if the text is what is between the quotes, else the value of
    /// [`Decoded::end`](crate::yaml::decoded::Decoded::end).
    pub(super) text: u32,
    pub(super) form: Form,
    pub(super) one_line: bool,
}

impl Scalar {
    /// Creates a scalar whose text is a slice of the source, from `start` up to `end`.
    pub(super) fn as_written(form: Form, start: usize, end: usize) -> Scalar {
        Scalar { start: offset(start), end: offset(end), text: 0, form, one_line: true }
    }
}

impl<'t, 's> Scanner<'t, 's> {
    pub(super) fn new(text: &'s str, base: u32, at: usize, is_json: bool, tree: &'t mut Tree<'s>) -> Self {
        tree.clear(text, base);
        Scanner {
            text,
            bytes: text.as_bytes(),
            base,
            at,
            last_end: 0,
            ahead: None,
            levels: Vec::with_capacity(USUAL_DEPTH),
            flows: Vec::new(),
            is_json,
            tree,
            lines: Seeker::new(),
            stops: Seeker::new(),
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn peek_next(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    /// Skips spaces and returns their number.
    pub(super) fn spaces(&mut self) -> usize {
        let count = self.spaces_at(self.at);
        self.at += count;
        count
    }

    /// Returns the number of spaces at `start`. Counts eight at a time: a sixth of a manifest and half of a JSON list is
    /// indentation.
    #[inline]
    pub(super) fn spaces_at(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(eight) = self.bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let spaces = leading_spaces(*eight);
            at += spaces;
            if spaces < 8 {
                return at - start;
            }
        }
        let rest = self.bytes.get(at..).unwrap_or_default();
        at - start + rest.iter().take_while(|byte| **byte == b' ').count()
    }

    /// Skips one line break, if there is one at the current position.
    #[inline]
    pub(super) fn line_break(&mut self) {
        match self.peek() {
            Some(b'\n') => self.at += 1,
            Some(b'\r') => self.at += 1 + usize::from(self.peek_next() == Some(b'\n')),
            _ => {}
        }
    }

    /// Moves to the line break that ends this line, or to the end of the text.
    pub(super) fn skip_to_line_end(&mut self) {
        let end = self.lines.next(self.bytes, self.at);
        self.at = if end > self.at && self.bytes.get(end - 1) == Some(&b'\r') { end - 1 } else { end };
    }

    /// True at the start of a line that ends a document.
    pub(super) fn at_marker(&self) -> bool {
        matches!(self.peek(), Some(b'-' | b'.'))
            && self
                .bytes
                .get(self.at..)
                .is_some_and(|rest| rest.starts_with(b"---") || rest.starts_with(b"..."))
    }

    pub(super) fn at_line_end(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b'\r'))
    }

    /// Adds a scalar. Inlined, because the call took as long as the work.
    #[inline(always)]
    pub(super) fn add(&mut self, scalar: Scalar) {
        let Scalar { start, end, form, text, .. } = scalar;
        let first = self.bytes.get((start + form.quote()) as usize).copied().unwrap_or_default();
        let cell = self.cell(form, start as usize..end as usize, first);
        if text == 0 { self.tree.push_cells([cell]) } else { self.tree.push_decoded(cell, text) }
    }

    /// Returns the node of a scalar that is added next. `first` is the byte at the beginning of its text.
    #[inline(always)]
    pub(super) fn cell(&mut self, form: Form, range: Range<usize>, first: u8) -> Cell {
        self.last_end = range.end;
        if first == b'<' && form == Form::Plain && self.bytes.get(range.clone()) == Some(b"<<") {
            self.tree.has_merges = true;
        }
        let start = self.base.wrapping_add(offset(range.start));
        let end = self.base.wrapping_add(offset(range.end));
        Cell::as_written(form, Span { start, end }, first)
    }

    /// Adds an absent value.
    #[inline(never)]
    pub(super) fn add_absent(&mut self, at: usize) {
        self.add(Scalar::as_written(Form::Plain, at, at));
    }

    /// Adds a collection. [`Scanner::close`] completes it.
    pub(super) fn open(&mut self, form: Form, start: usize) -> NodeId {
        self.tree.open(form, self.base.wrapping_add(offset(start)))
    }

    pub(super) fn close(&mut self, id: NodeId, end: usize) {
        self.tree.close(id, self.base.wrapping_add(offset(end)));
    }
}

/// Eight spaces.
pub(super) const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);

/// Returns the number of spaces at the beginning of eight bytes.
#[inline(always)]
pub(super) fn leading_spaces(eight: [u8; 8]) -> usize {
    let others = u64::from_le_bytes(eight) ^ SPACES;
    others.trailing_zeros() as usize / 8
}

/// Converts an offset, which fits because a source is smaller than 4 GiB.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn offset(at: usize) -> u32 {
    at as u32
}

/// True for a byte that separates two tokens, and at the end of the text.
pub(super) fn is_separator(byte: Option<u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}
