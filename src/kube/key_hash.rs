//! Hashes of data keys, for checks whether a key is present. Equal hashes do not prove equal keys.

use crate::kube::suffix::Content;

/// Returns the hash of a data key. Hashes eight bytes with each multiplication.
pub fn key_hash(key: &str) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (eights, rest) = key.as_bytes().as_chunks::<8>();
    let last = rest.iter().fold(rest.len() as u64, |last, byte| last << 8 | u64::from(*byte));
    let eights = eights.iter().map(|eight| u64::from_le_bytes(*eight));
    let hash =
        eights.chain([last]).fold(0, |hash: u64, part| (hash ^ part).wrapping_mul(FACTOR).rotate_left(29));
    (hash >> 32) as u32 ^ hash as u32
}

/// Returns the [`key_hash`] of every key of the content, sorted.
pub fn key_hashes(content: &Content<'_>) -> Box<[u32]> {
    let fields = [&content.data, &content.binary_data, &content.string_data];
    let keys = fields.into_iter().flatten().flatten().map(|(key, _)| key_hash(key));
    let mut hashes: Vec<u32> = keys.collect();
    hashes.sort_unstable();
    hashes.into_boxed_slice()
}
