//! The bytes at which the readers of lines and scalars stop.

use crate::text::bits::Set;

/// The end of a line. A carriage return may precede it.
pub(super) struct LineEnds;

/// Bytes that may end a plain scalar outside flow collections.
pub(super) struct PlainStops;

/// Bytes in double quotes that are not ordinary text.
pub(super) struct QuotedStops;

/// Bytes that end indentation in a flow collection. Half of a JSON list is spaces.
pub(super) struct IndentationEnds;

impl Set for IndentationEnds {
    #[inline]
    fn has(byte: u8) -> bool {
        byte != b' '
    }
}

impl Set for LineEnds {
    #[inline]
    fn has(byte: u8) -> bool {
        byte == b'\n'
    }
}

impl Set for PlainStops {
    #[inline]
    fn has(byte: u8) -> bool {
        (byte == b'\n') | (byte == b':') | (byte == b'#')
    }
}

impl Set for QuotedStops {
    #[inline]
    fn has(byte: u8) -> bool {
        (byte == b'\n') | (byte == b'"') | (byte == b'\\')
    }
}
