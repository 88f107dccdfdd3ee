//! What the shapes say about the key of a field, and a memory of the keys that were read.
//!
//! A walk asks more than a dozen questions about the key of each field, and all answers follow from the text of the key.
//! Manifests use the same few hundred keys again and again. So the answers are found once for each key and kept in a few
//! bytes: a field then takes one lookup and a few tests of bits, in place of up to 60 comparisons of texts. With this, the
//! walk over the objects of a Helm release takes two fifths fewer instructions.

use super::shapes::{self, Strength};
use super::table::Kinds;
use crate::kube::content::FIELDS;

/// What the text of a key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It is `name`.
    Name,
    /// It is `value`.
    Value,
    /// It is `key`.
    DataKey,
    /// It is `metadata`.
    Metadata,
    /// It is `annotations`.
    Annotations,
    /// It is `data`, `binaryData` or `stringData`.
    Content,
    /// The value is a map of annotations ([`shapes::are_annotations`]).
    AnyAnnotations,
    /// The value contains no reference by shape ([`shapes::is_aside`]).
    Aside,
    /// The search for mentions always skips the value.
    Unsearched,
    /// The value may be a label selector.
    Selector,
    /// A text under the key names an object ([`Key::text`]).
    Names,
    /// It is `env`.
    Env,
    /// The items have a name that is local to the pod ([`shapes::is_pod_local`]).
    PodLocal,
    /// The field `key` in the value names a Secret ([`shapes::is_remote_key`]).
    Remote,
    /// An operator is likely to mount what the list names ([`shapes::are_mounted`]).
    Mounted,
    /// The value is a command line ([`shapes::is_command_line`]).
    CommandLine,
}

/// What is known about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The bits of its [`Sign`]s.
    signs: u16,
    mark: u8,
    held: Kinds,
    text: Option<(Kinds, Strength)>,
    list: Option<(Kinds, Strength)>,
}

impl Key {
    /// An empty key, as there is at the root of an object.
    pub const ROOT: Key = Key { signs: 0, mark: 0, held: Kinds::NONE, text: None, list: None };

    /// Asks all questions about a key.
    #[cold]
    pub fn of(key: &str) -> Key {
        let other = shapes::is_other(key) && !matches!(key, "apiVersion" | "kind");
        let aside = shapes::is_aside(key);
        let text = shapes::text(key);
        let signs: [(Sign, bool); 16] = [
            (Sign::Name, key == "name"),
            (Sign::Value, key == "value"),
            (Sign::DataKey, key == "key"),
            (Sign::Metadata, key == "metadata"),
            (Sign::Annotations, key == "annotations"),
            (Sign::Content, FIELDS.contains(&key)),
            (Sign::AnyAnnotations, shapes::are_annotations(key)),
            (Sign::Aside, aside),
            // Every object has an `apiVersion` and a `kind`, and they are not names.
            (Sign::Unsearched, other || (aside && key != "annotations")),
            (Sign::Selector, key.ends_with("elector")),
            (Sign::Names, text.is_some()),
            (Sign::Env, key == "env"),
            (Sign::PodLocal, shapes::is_pod_local(key)),
            (Sign::Remote, shapes::is_remote_key(key, "key")),
            (Sign::Mounted, shapes::are_mounted(key)),
            (Sign::CommandLine, shapes::is_command_line(key)),
        ];
        Key {
            signs: signs.iter().filter(|(_, holds)| *holds).fold(0, |signs, (sign, _)| signs | bit(*sign)),
            mark: mark(key.as_bytes()),
            held: shapes::holder(key),
            text,
            list: shapes::list(key),
        }
    }

    /// True if the text of the key says this.
    #[inline]
    pub fn is(self, sign: Sign) -> bool {
        self.signs & bit(sign) != 0
    }

    /// True if the text of the key says something about the field that this set of signs asks for.
    #[inline]
    pub fn is_any(self, signs: Signs) -> bool {
        self.signs & signs.0 != 0
    }

    /// Returns the kinds that `{name: ...}` under the key names ([`shapes::holder`]).
    pub fn held(self) -> Kinds {
        self.held
    }

    /// Returns the kinds that text under the key names ([`shapes::text`]).
    pub fn text(self) -> Option<(Kinds, Strength)> {
        self.text
    }

    /// Returns the kinds that the strings of a list under the key name ([`shapes::list`]).
    pub fn list(self) -> Option<(Kinds, Strength)> {
        self.list
    }

    /// Returns a number below 64. Equal keys have equal marks.
    #[inline]
    pub fn mark(self) -> u8 {
        self.mark
    }
}

/// A set of signs.
#[derive(Clone, Copy, Debug)]
pub struct Signs(u16);

impl Signs {
    /// Creates the set of these signs.
    pub const fn of<const COUNT: usize>(signs: [Sign; COUNT]) -> Signs {
        let (mut bits, mut at) = (0, 0);
        while at < COUNT {
            bits |= bit(signs[at]);
            at += 1;
        }
        Signs(bits)
    }
}

#[inline]
const fn bit(sign: Sign) -> u16 {
    1 << sign as u16
}

/// The keys that were read. Each has two places, in which the last two keys stay.
#[derive(Debug)]
pub struct Keys<'s>(Vec<[Seen<'s>; 2]>);

/// A key that was read.
#[derive(Clone, Copy, Debug)]
struct Seen<'s> {
    ends: Ends,
    text: &'s [u8],
    key: Key,
}

/// Half the number of places. All keys of a release of many charts fit in.
const PAIRS: usize = 1 << PAIR_BITS;
const PAIR_BITS: u32 = 8;
const MARK_BITS: u32 = 6;

impl Default for Keys<'_> {
    fn default() -> Self {
        Keys(vec![[Seen { ends: Ends::of(b""), text: b"", key: Key::ROOT }; 2]; PAIRS])
    }
}

impl<'s> Keys<'s> {
    /// Returns what is known about a key.
    #[inline]
    pub fn get(&mut self, text: &'s [u8]) -> Key {
        let ends = Ends::of(text);
        let at = (ends.hash() >> MARK_BITS) as usize & (PAIRS - 1);
        match self.0.get(at) {
            Some([seen, _]) if seen.is(ends, text) => seen.key,
            Some([_, seen]) if seen.is(ends, text) => seen.key,
            _ => self.learn(at, ends, text),
        }
    }

    #[cold]
    fn learn(&mut self, at: usize, ends: Ends, text: &'s [u8]) -> Key {
        // The text of a key is text, so nothing is lost.
        let key = Key::of(str::from_utf8(text).unwrap_or_default());
        if let Some(pair) = self.0.get_mut(at) {
            *pair = [Seen { ends, text, key }, pair[0]];
        }
        key
    }
}

impl Seen<'_> {
    /// True if this is the key. The ends of nearly every key are the whole key.
    #[inline]
    fn is(&self, ends: Ends, text: &[u8]) -> bool {
        self.ends == ends && (ends.length <= 2 * size_of::<u64>() || self.text == text)
    }
}

/// The first and last bytes of a key, and its length: all of a key of up to 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ends {
    first: u64,
    last: u64,
    length: usize,
}

impl Ends {
    #[inline]
    fn of(text: &[u8]) -> Ends {
        let (first, last) = if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
        } else {
            (text.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0)
        };
        Ends { first, last, length: text.len() }
    }

    /// Returns the bits for a place and a mark. Keys with equal bits cost time and nothing else.
    #[inline]
    fn hash(self) -> u32 {
        const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.first ^ self.length as u64).wrapping_mul(FACTOR) ^ self.last;
        (mixed.wrapping_mul(FACTOR) >> (u64::BITS - PAIR_BITS - MARK_BITS)) as u32
    }
}

/// Returns the mark of a key ([`Key::mark`]).
pub(super) fn mark(key: &[u8]) -> u8 {
    (Ends::of(key).hash() & ((1 << MARK_BITS) - 1)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_the_shapes_say() {
        let words =
            ["", "a", "key", "name", "kind", "data", "value", "image", "selector", "secretName", "args"];
        let longer = (0..2000).map(|number| format!("{}{number}", words[number % words.len()]));
        let all: Vec<String> = words.iter().map(|word| (*word).to_owned()).chain(longer).collect();
        let mut keys = Keys::default();
        assert_eq!(Key::of(""), Key::ROOT);
        for _ in 0..2 {
            for key in &all {
                assert_eq!(keys.get(key.as_bytes()), Key::of(key), "{key}");
            }
        }
    }

    #[test]
    fn signs_of_some_keys() {
        assert!(Key::of("image").is(Sign::Unsearched) && !Key::of("kind").is(Sign::Unsearched));
        assert!(Key::of("labels").is(Sign::Unsearched) && !Key::of("annotations").is(Sign::Unsearched));
        assert!(Key::of("annotations").is(Sign::Aside) && Key::of("podAnnotations").is(Sign::AnyAnnotations));
        assert_eq!(Key::of("secretKeyRef").held(), Kinds::SECRET);
    }
}
