//! Hashes of data keys, for checks whether a key is present. Equal hashes do not prove equal keys.

use super::plain;
use crate::kube::suffix::Content;

/// The maximum number of keys that are searched one by one, so that they need no order. Nearly no object has more.
pub(super) const FEW: usize = 64;

/// Returns the hash of a data key. Hashes eight bytes with each multiplication; the last eight may overlap others.
#[inline]
pub fn key_hash(key: &str) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let add = |hash: u64, word: u64| (hash ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let (words, _) = key.as_bytes().as_chunks();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let hash = add(words.fold(key.len() as u64, add), plain::last_word(key.as_bytes()));
    (hash >> 32) as u32 ^ hash as u32
}

/// Appends the [`key_hash`] of every key of the content, sorted if there are more than 64.
pub fn key_hashes(content: &Content<'_>, hashes: &mut Vec<u32>) {
    let first = hashes.len();
    for fields in [&content.data, &content.binary_data, &content.string_data].into_iter().flatten() {
        hashes.extend(fields.iter().map(|(key, _)| key_hash(key)));
    }
    if hashes.len() - first > FEW {
        hashes[first..].sort_unstable();
    }
}

/// True if a hash is among those of [`key_hashes`].
pub fn has(hashes: &[u32], hash: u32) -> bool {
    if hashes.len() > FEW { hashes.binary_search(&hash).is_ok() } else { hashes.contains(&hash) }
}

/// True if a hash occurs twice.
pub fn repeats(hashes: &[u32]) -> bool {
    let mut sorted = hashes.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).any(|pair| pair[0] == pair[1])
}
