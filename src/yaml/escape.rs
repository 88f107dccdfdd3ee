//! The escapes of double-quoted scalars.
//!
//! Supports two escapes of JSON that kubectl does not support in YAML: `\/`, and a surrogate pair as two `\u`.

const UNKNOWN: &str = "found an unknown escape after `\\`";
const DIGITS: &str = "found an escape with too few hexadecimal digits";
const NO_CHARACTER: &str = "found an escape for a number that is no character";

/// Returns the character of the escape at the start of `bytes`, and the length of the escape in bytes.
///
/// # Errors
/// What is wrong with the escape, in words that contain nothing of the text.
pub(super) fn unescape(bytes: &[u8]) -> Result<(char, usize), &'static str> {
    let character = match bytes.get(1).ok_or(UNKNOWN)? {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        &letter @ (b' ' | b'"' | b'\'' | b'/' | b'\\') => char::from(letter),
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return number(bytes, 2),
        b'u' => return surrogate_pair(bytes).map_or_else(|| number(bytes, 4), Ok),
        b'U' => return number(bytes, 8),
        _ => return Err(UNKNOWN),
    };
    Ok((character, 2))
}

fn number(bytes: &[u8], digits: usize) -> Result<(char, usize), &'static str> {
    let value = hex(bytes, 2, digits).ok_or(DIGITS)?;
    Ok((char::from_u32(value).ok_or(NO_CHARACTER)?, 2 + digits))
}

/// Decodes a character beyond U+FFFF, which JSON writes as two escapes.
fn surrogate_pair(bytes: &[u8]) -> Option<(char, usize)> {
    let high = hex(bytes, 2, 4).filter(|high| (0xd800..0xdc00).contains(high))?;
    let low = hex(bytes, 8, 4).filter(|low| (0xdc00..0xe000).contains(low))?;
    let character = char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?;
    (bytes.get(6..8)? == b"\\u").then_some((character, 12))
}

/// Returns the number in `count` hexadecimal digits.
pub(super) fn hex(bytes: &[u8], from: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(from..from + count)?;
    digits.iter().try_fold(0, |value: u32, byte| Some(value << 4 | (*byte as char).to_digit(16)?))
}
