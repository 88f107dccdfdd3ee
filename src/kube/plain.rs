//! Tests whether a text needs an escape in JSON as Go writes it.
//!
//! Most texts are short: a key, a word, a number. So the test examines sixteen or eight bytes at once, some of the last
//! ones twice. This takes a third of the instructions of a loop over bytes. Must not write anything.

/// True for a text that certainly needs no escape.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    if let Some(last) = bytes.last_chunk::<16>() {
        let (whole, _) = bytes.as_chunks::<16>();
        return whole.iter().chain([last]).all(|part| !any(part));
    }
    match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => !(may_hold_escape(*first) | may_hold_escape(*last)),
        _ => !bytes.iter().any(|byte| may_be_escaped(*byte)),
    }
}

/// True for a byte with which an escaped character may begin. 0xe2 begins U+2028 and U+2029, among others.
#[inline]
pub(super) fn may_be_escaped(byte: u8) -> bool {
    let sign = (byte == b'"') | (byte == b'\\') | (byte == b'<') | (byte == b'>') | (byte == b'&');
    (byte < b' ') | sign | (byte == 0xe2)
}

fn any(part: &[u8; 16]) -> bool {
    part.iter().fold(false, |any, byte| any | may_be_escaped(*byte))
}

/// True if one of eight bytes may need an escape or is not ASCII. Subtracting a number from each byte of a word sets
/// the highest bit of the bytes that are smaller.
fn may_hold_escape(eight: [u8; 8]) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(eight);
    let equals = |sign: u8| (word ^ (EACH * u64::from(sign))).wrapping_sub(EACH);
    let signs = equals(b'"') | equals(b'\\') | equals(b'<') | equals(b'>') | equals(b'&');
    (word | word.wrapping_sub(EACH * u64::from(b' ')) | signs) & (EACH << 7) != 0
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
    }
}
