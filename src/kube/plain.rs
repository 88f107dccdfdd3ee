//! Tests of short texts, eight bytes at once: whether one needs an escape in JSON as Go writes it, for example.
//!
//! Most texts are short: a key, a word, a number. Arithmetic on a word of eight bytes tests all of them in about twelve
//! instructions. The last eight bytes of a text may overlap the ones before, so no loop over a remainder is needed. Must not
//! write anything.

/// A word with this byte eight times.
const EACH: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each byte, which is the result of a test of it.
const HIGH: u64 = EACH << 7;

/// True for a text that certainly needs no escape.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    found(bytes, escapes) == 0
}

/// True for a byte with which an escaped character may begin. 0xe2 begins U+2028 and U+2029, among others.
#[inline]
pub(super) fn may_be_escaped(byte: u8) -> bool {
    let sign = (byte == b'"') | (byte == b'\\') | (byte == b'<') | (byte == b'>') | (byte == b'&');
    (byte < b' ') | sign | (byte == 0xe2)
}

/// Returns the results of a test for all words of a text, together. Letters fill the word of a text that is shorter.
#[inline]
pub(super) fn found(bytes: &[u8], test: impl Fn(u64) -> u64) -> u64 {
    let (words, _) = bytes.as_chunks();
    words.iter().fold(test(last_word(bytes)), |found, word| found | test(u64::from_le_bytes(*word)))
}

/// Returns the last eight bytes as one word. For a shorter text, returns all of them, and letters.
#[inline]
pub(super) fn last_word(bytes: &[u8]) -> u64 {
    match bytes.last_chunk() {
        Some(last) => u64::from_le_bytes(*last),
        None => few(bytes) | (EACH * u64::from(b'a')) << (8 * bytes.len()),
    }
}

/// Returns the first eight bytes as one word. For a shorter text, returns all of them, and zeros.
#[inline]
pub(super) fn first_word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or_else(|| few(bytes), |first| u64::from_le_bytes(*first))
}

/// Returns fewer than eight bytes as one word.
#[inline]
fn few(bytes: &[u8]) -> u64 {
    let four = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => four(first) | four(last) << (8 * (bytes.len() - 4)),
        _ => bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// Tests for bytes that may need an escape or are not ASCII.
#[inline]
pub(super) fn escapes(word: u64) -> u64 {
    // Pairs of bytes that differ in one bit are tested together.
    let quote_or_and = below(word | (EACH * 4), b'&');
    let angle = below(word | (EACH * 2), b'>');
    let control = word.wrapping_sub(EACH * u64::from(b' '));
    (word | control | quote_or_and | angle | below(word, b'\\')) & HIGH
}

/// Tests for the bytes `<`, `$` and `+`.
#[inline]
pub(super) fn placeholders(word: u64) -> u64 {
    (below(word, b'<') | below(word, b'$') | below(word, b'+')) & !word & HIGH
}

/// Sets the highest bit of each byte that equals `byte`, and perhaps that of others if one equals it or is not ASCII.
#[inline]
fn below(word: u64, byte: u8) -> u64 {
    (word ^ (EACH * u64::from(byte))).wrapping_sub(EACH)
}

/// Tests for bytes that may need an escape or are not ASCII, and for those of [`placeholders`].
#[inline]
pub(super) fn signs(word: u64) -> u64 {
    escapes(word) | ((below(word, b'$') | below(word, b'+')) & HIGH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_plain_needs_no_escape(text in "[a-z \"\\\\<>&\u{0}-\u{1f}\u{2028}ä]{0,40}", plain in "[ -~]{0,40}") {
            for text in [text.as_bytes(), plain.as_bytes()] {
                let escaped = text.iter().any(|byte| may_be_escaped(*byte));
                prop_assert!(!(is_plain(text) && escaped));
                prop_assert!(is_plain(text) || escaped || !text.is_ascii());
            }
        }

        #[test]
        fn tests_of_words_are_those_of_bytes(text in "[ -~\u{0}-\u{1f}ä\u{2028}]{0,30}") {
            let bytes = text.as_bytes();
            let sign = bytes.iter().any(|byte| b"<$+".contains(byte));
            prop_assert_eq!(found(bytes, placeholders) != 0, sign);
            prop_assert_eq!(found(bytes, signs) != 0, sign || !is_plain(bytes));
            let first: Vec<u8> = bytes.iter().copied().chain([0; 8]).take(8).collect();
            prop_assert_eq!(first_word(bytes).to_le_bytes().to_vec(), first);
        }
    }
}
