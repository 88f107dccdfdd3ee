//! The suffix by its specification, computed independently of the program.

#![allow(dead_code)] // each test uses a part of it

use sha2::{Digest, Sha256};

/// The size of a SHA-256 block in bytes.
const BLOCK: usize = 64;

/// Returns the suffix for a canonical JSON text.
pub(crate) fn suffix_of(canonical: &str) -> String {
    letters(&Sha256::digest(escaped(canonical)))
}

/// Returns the suffix for a canonical JSON text with a key: HMAC by RFC 2104, section 2.
pub(crate) fn keyed_suffix_of(canonical: &str, key: &[u8]) -> String {
    let mut block = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    block.resize(BLOCK, 0);
    let padded = |pad: u8| block.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
    let inner = Sha256::digest([padded(0x36), escaped(canonical).into_bytes()].concat());
    letters(&Sha256::digest([padded(0x5c), inner.to_vec()].concat()))
}

fn escaped(canonical: &str) -> String {
    let mut canonical = canonical.to_owned();
    for c in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
        canonical = canonical.replace(c, &format!("\\u{:04x}", u32::from(c)));
    }
    canonical
}

fn letters(digest: &[u8]) -> String {
    let letter = |digit| match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    hex::encode(digest)[..10].chars().map(letter).collect()
}
