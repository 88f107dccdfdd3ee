//! Reads a field for content in one pass if nothing about it needs a finding.
//!
//! In nearly all fields, each key and each value is text, and each key is valid and occurs once. Reading them takes a
//! third of the instructions of [`content`](super::content), which reads the others and reports what is wrong. The pass
//! also sees what may be in the values, so that later checks need no second one. Must not report anything.

use super::plain;
use super::shown;
use super::signs::Signs;
use super::suffix::Fields;
use crate::yaml::{NodeId, Tree};
use memchr::memchr3;
use std::borrow::Cow;

/// Values from this length on are only searched for placeholders. Many have an escape in any case, such as a line end.
const LONG: usize = 256;

/// The number of keys up to which they are sorted on the stack.
const FEW: usize = 64;

/// The maximum number of entries for which memory is reserved at once.
const RESERVED: usize = 1024;

/// Returns the keys and values of a field, sorted; `None` if something about them is unusual. `encoded` is true for
/// values that should be base64, which are not searched for placeholders.
pub(super) fn read<'t>(
    tree: &'t Tree<'_>,
    mapping: NodeId,
    encoded: bool,
    signs: &mut Signs,
) -> Option<Fields<'t>> {
    if tree.has_merges() || !tree.is_mapping(mapping) {
        return None;
    }
    let mut seen = *signs;
    let nodes = tree.node(mapping).next.0 - mapping.0;
    let mut fields = Fields::with_capacity(RESERVED.min(nodes as usize / 2));
    // What the keys have in common is the least that any two neighbours have in common.
    let (mut common, mut sorted) = (usize::MAX, true);
    for (node, is_block, texts) in tree.pairs(mapping) {
        let (key, value) = match texts {
            Some((key, value)) => (Cow::Borrowed(key), Cow::Borrowed(value)),
            None => (tree.key(node)?, tree.string(NodeId(node.0 + 1))?),
        };
        let mut same = 0;
        if let Some((before, _)) = fields.last() {
            same = common_length(before.as_bytes(), key.as_bytes());
            common = common.min(same);
            sorted &= before.as_bytes().get(same) < key.as_bytes().get(same);
        }
        // What the key before also has is not checked again.
        if !shown::is_key_after(&key, same) {
            return None;
        }
        seen.block |= is_block;
        see(&value, encoded, &mut seen);
        // A tag changed a text that is not borrowed.
        seen.placeholder |= matches!(value, Cow::Owned(_));
        fields.push((key, Some(value)));
    }
    if !sorted {
        fields = in_order(fields, common)?;
    }
    *signs = seen;
    Some(fields)
}

/// Adds what may be in a value.
#[inline]
fn see(value: &str, encoded: bool, seen: &mut Signs) {
    let bytes = value.as_bytes();
    if encoded {
        // Base64 is decoded later, which also shows what is in it.
    } else if bytes.len() < LONG {
        // One pass is enough for most values, and for all after the first one with an escape.
        if seen.escape || plain::found(bytes, plain::signs) != 0 {
            seen.escape = seen.escape || plain::found(bytes, plain::escapes) != 0;
            seen.placeholder = seen.placeholder || plain::found(bytes, plain::placeholders) != 0;
        }
    } else {
        seen.escape = true;
        seen.placeholder |= memchr3(b'<', b'$', b'+', bytes).is_some();
    }
    seen.placeholder |= value.starts_with("vault:");
}

/// Sorts by the keys, which have their first `common` bytes in common; `None` if one occurs twice. The next eight bytes of
/// each key, as a number, decide nearly all comparisons. This takes a sixth of the instructions of comparing texts.
fn in_order<'t>(mut fields: Fields<'t>, common: usize) -> Option<Fields<'t>> {
    let (mut few, mut many);
    let order = if fields.len() <= FEW {
        few = [0; FEW];
        &mut few[..fields.len()]
    } else {
        many = vec![0; fields.len()];
        &mut many[..]
    };
    for (place, (number, (key, _))) in order.iter_mut().zip(fields.iter().enumerate()) {
        *place = u128::from(number_of(&key.as_bytes()[common.min(key.len())..])) << 64 | number as u128;
    }
    order.sort_unstable();
    if order.windows(2).any(|pair| pair[0] >> 64 == pair[1] >> 64) {
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        return fields.windows(2).all(|pair| pair[0].0 != pair[1].0).then_some(fields);
    }
    Some(order.iter().map(|place| std::mem::take(&mut fields[*place as u64 as usize])).collect())
}

/// Returns the first eight bytes as a number that is in the order of the texts; a shorter text ends in zeros.
fn number_of(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => {
            text.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
                << (8 * (8 - text.len())).min(63)
        }
    }
}

/// Returns the number of bytes at the start that are the same.
fn common_length(a: &[u8], b: &[u8]) -> usize {
    let mut same = 0;
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        let differ = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differ != 0 {
            return same + differ.trailing_zeros() as usize / 8;
        }
        same += 8;
    }
    same + a[same..].iter().zip(&b[same..]).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_are_in_order(keys in prop::collection::btree_set("(same\\.prefix\\.)?[ab.]{1,12}", 1..90), odd in "[ab]{0,20}") {
            let sorted: Vec<&String> = keys.iter().collect();
            let mut mixed = sorted.clone();
            mixed.sort_by_key(|key| key.bytes().rev().collect::<Vec<_>>());
            let common = mixed.windows(2).map(|pair| common_length(pair[0].as_bytes(), pair[1].as_bytes())).min();
            let fields: Fields<'_> = mixed.iter().map(|key| (Cow::Borrowed(key.as_str()), None)).collect();
            let ordered = in_order(fields, common.unwrap_or(usize::MAX)).unwrap();
            prop_assert!(ordered.iter().map(|(key, _)| key.as_ref()).eq(sorted.iter().map(|key| key.as_str())));
            let twice: Fields<'_> = [&odd, &odd].map(|key| (Cow::Borrowed(key.as_str()), None)).into();
            prop_assert!(in_order(twice, odd.len()).is_none());
        }

        #[test]
        fn common_length_is_that_of_a_loop(a in "[ab]{0,20}", b in "[ab]{0,20}", same in "[ab]{0,20}") {
            let (a, b) = (same.clone() + &a, same + &b);
            let expected = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
            prop_assert_eq!(common_length(a.as_bytes(), b.as_bytes()), expected);
        }
    }
}
