//! Keys for the suffixes of Secrets. Nobody without the key can test a guess of the content against a name.
//!
//! Must not read files or the environment, and must never show a key, not even part of it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;

/// HMAC-SHA-256 (RFC 2104), to which a text is then added.
pub(super) type Authenticator = Hmac<Sha256>;

/// The minimum length of a key in bytes: 128 bits, if they are random.
pub const SHORTEST: usize = 16;

/// A key. It contains the state that HMAC derives from the key, not the key itself, and wipes the state when it is
/// dropped. The state is on the heap, so that moving a key leaves no copy behind.
pub struct SecretKey(Box<Authenticator>);

/// The error for a key of fewer than [`SHORTEST`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooShort;

impl SecretKey {
    /// Creates a key from its bytes. Line breaks at the end are ignored, because a file has one and a variable does
    /// not.
    ///
    /// # Errors
    /// Too few bytes.
    pub fn new(bytes: &[u8]) -> Result<SecretKey, TooShort> {
        let end = bytes.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
        let bytes = bytes.get(..end).filter(|bytes| bytes.len() >= SHORTEST).ok_or(TooShort)?;
        Authenticator::new_from_slice(bytes).map(|state| SecretKey(Box::new(state))).map_err(|_| TooShort)
    }

    /// Returns an HMAC with this key, without any text yet.
    pub(super) fn authenticator(&self) -> Authenticator {
        (*self.0).clone()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl PartialEq for SecretKey {
    /// True if both keys authenticate a text in the same way.
    fn eq(&self, other: &SecretKey) -> bool {
        let code = |key: &SecretKey| key.authenticator().finalize();
        code(self) == code(other)
    }
}

impl Eq for SecretKey {}

/// The keys of a run. The first one makes suffixes, and all of them recognise suffixes. Without keys, a suffix is a
/// plain hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(Arc<[SecretKey]>);

impl Keys {
    /// Returns the key that makes suffixes.
    pub fn first(&self) -> Option<&SecretKey> {
        self.0.first()
    }

    /// Returns all keys.
    pub fn iter(&self) -> impl Iterator<Item = &SecretKey> {
        self.0.iter()
    }

    /// True if there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromIterator<SecretKey> for Keys {
    fn from_iter<I: IntoIterator<Item = SecretKey>>(keys: I) -> Keys {
        Keys(keys.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_key_is_refused_and_line_breaks_are_not_part_of_it() {
        assert_eq!(SecretKey::new(b"").err(), Some(TooShort));
        assert_eq!(SecretKey::new(b"fifteen bytes!!").err(), Some(TooShort));
        assert_eq!(SecretKey::new(b"fifteen bytes!!\r\n\n").err(), Some(TooShort));
        assert_eq!(SecretKey::new(b"sixteen bytes!!!"), SecretKey::new(b"sixteen bytes!!!\r\n"));
        assert_ne!(SecretKey::new(b"sixteen bytes!!!"), SecretKey::new(b" sixteen bytes!!!"));
    }

    #[test]
    fn a_key_is_not_shown() {
        let keys: Keys = SecretKey::new(b"sixteen bytes!!!").into_iter().collect();
        assert_eq!(format!("{keys:?}"), "Keys([SecretKey(…)])");
    }
}
