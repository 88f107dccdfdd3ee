//! Finds the document that contains an offset. Searches for marker lines once, however many offsets follow.
//!
//! A document is what is between marker lines. Must not read YAML.

use crate::text::source::Source;
use memchr::memmem;
use std::cell::OnceCell;
use std::ops::Range;

/// The documents of one source.
#[derive(Debug)]
pub(super) struct Documents<'s> {
    pub(super) source: &'s Source,
    /// The offset of the line feed before each marker line.
    markers: OnceCell<Vec<usize>>,
}

impl<'s> Documents<'s> {
    pub(super) fn new(source: &'s Source) -> Documents<'s> {
        Documents { source, markers: OnceCell::new() }
    }

    /// Returns the bytes between the marker lines around `offset`; for an offset on a marker line, the rest of that
    /// line.
    pub(super) fn around(&self, offset: usize) -> Range<usize> {
        let text = self.source.text();
        let bytes = text.as_bytes();
        let offset = offset.min(text.len());
        let line = self.source.line_at(offset).start;
        if bytes[line..].starts_with(b"---") {
            return line..memchr::memchr(b'\n', &bytes[line..]).map_or(text.len(), |at| line + at);
        }
        let markers = self.markers.get_or_init(|| memmem::find_iter(bytes, b"\n---").collect());
        let before = markers.partition_point(|marker| marker + 4 <= offset).checked_sub(1);
        let start = before.map_or(0, |at| markers[at] + 1);
        let has_marker = bytes[start..].starts_with(b"---");
        let behind = has_marker.then(|| memchr::memchr(b'\n', &bytes[start..])).flatten();
        let start = behind.map_or(start, |at| start + at + 1);
        let from = start.max(offset);
        let end = markers.get(markers.partition_point(|marker| *marker < from));
        start.min(offset)..end.map_or(text.len(), |at| at + 1)
    }
}
