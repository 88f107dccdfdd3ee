//! The bytes at which the readers of lines and scalars stop.

use crate::text::bits::Set;

/// The end of a line. A carriage return may precede it.
pub(super) struct LineEnds;

/// Bytes that may end a plain scalar outside flow collections or a scalar in double quotes, and the backslash of an
/// escape. One set for both, because examining a block takes longer than skipping a byte that is in the set for the
/// other kind of scalar.
pub(super) struct Stops;

impl Set for LineEnds {
    #[inline]
    fn has(byte: u8) -> bool {
        byte == b'\n'
    }
}

impl Set for Stops {
    #[inline]
    fn has(byte: u8) -> bool {
        // `"` and `#` differ in the lowest bit.
        (byte == b'\n') | (byte == b':') | (byte | 1 == b'#') | (byte == b'\\')
    }
}
