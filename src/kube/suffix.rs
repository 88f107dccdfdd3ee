//! The suffix: ten characters made from an object's kind, type and content.
//!
//! SHA-256 of a canonical JSON text, the first ten hexadecimal digits, with the digits that could form words replaced
//! (the alphabet of kustomize and of `kubectl create configmap --append-hash`); with a key, HMAC-SHA-256 instead. A
//! pure function: name, namespace, labels, annotations and `immutable` never count. The algorithm is frozen: a change
//! would roll every workload of every user. docs/design.md contains the specification, fixtures/suffix the test
//! vectors.

use crate::kube::canonical::{CanonicalText, Field};
use crate::kube::key::SecretKey;
use crate::kube::object::TargetKind;
use crate::kube::signs::Signs;
use hmac::Mac;
use sha2::digest::Update;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// The form of the content from which the suffix is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// The object as the API server would store it: the default.
    #[default]
    Stored,
    /// The object as written, exactly as kustomize 5 hashes it.
    Kustomize,
}

/// The number of characters in a suffix.
pub const LENGTH: usize = 10;

/// Ten characters out of `2456789bcdfghkmt`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Suffix([u8; LENGTH]);

impl Suffix {
    /// Returns the suffix as text.
    pub fn as_str(&self) -> &str {
        // The bytes are from the alphabet, so they are always ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns `<base>-<suffix>`.
    pub fn name(&self, base: &str) -> String {
        [base, "-", self.as_str()].concat()
    }

    /// True if `name` ends in a dash and this suffix.
    pub fn ends(&self, name: &str) -> bool {
        name.strip_suffix(self.as_str()).is_some_and(|base| base.len() > 1 && base.ends_with('-'))
    }
}

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The keys and values of one field.
pub type Fields<'a> = Vec<Field<'a>>;

/// The content that is hashed. For [`Hash::Stored`], the object as the API server would store it: `string_data` already
/// merged into `data`, base64 canonical, an absent type `Opaque`, empty fields absent. For [`Hash::Kustomize`], the
/// object as written.
#[derive(Clone, Debug)]
pub struct Content<'a> {
    /// The kind: ConfigMap or Secret.
    pub kind: TargetKind,
    /// The `type` of a Secret.
    pub secret_type: Cow<'a, str>,
    /// `data`; `None` if absent.
    pub data: Option<Fields<'a>>,
    /// `binaryData` of a ConfigMap; `None` if absent.
    pub binary_data: Option<Fields<'a>>,
    /// `stringData` of a Secret, only as written.
    pub string_data: Option<Fields<'a>>,
    /// What may be in the keys and values.
    pub signs: Signs,
}

/// Returns the suffix of this content without a key.
pub fn suffix(mut content: Content<'_>) -> Suffix {
    encode(&canonical(&mut content, Sha256::new()).finalize())
}

/// Returns the suffix of this content with a key.
pub fn keyed(content: &mut Content<'_>, key: &SecretKey) -> Suffix {
    encode(&canonical(content, key.authenticator()).finalize().into_bytes())
}

/// Feeds the canonical text of this content to a hash.
///
/// Keys are sorted by their bytes; if a key occurs twice, the last value counts.
fn canonical<H: Update>(content: &mut Content<'_>, hash: H) -> H {
    let (mut text, signs) = (CanonicalText::new(hash), content.signs);
    match content.kind {
        TargetKind::ConfigMap => {
            text.raw("{");
            if content.binary_data.is_some() {
                text.raw("\"binaryData\":");
                text.fields(content.binary_data.as_deref_mut(), signs);
                text.raw(",");
            }
            text.raw("\"data\":");
            text.fields(content.data.as_deref_mut(), signs);
            text.raw(",\"kind\":\"ConfigMap\",\"name\":\"\"}");
        }
        TargetKind::Secret => {
            text.raw("{\"data\":");
            text.fields(content.data.as_deref_mut(), signs);
            text.raw(",\"kind\":\"Secret\",\"name\":\"\"");
            if content.string_data.is_some() {
                text.raw(",\"stringData\":");
                text.fields(content.string_data.as_deref_mut(), signs);
            }
            text.raw(",\"type\":");
            text.string(&content.secret_type);
            text.raw("}");
        }
    }
    text.hash()
}

/// Returns the suffix of a text that is already canonical, or that is too long to use directly.
pub fn of_text(text: &str) -> Suffix {
    encode(&Sha256::digest(text.as_bytes()))
}

/// True if `text` could be a suffix: ten characters of the alphabet.
pub fn looks_like_suffix(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| b"2456789bcdfghkmt".contains(&byte))
}

/// True if `name` ends in a dash and what could be a suffix.
pub fn looks_suffixed(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, tail)| looks_like_suffix(tail))
}

fn encode(digest: &[u8]) -> Suffix {
    let mut digits = [0; 2 * LENGTH];
    let mut found = [0; LENGTH];
    // Ten digits come from the first five bytes. The buffer fits twice as many, so this cannot fail.
    if hex::encode_to_slice(&digest[..LENGTH], &mut digits).is_ok() {
        found.copy_from_slice(&digits[..LENGTH]);
    }
    for digit in &mut found {
        *digit = match *digit {
            b'0' => b'g',
            b'1' => b'h',
            b'3' => b'k',
            b'a' => b'm',
            b'e' => b't',
            other => other,
        };
    }
    Suffix(found)
}
