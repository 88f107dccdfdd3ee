//! Text with the escapes of JSON strings, as Go's `encoding/json` writes them.
//!
//! JSON inside a value has an escape about every eight bytes, so each one must be cheap. The places of all escapes in
//! 64 bytes are found at once, and every copy has a fixed width. A copy may write too much, which the next one
//! overwrites. This takes a fifth of the instructions of copies with exact lengths. Must not know what the text is for.

use super::plain::{self, is_plain, may_be_escaped};
use crate::text::bits::{self, BLOCK};

/// The number of bytes that a step may write, which is at most [`LONGEST`] for each byte.
pub(super) const ROOM: usize = WITHIN + 1 + WIDTH;

/// The largest offset of a byte that a step writes, with all lower bits set.
const WITHIN: usize = (LONGEST * BLOCK).next_power_of_two() - 1;

/// The length of the longest escape in bytes.
const LONGEST: usize = 6;

/// The width of one copy in bytes.
const WIDTH: usize = 16;

/// The number of bytes that a step reads: those that it converts, and those that its last copy or escape may reach.
const VIEW: usize = BLOCK + WIDTH;

/// The escape of each byte, with its length in the highest byte. 0 for the first byte of U+2028 and U+2029.
static ESCAPES: [u64; 256] = escapes();

/// A text that is converted step by step.
pub(super) struct Escaped<'t> {
    rest: &'t [u8],
}

impl<'t> Escaped<'t> {
    /// Starts at the beginning of a text.
    pub(super) fn of(text: &'t str) -> Self {
        Escaped { rest: text.as_bytes() }
    }

    /// Writes the next part to the start of `out` and returns its length, or `None` at the end of the text. The bytes
    /// after that length are meaningless.
    pub(super) fn write(&mut self, out: &mut [u8; ROOM]) -> Option<usize> {
        let (read, written) = match self.rest.first_chunk::<VIEW>() {
            Some(view) => step(view, BLOCK, out),
            None if self.rest.is_empty() => return None,
            None => {
                let mut view = [0; VIEW];
                view[..self.rest.len()].copy_from_slice(self.rest);
                step(&view, self.rest.len().min(BLOCK), out)
            }
        };
        self.rest = self.rest.get(read..).unwrap_or_default();
        Some(written)
    }
}

/// Writes the text with its escapes to `out`, where it must fit: six bytes for each byte, and eight more. Returns the
/// length. Made for short texts with few escapes, such as one line and its end.
pub(super) fn short(text: &str, out: &mut [u8]) -> usize {
    let (mut rest, mut to) = (text.as_bytes(), 0);
    while !rest.is_empty() {
        let word = plain::first_word(rest);
        let plain = (plain::escapes(word).trailing_zeros() as usize / 8).min(rest.len());
        out[to..to + 8].copy_from_slice(&word.to_le_bytes());
        to += plain;
        rest = &rest[plain..];
        if plain < 8
            && let [first, behind @ ..] = rest
        {
            let (read, escape) = escape_of_character(*first, behind);
            out[to..to + 8].copy_from_slice(&escape.to_le_bytes());
            (rest, to) = (&rest[read..], to + length(escape));
        }
    }
    to
}

/// Appends `text` with the escapes of a canonical JSON string, without quotes.
pub fn escape(text: &str, out: &mut String) {
    if is_plain(text.as_bytes()) {
        return out.push_str(text);
    }
    let (mut bytes, mut room, mut steps) = (Vec::new(), [0; ROOM], Escaped::of(text));
    while let Some(length) = steps.write(&mut room) {
        bytes.extend_from_slice(&room[..length]);
    }
    out.push_str(&String::from_utf8_lossy(&bytes));
}

/// Converts the first `length` bytes of a view. Returns the number of bytes read and the number of bytes written.
fn step(view: &[u8; VIEW], length: usize, out: &mut [u8; ROOM]) -> (usize, usize) {
    let mut escaped = view.first_chunk().map_or(0, |block| bits::of(block, may_be_escaped));
    escaped &= u64::MAX >> (BLOCK - length.clamp(1, BLOCK));
    let (mut from, mut to) = (0, 0);
    while escaped != 0 {
        let end = escaped.trailing_zeros() as usize;
        escaped &= escaped - 1;
        copy(view, from, end - from, out, to);
        to += end - from;
        let (read, escape) = escape_of_character(view[end], &view[end + 1..]);
        let at = to & WITHIN;
        out[at..at + 8].copy_from_slice(&escape.to_le_bytes());
        (from, to) = (end + read, to + self::length(escape));
    }
    let end = length.max(from);
    copy(view, from, end - from, out, to);
    (end, to + end - from)
}

/// Copies bytes, and perhaps some more. Offsets are cut to those that exist, so that they need no check.
#[inline]
fn copy(view: &[u8; VIEW], from: usize, length: usize, out: &mut [u8; ROOM], to: usize) {
    copy_once(view, from, out, to);
    // Most runs are shorter.
    let mut copied = WIDTH;
    while copied < length {
        copy_once(view, from + copied, out, to + copied);
        copied += WIDTH;
    }
}

#[inline]
fn copy_once(view: &[u8; VIEW], from: usize, out: &mut [u8; ROOM], to: usize) {
    let (from, to) = (from & (BLOCK - 1), to & WITHIN);
    out[to..to + WIDTH].copy_from_slice(&view[from..from + WIDTH]);
}

/// Returns the number of bytes of a character, or 1 if it needs no escape, and its escape. `behind` is the text after its
/// first byte.
#[inline]
fn escape_of_character(first: u8, behind: &[u8]) -> (usize, u64) {
    match (ESCAPES[usize::from(first)], behind) {
        (0, [0x80, 0xa8, ..]) => (3, u64::from_le_bytes(*b"\\u2028\0\x06")),
        (0, [0x80, 0xa9, ..]) => (3, u64::from_le_bytes(*b"\\u2029\0\x06")),
        (0, _) => (1, u64::from_le_bytes([first, 0, 0, 0, 0, 0, 0, 1])),
        (escape, _) => (1, escape),
    }
}

/// Returns the length of an escape.
fn length(escape: u64) -> usize {
    (escape >> 56) as usize
}

const fn escapes() -> [u64; 256] {
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < all.len() {
        all[byte] = u64::from_le_bytes(escape_of(byte as u8));
        byte += 1;
    }
    all
}

/// Returns the escape of one byte; the byte itself if it needs none.
const fn escape_of(byte: u8) -> [u8; 8] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        0..0x20 | b'<' | b'>' | b'&' => {
            let (high, low) = (DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]);
            return [b'\\', b'u', b'0', b'0', high, low, 0, LONGEST as u8];
        }
        0xe2 => return [0; 8],
        _ => return [byte, 0, 0, 0, 0, 0, 0, 1],
    };
    [b'\\', letter, 0, 0, 0, 0, 0, 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Escapes character by character, as Go's documentation of `encoding/json` specifies.
    fn slowly(text: &str) -> String {
        let escaped = text.chars().map(|letter| match letter {
            '"' | '\\' => format!("\\{letter}"),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(letter)),
            _ => letter.to_string(),
        });
        escaped.collect()
    }

    proptest! {
        #[test]
        fn every_text_is_escaped_as_character_by_character(
            text in "([a-z ]{0,40}[\"\\\\<>&\u{0}-\u{1f}\u{2026}-\u{202a}ä€]{0,5}){0,12}", plain in "[ -~]{0,300}",
        ) {
            for text in [text, plain] {
                let mut found = "before".to_owned();
                escape(&text, &mut found);
                prop_assert_eq!(found, format!("before{}", slowly(&text)));
            }
        }

        #[test]
        fn a_separator_may_be_anywhere(before in 0_usize..140, behind in 0_usize..140, letter in "[\u{2027}-\u{202a}]{1,70}") {
            let text = ["a".repeat(before), letter, "b".repeat(behind)].concat();
            let mut found = String::new();
            escape(&text, &mut found);
            prop_assert_eq!(found, slowly(&text));
        }
    }
}
