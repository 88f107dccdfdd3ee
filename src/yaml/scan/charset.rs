//! The characters that a document for the fast reader may contain.
//!
//! These exclude control characters, a carriage return alone, the line breaks of YAML 1.1 (NEL, LS, PS), a byte order
//! mark, and U+FFFE and U+FFFF. The grammar refuses them or has special rules for them.

use crate::text::bits::BLOCK;
use std::ops::Range;

/// True if no character has special rules.
pub(super) fn is_ordinary(bytes: &[u8]) -> bool {
    // Nearly all blocks are plain ASCII, which the first test checks many bytes at a time. The last block may overlap
    // the one before it, so that few bytes are tested alone.
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let last = bytes.last_chunk::<BLOCK>().map_or(rest, |last| last);
    (0..)
        .step_by(BLOCK)
        .zip(blocks)
        .all(|(at, block)| is_plain(block) || is_ordinary_in(bytes, at..at + BLOCK))
        && (is_plain(last) || is_ordinary_in(bytes, bytes.len() - last.len()..bytes.len()))
}

/// True if all bytes are printable ASCII characters or line feeds.
#[inline(always)]
fn is_plain(bytes: &[u8]) -> bool {
    // One signed comparison for both ends of the range: all bytes from DEL on become negative.
    let plain = |byte: u8| (byte.wrapping_add(1).cast_signed() > 0x20) | (byte == b'\n');
    bytes.iter().fold(true, |all, byte| all & plain(*byte))
}

fn is_ordinary_in(bytes: &[u8], range: Range<usize>) -> bool {
    range.into_iter().all(|at| is_ordinary_at(bytes, at))
}

fn is_ordinary_at(bytes: &[u8], at: usize) -> bool {
    let ahead = |by: usize| bytes.get(at + by).copied().unwrap_or_default();
    match ahead(0) {
        b' '..=b'~' | b'\n' | b'\t' => true,
        b'\r' => ahead(1) == b'\n',
        0xc2 => ahead(1) >= 0xa0,
        0xe2 => ahead(1) != 0x80 || !matches!(ahead(2), 0xa8 | 0xa9),
        0xef => !matches!((ahead(1), ahead(2)), (0xbb, 0xbf) | (0xbf, 0xbe | 0xbf)),
        byte => byte >= 0x80,
    }
}
