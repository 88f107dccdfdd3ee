//! Facts about the values of a Secret or ConfigMap that do not include the values: a hash of each, and whether it looks
//! random.

use crate::kube::content;
use crate::kube::object::{TargetKind, View};
use crate::kube::suffix::Hash;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::hash::{DefaultHasher, Hasher};

/// The minimum length of a random value, in bytes.
const SHORTEST: usize = 8;
/// The first bytes of a certificate or key.
const PEM: &[u8] = b"-----BEGIN ";

/// For each key, sorted: its hash, the hash of its value, and whether the value looks random.
pub(super) type Values = Vec<(u64, u64, bool)>;

/// Reads the facts about the values of a Secret, or of a ConfigMap with a random UUID; `None` for other objects.
pub(super) fn read(view: &View<'_, '_>, target: Option<TargetKind>) -> Option<Values> {
    let kind = target?;
    if kind == TargetKind::ConfigMap {
        return ids(view);
    }
    let content = content::read(view, kind, Hash::Stored, &mut Vec::new()).ok()?;
    let value = |text: Option<&str>| STANDARD.decode(text.unwrap_or_default()).unwrap_or_default();
    let fields = content.data.iter().flatten().map(|(key, text)| {
        let value = value(text.as_deref());
        (number(key), number(&value), looks_random(&value))
    });
    let mut fields: Values = fields.collect();
    fields.sort_unstable_by_key(|(key, ..)| *key);
    Some(fields)
}

/// Reads which values of a ConfigMap are random UUIDs. Other values are not compared: many contain hashes and versions.
fn ids(view: &View<'_, '_>) -> Option<Values> {
    let data = view.tree.deref(view.field("data")?);
    let mut fields = Values::new();
    view.tree.each_field(data, &mut |key, value| {
        let text = |node| view.tree.text(node).unwrap_or_default();
        let random = is_random_uuid(text(value).trim().as_bytes());
        fields.push((number(&text(key)), if random { number(&text(value)) } else { 0 }, random));
    });
    fields.sort_unstable_by_key(|(key, ..)| *key);
    fields.iter().any(|(.., random)| *random).then_some(fields)
}

/// True for a UUID of version 4, as `uuidv4` of a chart makes it.
fn is_random_uuid(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        14 => *byte == b'4',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(fits)
}

fn number(part: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    part.hash(&mut hasher);
    hasher.finish()
}

/// True for bytes that are not text, for certificates and keys, and for text without blanks in which lower-case
/// letters, upper-case letters and digits alternate more often than in words.
fn looks_random(value: &[u8]) -> bool {
    if value.len() < SHORTEST {
        return false;
    }
    if value.starts_with(PEM) || std::str::from_utf8(value).is_err() {
        return true;
    }
    let class = |byte: &u8| match byte {
        b'a'..=b'z' => Some(0),
        b'A'..=b'Z' => Some(1),
        b'0'..=b'9' => Some(2),
        _ => None,
    };
    let classes: Vec<u8> = value.iter().filter_map(class).collect();
    let changes = classes.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let blank = value.iter().any(|byte| byte.is_ascii_whitespace());
    !blank && changes * 5 >= value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_uuids_are_told_from_other_text() {
        assert!(is_random_uuid(b"1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"));
        assert!(!is_random_uuid(b"1b9d6bcd-bbfd-1b2d-9b5d-ab8dfbbd4bed"));
        assert!(!is_random_uuid(b"1b9d6bcdxbbfd-4b2d-9b5d-ab8dfbbd4bed") && !is_random_uuid(b"4"));
    }

    #[test]
    fn random_values_are_told_from_words() {
        for random in ["aV3kQ9zT", "9f86d081884c7d65", "x7Kp2mQz9LtR4vWb", "-----BEGIN CERTIFICATE-----"] {
            assert!(looks_random(random.as_bytes()), "{random}");
        }
        for word in [
            "short1A",
            "postgres",
            "my-database-01",
            "https://example.com/v2",
            "a Bc 1d E2 fG 3h",
            "20261125",
        ] {
            assert!(!looks_random(word.as_bytes()), "{word}");
        }
        assert!(looks_random(&[0xff; 16]));
    }
}
