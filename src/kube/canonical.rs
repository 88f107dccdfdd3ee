//! Writes JSON as Go's `encoding/json` does, and feeds it to a hash.
//!
//! The text is collected in a buffer of fixed size, because hashing many short pieces together takes a third of the
//! time of hashing them one by one. Must not know what is hashed.

use super::escape::{Escaped, ROOM};
use super::plain;
use sha2::digest::Update;
use std::borrow::Cow;

/// The size of the buffer in bytes.
const SIZE: usize = 2048;

/// Text shorter than this, in bytes, is copied in one piece if it needs no escape.
const SHORT: usize = SIZE / 4;

/// A key and its value. `None` is a null, which the API server stores as empty text.
pub(super) type Field<'a> = (Cow<'a, str>, Option<Cow<'a, str>>);

/// A canonical text that is being written.
pub(super) struct CanonicalText<H> {
    hash: H,
    /// The text that has not been hashed yet, at the start of the buffer.
    pending: [u8; SIZE],
    length: usize,
}

impl<H: Update> CanonicalText<H> {
    /// Creates an empty text.
    pub(super) fn new(hash: H) -> Self {
        CanonicalText { hash, pending: [0; SIZE], length: 0 }
    }

    /// Returns the hash of the whole text.
    pub(super) fn hash(mut self) -> H {
        self.flush();
        self.hash
    }

    /// Writes JSON as given, which must be shorter than [`SHORT`].
    pub(super) fn raw(&mut self, text: &str) {
        self.reserve(text.len());
        self.push(text.as_bytes());
    }

    /// Writes an object with sorted keys; an absent one is the empty string.
    ///
    /// If a key occurs twice, the last value counts.
    pub(super) fn fields(&mut self, fields: Option<&mut [Field<'_>]>) {
        let Some(fields) = fields else { return self.raw("\"\"") };
        // Stable, so that the last one of equal keys stays last.
        if !fields.is_sorted_by(|(a, _), (b, _)| a <= b) {
            fields.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
        }
        self.raw("{");
        let mut first = true;
        for (index, (key, value)) in fields.iter().enumerate() {
            if fields.get(index + 1).is_some_and(|(next, _)| next == key) {
                continue;
            }
            let before = if std::mem::take(&mut first) { b"" } else { &b","[..] };
            self.quoted(before, key, b":");
            match value {
                Some(value) => self.string(value),
                None => self.raw("null"),
            }
        }
        self.raw("}");
    }

    /// Writes a string with its quotes.
    pub(super) fn string(&mut self, text: &str) {
        self.quoted(b"", text, b"");
    }

    /// Writes a string, with `before` before its first quote and `after` after its last.
    fn quoted(&mut self, before: &[u8], text: &str, after: &[u8]) {
        self.reserve(SHORT + 4);
        self.push(before);
        self.push(b"\"");
        if text.len() < SHORT && plain::is_plain(text.as_bytes()) {
            self.push(text.as_bytes());
        } else {
            self.escaped(text);
            self.reserve(2);
        }
        self.push(b"\"");
        self.push(after);
    }

    fn escaped(&mut self, text: &str) {
        let mut text = Escaped::of(text);
        loop {
            self.reserve(ROOM);
            let room = self.pending.get_mut(self.length..).and_then(|rest| rest.first_chunk_mut());
            let Some(length) = room.and_then(|room| text.write(room)) else { return };
            self.length += length;
        }
    }

    /// Makes space for this many bytes, which must be fewer than [`SIZE`].
    fn reserve(&mut self, bytes: usize) {
        if self.length + bytes > SIZE {
            self.flush();
        }
    }

    /// Appends bytes, for which there must be space.
    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        self.pending[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    fn flush(&mut self) {
        self.hash.update(&self.pending[..self.length]);
        self.length = 0;
    }
}
