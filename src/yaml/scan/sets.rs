//! The bytes at which the readers of lines and scalars stop.

use crate::text::bits::Set;

/// What ends a line. A carriage return may be before it.
pub(super) struct LineEnds;

/// What may end a plain scalar outside flow collections.
pub(super) struct PlainStops;

/// What is not simply text between double quotes.
pub(super) struct QuotedStops;

/// What ends indentation in a flow collection: half of a JSON list is spaces.
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
