//! Writes JSON as Go's `encoding/json` does, and feeds it to a hash.
//!
//! The text is collected in a buffer of fixed size, because hashing many short pieces together takes a third of the
//! time of hashing them one by one. Must not know what is hashed.

use super::escape::{self, Escaped, ROOM};
use super::plain;
use super::signs::Signs;
use sha2::digest::Update;
use std::borrow::Cow;

/// The size of the buffer in bytes.
const SIZE: usize = 2048;

/// Text shorter than this, in bytes, is copied in one piece if it needs no escape.
const SHORT: usize = SIZE / 4;

/// Text shorter than this, in bytes, fits with six bytes for each of them where text shorter than [`SHORT`] fits.
const VERY_SHORT: usize = SHORT / 8;

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
    pub(super) fn fields(&mut self, fields: Option<&mut [Field<'_>]>, signs: Signs) {
        let Some(fields) = fields else { return self.raw("\"\"") };
        // Stable, so that the last one of equal keys stays last.
        if signs.disorder && !fields.is_sorted_by(|(a, _), (b, _)| a <= b) {
            fields.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
        }
        self.raw("{");
        let mut before = (*b"\"   ", 1);
        for (index, (key, value)) in fields.iter().enumerate() {
            if signs.disorder && fields.get(index + 1).is_some_and(|(next, _)| next == key) {
                continue;
            }
            self.part(before, key, signs.escape);
            if let Some(value) = value {
                self.part((*b"\":\" ", 3), value, signs.escape);
                before = (*b"\",\" ", 3);
            } else {
                self.raw("\":null");
                before = (*b",\"  ", 2);
            }
        }
        let ends_in_text = fields.last().is_some_and(|(_, value)| value.is_some());
        self.raw(if ends_in_text { "\"}" } else { "}" });
    }

    /// Writes a string with its quotes.
    pub(super) fn string(&mut self, text: &str) {
        self.part((*b"\"   ", 1), text, true);
        self.raw("\"");
    }

    /// Writes the first bytes of `before` as given, and then a text with its escapes. If `escape` is false, the text
    /// certainly has none. Four bytes are copied without a call.
    #[inline]
    fn part(&mut self, (before, length): ([u8; 4], usize), text: &str, escape: bool) {
        self.reserve(SHORT + 4);
        self.push(&before);
        self.length -= before.len() - length;
        if !escape && text.len() < SHORT {
            self.push(text.as_bytes());
        } else {
            self.escaped(text);
        }
    }

    fn escaped(&mut self, text: &str) {
        if text.len() < VERY_SHORT {
            self.length += escape::short(text, &mut self.pending[self.length..]);
            return;
        }
        if text.len() < SHORT && plain::is_plain(text.as_bytes()) {
            return self.push(text.as_bytes());
        }
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
