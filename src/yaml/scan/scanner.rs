//! Where the reader is in the text, and the nodes that it has added so far.
//!
//! Knows characters and lines. What they mean is for `block`, `flow` and the readers of scalars.

use super::sets::{IndentationEnds, LineEnds, PlainStops, QuotedStops};
use crate::text::bits::Seeker;
use crate::text::source::Span;
use crate::yaml::node::{Form, NodeId};
use crate::yaml::tree::Tree;

/// Collections within each other, below the limit of 255 for all documents.
pub(super) const MAX_DEPTH: usize = 200;

/// Bytes from the start of a key to its `:`. YAML has the limit, in characters.
pub(super) const MAX_KEY: usize = 1024;

/// Block collections that are open at a time in nearly all manifests.
const USUAL_DEPTH: usize = 16;

/// Reads on from `at`. Every method that gives `None` has met something outside the subset.
pub(super) struct Scanner<'t, 's> {
    pub(super) text: &'s str,
    pub(super) bytes: &'s [u8],
    base: u32,
    pub(super) at: usize,
    /// Where the node that was added last ends; a block collection that closes ends there too.
    pub(super) last_end: usize,
    /// The column of the next line of text when it is known already; then `at` is there.
    pub(super) ahead: Option<usize>,
    /// The block collections that are open, outermost first.
    pub(super) levels: Vec<Level>,
    /// The flow collections that are open, each with the bracket that closes it.
    pub(super) flows: Vec<(NodeId, u8)>,
    /// True when scalars are read by the rules of JSON.
    pub(super) is_json: bool,
    pub(super) tree: &'t mut Tree<'s>,
    /// Each is a look ahead that no other place repeats: bits of 64 bytes at a time.
    pub(super) lines: Seeker<LineEnds>,
    pub(super) plain_stops: Seeker<PlainStops>,
    pub(super) quoted_stops: Seeker<QuotedStops>,
    pub(super) indentation: Seeker<IndentationEnds>,
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
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    pub(super) start: u32,
    pub(super) end: u32,
    /// 0 when its text is what is between its quotes, else what [`Decoded::end`](crate::yaml::decoded::Decoded::end) said.
    pub(super) text: u32,
    pub(super) form: Form,
    pub(super) one_line: bool,
}

impl Scalar {
    /// A scalar whose text is a slice of the source, from `start` up to `end`.
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
            plain_stops: Seeker::new(),
            quoted_stops: Seeker::new(),
            indentation: Seeker::new(),
        }
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

    /// How many spaces are here.
    pub(super) fn spaces_ahead(&self) -> usize {
        self.spaces_from(self.at, usize::MAX)
    }

    /// How many spaces are at `start`, as far as `limit` of them. Eight at a time: a sixth of a manifest is indentation,
    /// and half of a JSON list.
    #[inline]
    pub(super) fn spaces_from(&self, start: usize, limit: usize) -> usize {
        const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let mut count = 0;
        while let Some(eight) = rest.get(count..).and_then(<[u8]>::first_chunk::<8>) {
            let others = u64::from_le_bytes(*eight) ^ SPACES;
            if others != 0 {
                return (count + others.trailing_zeros() as usize / 8).min(limit);
            }
            count += 8;
            if count >= limit {
                return limit;
            }
        }
        let last = rest.iter().skip(count).take_while(|byte| **byte == b' ').count();
        (count + last).min(limit)
    }

    /// Skips one line break, if there is one here.
    #[inline]
    pub(super) fn line_break(&mut self) {
        match self.peek() {
            Some(b'\n') => self.at += 1,
            Some(b'\r') => self.at += 1 + usize::from(self.peek_next() == Some(b'\n')),
            _ => {}
        }
    }

    /// Goes to the line break that ends this line, or to the end of the text.
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

    /// Inlined where a line adds its key and its value: the call took as long as the work.
    #[inline(always)]
    pub(super) fn add(&mut self, scalar: Scalar) {
        let Scalar { start, end, form, text, .. } = scalar;
        if end - start == 2
            && form == Form::Plain
            && self.bytes.get(start as usize..end as usize) == Some(b"<<")
        {
            self.tree.has_merges = true;
        }
        self.last_end = end as usize;
        let span = Span { start: self.base.wrapping_add(start), end: self.base.wrapping_add(end) };
        self.tree.push_scalar(form, span, text);
    }

    /// Adds a value that is not written.
    pub(super) fn add_absent(&mut self, at: usize) {
        self.add(Scalar::as_written(Form::Plain, at, at));
    }

    /// Adds a collection, which [`Scanner::close`] completes.
    pub(super) fn open(&mut self, form: Form, start: usize) -> NodeId {
        self.tree.open(form, self.base.wrapping_add(offset(start)))
    }

    pub(super) fn close(&mut self, id: NodeId, end: usize) {
        self.tree.close(id, self.base.wrapping_add(offset(end)));
    }
}

/// Offsets fit: a source has less than 4 GiB.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn offset(at: usize) -> u32 {
    at as u32
}

/// True for a byte that parts one token from the next, and at the end of the text.
pub(super) fn is_separator(byte: Option<u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}
