//! The characters that a document for the fast reader may contain.
//!
//! These exclude control characters, a carriage return alone, the line breaks of YAML 1.1 (NEL, LS, PS), a byte order
//! mark, and U+FFFE and U+FFFF. The grammar refuses them or has special rules for them.

/// True if no character has special rules.
pub(super) fn is_ordinary(bytes: &[u8]) -> bool {
    // Nearly all blocks are plain ASCII, which the first test checks many bytes at a time.
    let mut start = 0;
    bytes.chunks(256).all(|block| {
        let from = start;
        start += block.len();
        !has_special(block) || (from..start).all(|at| is_ordinary_at(bytes, at))
    })
}

fn has_special(block: &[u8]) -> bool {
    let special = |byte: u8| (byte.wrapping_sub(b' ') > b'~' - b' ') & (byte != b'\n');
    block.iter().fold(false, |found, byte| found | special(*byte))
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
