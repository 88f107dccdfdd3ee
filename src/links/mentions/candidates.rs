//! The words of a text that could be names, found without looking at each word.
//!
//! Very few words of a stream are names. A word is examined if its first four bytes are those of a name, if it follows
//! a backslash or `:-`, or if it contains a `.` that may follow a kind. Two bit masks for every 64 bytes show all of
//! that. This takes 5 instructions per byte, while looking up every word took 19. Must not decide what a name is.

use super::words::is_word;
use crate::rules::context;
use crate::text::bits;
use std::ops::Range;

/// The number of bytes at the start of a name that are compared.
const BEGINNING: usize = 4;
/// The number of bits in the hash of a beginning.
const HASH: u32 = 16;
const WORDS: usize = 1 << (HASH - 6);

/// The beginnings of the names to search for. The set may contain other beginnings too.
pub(super) struct Beginnings {
    hashes: Box<[u64; WORDS]>,
    first: [First; 256],
}

/// What begins with a given byte. For most words, the first byte is enough to exclude them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum First {
    Nothing,
    /// Names whose beginnings are in the set.
    Names,
    /// A name that is shorter than a beginning, and perhaps others.
    ShortName,
}

impl Default for Beginnings {
    fn default() -> Self {
        Beginnings { hashes: Box::new([0; WORDS]), first: [First::Nothing; 256] }
    }
}

impl Beginnings {
    /// Adds a name, which must not be empty.
    pub(super) fn add(&mut self, name: &[u8]) {
        let first = &mut self.first[usize::from(name[0])];
        let Some(beginning) = name.first_chunk() else { return *first = First::ShortName };
        *first = (*first).max(First::Names);
        let (word, bit) = place(*beginning);
        self.hashes[word] |= bit;
    }

    /// False if the text does not begin with any of the names.
    #[inline]
    pub(super) fn may_begin(&self, text: &[u8]) -> bool {
        match text.first().map(|first| self.first[usize::from(*first)]) {
            None | Some(First::Nothing) => false,
            Some(First::ShortName) => true,
            Some(First::Names) => text.first_chunk().is_some_and(|beginning| {
                let (word, bit) = place(*beginning);
                self.hashes[word] & bit != 0
            }),
        }
    }
}

/// Returns the position of a beginning in the set (Fibonacci hashing).
#[inline]
fn place(beginning: [u8; BEGINNING]) -> (usize, u64) {
    let hash = u32::from_le_bytes(beginning).wrapping_mul(0x9e37_79b1) >> (u32::BITS - HASH);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// Returns the runs of word characters that could be a name or contain one, in order.
pub(super) fn runs(bytes: &[u8], begins: &Beginnings) -> impl Iterator<Item = Range<usize>> {
    let masks = bits::blocks(bytes, |byte| [is_word(byte), byte == b'.']);
    let blocks = (0..).step_by(bits::BLOCK).zip(masks);
    // The last bit of the previous block, the start of the last run, and the end of the last run that was returned.
    let (mut carried, mut start, mut end) = (0, 0, 0);
    let wanted = blocks.flat_map(move |(block, [word, stops])| {
        let starts = word & !(word << 1 | carried);
        carried = word >> (bits::BLOCK - 1);
        let named = chosen(starts, |at| may_name(bytes, block + at, begins));
        let kinds = chosen(stops, |at| ends_kind(bytes, block + at));
        let first = start;
        start = last(block, starts).unwrap_or(first);
        each(named | kinds).map(move |at| last(block, starts & up_to(at)).unwrap_or(first))
    });
    wanted.filter_map(move |start| {
        if start < end {
            return None;
        }
        let length = bytes[start..].iter().position(|byte| !is_word(*byte));
        end = length.map_or(bytes.len(), |length| start + length);
        Some(start..end)
    })
}

/// Returns the positions of the bits that are set, lowest first.
#[inline]
fn each(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (bits != 0).then_some(bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(at)
    })
}

/// Returns those of the bits for whose position `is` is true.
#[inline]
fn chosen(bits: u64, is: impl Fn(usize) -> bool) -> u64 {
    each(bits).fold(0, |chosen, at| chosen | u64::from(is(at)) << at)
}

/// Returns the position in the text of the highest bit that is set.
#[inline]
fn last(block: usize, bits: u64) -> Option<usize> {
    bits.checked_ilog2().map(|at| block + at as usize)
}

/// Returns a mask of a bit and all lower bits.
#[inline]
fn up_to(at: usize) -> u64 {
    u64::MAX >> (bits::BLOCK - 1 - at)
}

/// True for a run that begins like a name, or in which a name may begin later.
#[inline]
fn may_name(bytes: &[u8], at: usize, begins: &Beginnings) -> bool {
    let before = if at > 0 { bytes[at - 1] } else { 0 };
    before == b'\\' || (before == b':' && bytes[at] == b'-') || begins.may_begin(&bytes[at..])
}

/// True for a `.` that may follow a kind, as [`context::in_key`] requires.
#[inline]
fn ends_kind(bytes: &[u8], at: usize) -> bool {
    bytes[..at].last_chunk().is_some_and(|end| context::may_end_kind(*end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_be_a_name_is_found() {
        let mut begins = Beginnings::default();
        ["web-config", "db"].iter().for_each(|name| begins.add(name.as_bytes()));
        let text = "web-other word database \\nweb ${A:-x} spark.secrets.z kubernetes.io web-con";
        let found: Vec<&str> = runs(text.as_bytes(), &begins).map(|run| &text[run]).collect();
        assert_eq!(found, ["web-other", "database", "nweb", "-x", "spark.secrets.z", "web-con"]);
    }

    proptest! {
        #[test]
        fn no_run_that_begins_like_a_name_is_missed(text in "[a-c. ]{0,300}", name in "[a-c]{1,6}") {
            let mut begins = Beginnings::default();
            begins.add(name.as_bytes());
            let found: Vec<Range<usize>> = runs(text.as_bytes(), &begins).collect();
            for run in bits::runs(text.as_bytes(), is_word) {
                let is_found = found.contains(&run);
                prop_assert!(is_found || !text[run].starts_with(&name));
            }
            prop_assert!(found.is_sorted_by_key(|run| run.start));
        }
    }
}
