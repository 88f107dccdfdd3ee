//! Finds the bytes of a text that belong to a set, 64 bytes at a time.
//!
//! A loop over single bytes with a branch for each takes 8 to 20 instructions per byte. Here, a set is a test without
//! branches, which the compiler applies to 16 bytes at once. The result is a word with one bit per byte. This takes 2
//! instructions per byte, and a few for each byte or run that is found. Must not know what a set is for.

use std::iter::from_fn;
use std::marker::PhantomData;
use std::ops::Range;

/// The size of a block in bytes.
pub const BLOCK: usize = 64;

/// Returns the bits of several sets for each block. Bit 0 is the first byte of the block. `are` must consist of
/// comparisons, `|` and `&` only.
pub fn blocks<const SETS: usize>(
    bytes: &[u8],
    are: impl Fn(u8) -> [bool; SETS],
) -> impl Iterator<Item = [u64; SETS]> {
    let mut start = 0;
    from_fn(move || {
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        start += BLOCK;
        if let Some(block) = rest.first_chunk() {
            return Some(bits(block, &are));
        }
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        let behind = u64::MAX << rest.len();
        Some(bits(&last, &are).map(|bits| bits & !behind))
    })
}

/// Returns the bits of one set for one block. `is` must consist of comparisons, `|` and `&` only.
#[inline]
pub fn of(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    let [bits] = bits(block, &|byte| [is(byte)]);
    bits
}

/// Returns the offset of each byte of the set, in order. `is` must consist of comparisons, `|` and `&` only.
pub fn positions(bytes: &[u8], is: impl Fn(u8) -> bool) -> impl Iterator<Item = usize> {
    let (mut block, mut bits) = (0, first_block(bytes, &is));
    from_fn(move || {
        while bits == 0 {
            block += BLOCK;
            bits = block_bits(bytes, block, &is)?;
        }
        let at = block + bits.trailing_zeros() as usize;
        bits &= bits - 1;
        Some(at)
    })
}

/// Returns the maximal runs of bytes of the set, in order. `is` must consist of comparisons, `|` and `&` only.
pub fn runs(bytes: &[u8], is: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let (mut block, mut bits) = (0, first_block(bytes, &is));
    from_fn(move || {
        while bits == 0 {
            block += BLOCK;
            bits = block_bits(bytes, block, &is)?;
        }
        let start = block + bits.trailing_zeros() as usize;
        loop {
            // Also sets the bits below the run, so that the run ends where the trailing ones end.
            let end = (bits | (bits & bits.wrapping_neg()).wrapping_sub(1)).trailing_ones() as usize;
            if end < BLOCK {
                bits &= u64::MAX << end;
                return Some(start..block + end);
            }
            block += BLOCK;
            match block_bits(bytes, block, &is) {
                Some(next) if next & 1 == 1 => bits = next,
                next => {
                    bits = next.unwrap_or_default();
                    return Some(start..block.min(bytes.len()));
                }
            }
        }
    })
}

/// A set of bytes.
pub trait Set {
    /// True if the byte is in the set. Must consist of comparisons, `|` and `&` only.
    fn has(byte: u8) -> bool;
}

/// Finds the next byte of a set from a given offset. Examines each block once if the offsets ascend.
#[derive(Debug)]
pub struct Seeker<S> {
    /// Offset of the block that was examined last; initially `usize::MAX`, where no block begins.
    block: usize,
    bits: u64,
    set: PhantomData<S>,
}

impl<S> Default for Seeker<S> {
    fn default() -> Self {
        Seeker { block: usize::MAX, bits: 0, set: PhantomData }
    }
}

impl<S: Set> Seeker<S> {
    /// Creates a seeker that has not examined any block.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the offset of the first byte of the set at `from` or later; the length of `bytes` if there is none.
    /// `bytes` must be the same in every call.
    #[inline]
    pub fn next(&mut self, bytes: &[u8], from: usize) -> usize {
        let block = from & !(BLOCK - 1);
        if block != self.block {
            self.load(bytes, block);
        }
        let bits = self.bits & (u64::MAX << (from & (BLOCK - 1)));
        if bits != 0 { block + bits.trailing_zeros() as usize } else { self.next_after(bytes, block) }
    }

    fn next_after(&mut self, bytes: &[u8], block: usize) -> usize {
        let mut block = block + BLOCK;
        while block < bytes.len() {
            self.load(bytes, block);
            if self.bits != 0 {
                return block + self.bits.trailing_zeros() as usize;
            }
            block += BLOCK;
        }
        bytes.len()
    }

    #[inline(never)]
    fn load(&mut self, bytes: &[u8], block: usize) {
        self.block = block;
        self.bits = match bytes.get(block..).and_then(<[u8]>::first_chunk) {
            Some(block) => of(block, S::has),
            None => block_bits(bytes, block, &S::has).unwrap_or_default(),
        };
    }
}

fn first_block(bytes: &[u8], is: &impl Fn(u8) -> bool) -> u64 {
    block_bits(bytes, 0, is).unwrap_or_default()
}

/// Returns the bits of the block that begins at `start`; `None` after the last block.
#[inline]
fn block_bits(bytes: &[u8], start: usize, is: &impl Fn(u8) -> bool) -> Option<u64> {
    let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
    blocks(&rest[..rest.len().min(BLOCK)], |byte| [is(byte)]).next().map(|[bits]| bits)
}

#[inline]
fn bits<const SETS: usize>(block: &[u8; BLOCK], are: &impl Fn(u8) -> [bool; SETS]) -> [u64; SETS] {
    /// A multiplication by this moves the lowest bit of each of eight bytes into the highest byte. The bit of the first
    /// byte becomes the lowest.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut flags = [[0_u8; BLOCK]; SETS];
    for (at, byte) in block.iter().enumerate() {
        for (flags, is) in flags.iter_mut().zip(are(*byte)) {
            flags[at] = u8::from(is);
        }
    }
    flags.map(|flags| {
        let (eights, _) = flags.as_chunks();
        let gathered = eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
        gathered.rev().fold(0, |bits, eight| bits << 8 | eight)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_letter(byte: u8) -> bool {
        byte.wrapping_sub(b'a') < 26
    }

    struct Letters;

    impl Set for Letters {
        fn has(byte: u8) -> bool {
            is_letter(byte)
        }
    }

    proptest! {
        #[test]
        fn the_next_byte_is_that_of_a_loop(text in "[a ]{0,200}", places in prop::collection::vec(0_usize..250, 1..20)) {
            let bytes = text.as_bytes();
            let mut letters = Seeker::<Letters>::new();
            for from in places {
                let expected = (from..bytes.len()).find(|at| is_letter(bytes[*at])).unwrap_or(bytes.len());
                prop_assert_eq!(letters.next(bytes, from), expected);
            }
        }

        #[test]
        fn positions_and_runs_are_those_of_a_loop(text in "[a ]{0,300}") {
            let bytes = text.as_bytes();
            let expected: Vec<usize> = (0..bytes.len()).filter(|at| is_letter(bytes[*at])).collect();
            prop_assert_eq!(positions(bytes, is_letter).collect::<Vec<_>>(), expected);
            let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
            let found: Vec<&str> = runs(bytes, is_letter).map(|run| &text[run]).collect();
            prop_assert_eq!(found, words);
        }

        #[test]
        fn long_runs_are_whole(before in 0_usize..130, length in 1_usize..200, behind in 0_usize..130) {
            let text = [" ".repeat(before), "a".repeat(length), " ".repeat(behind)].concat();
            let found: Vec<Range<usize>> = runs(text.as_bytes(), is_letter).collect();
            prop_assert_eq!(found, vec![before..before + length]);
        }
    }
}
