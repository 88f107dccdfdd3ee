//! The escapes of double-quoted scalars.

/// The character that the escape at the start of `bytes` stands for, and how many bytes the escape takes.
pub(super) fn unescape(bytes: &[u8]) -> Option<(char, usize)> {
    let character = match bytes.get(1)? {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' => ' ',
        b'"' => '"',
        b'/' => '/',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return Some((char::from_u32(hex(bytes, 2, 2)?)?, 4)),
        b'u' => return unicode(bytes),
        b'U' => return Some((char::from_u32(hex(bytes, 2, 8)?)?, 10)),
        _ => return None,
    };
    Some((character, 2))
}

/// JSON writes what lies beyond U+FFFF as two escapes, a surrogate pair.
fn unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let high = hex(bytes, 2, 4)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Some((char::from_u32(high)?, 6));
    }
    let low = hex(bytes, 8, 4)?;
    if bytes.get(6..8)? != b"\\u" || !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, 12))
}

fn hex(bytes: &[u8], from: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(from..from + count)?;
    digits.iter().try_fold(0, |value: u32, byte| Some(value << 4 | (*byte as char).to_digit(16)?))
}
