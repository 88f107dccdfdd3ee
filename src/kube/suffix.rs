//! The suffix: ten characters made from an object's kind, type and content.
//!
//! SHA-256 of a canonical JSON text, the first ten hexadecimal digits, with the digits that could form words replaced
//! (the alphabet of kustomize and of `kubectl create configmap --append-hash`); with a key, HMAC-SHA-256 in its place. A
//! pure function: name, namespace, labels, annotations and `immutable` never count. The algorithm is frozen: a change of
//! it would roll every workload of every user. docs/design.md holds the specification, fixtures/suffix the test vectors.

use crate::kube::key::SecretKey;
use crate::kube::object::TargetKind;
use crate::kube::plain;
use crate::text::bits;
use hmac::Mac;
use sha2::digest::Update;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// How the suffix is made from content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// From the object as the API server would store it: the default.
    #[default]
    Stored,
    /// Exactly as kustomize 5 makes it from the object as written.
    Kustomize,
}

/// Characters in a suffix.
pub const LENGTH: usize = 10;

/// Ten characters out of `2456789bcdfghkmt`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Suffix([u8; LENGTH]);

impl Suffix {
    /// The suffix as text.
    pub fn as_str(&self) -> &str {
        // The bytes come out of the alphabet, so they are always ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `<base>-<suffix>`.
    pub fn name(&self, base: &str) -> String {
        [base, "-", self.as_str()].concat()
    }

    /// True when `name` ends in a dash and this suffix.
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

/// Keys and values of one field. A value of `None` is a null; which the API server stores as empty text.
pub type Fields<'a> = Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>;

/// What is hashed. For [`Hash::Stored`] the object as the API server would store it: `string_data` already folded
/// into `data`, base64 canonical, an absent type `Opaque`, empty fields absent. For [`Hash::Kustomize`] as written.
#[derive(Clone, Debug)]
pub struct Content<'a> {
    /// ConfigMap or Secret.
    pub kind: TargetKind,
    /// A Secret's `type`.
    pub secret_type: Cow<'a, str>,
    /// `data`; `None` when absent.
    pub data: Option<Fields<'a>>,
    /// `binaryData` of a ConfigMap; `None` when absent.
    pub binary_data: Option<Fields<'a>>,
    /// `stringData` of a Secret, only as written.
    pub string_data: Option<Fields<'a>>,
}

/// The suffix of this content, made without a key.
pub fn suffix(mut content: Content<'_>) -> Suffix {
    encode(&canonical(&mut content, Sha256::new()).finalize())
}

/// The suffix of this content, made with a key.
pub fn keyed(content: &mut Content<'_>, key: &SecretKey) -> Suffix {
    encode(&canonical(content, key.authenticator()).finalize().into_bytes())
}

/// Feeds the canonical text of this content to a hash.
///
/// Keys are sorted by their bytes; if a key occurs twice, the last value counts.
fn canonical<H: Update>(content: &mut Content<'_>, hash: H) -> H {
    let mut text = CanonicalText { hash, pending: Vec::with_capacity(PIECE) };
    match content.kind {
        TargetKind::ConfigMap => {
            text.raw("{");
            if content.binary_data.is_some() {
                text.raw("\"binaryData\":");
                text.fields(content.binary_data.as_mut());
                text.raw(",");
            }
            text.raw("\"data\":");
            text.fields(content.data.as_mut());
            text.raw(",\"kind\":\"ConfigMap\",\"name\":\"\"}");
        }
        TargetKind::Secret => {
            text.raw("{\"data\":");
            text.fields(content.data.as_mut());
            text.raw(",\"kind\":\"Secret\",\"name\":\"\"");
            if content.string_data.is_some() {
                text.raw(",\"stringData\":");
                text.fields(content.string_data.as_mut());
            }
            text.raw(",\"type\":");
            text.string(&content.secret_type);
            text.raw("}");
        }
    }
    text.hash()
}

/// The suffix of a text that is canonical already, or too long to be used itself.
pub fn of_text(text: &str) -> Suffix {
    encode(&Sha256::digest(text.as_bytes()))
}

/// Appends `text` as it is within the quotes of a canonical JSON text.
pub fn escape(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for (at, escape) in escapes(bytes) {
        out.push_str(&text[done..at]);
        done = at + 1;
        match escape {
            Escape::Short(letter) => out.extend(['\\', char::from(letter)]),
            Escape::Unicode(number) => out.push_str(&format!("\\u{number:04x}")),
            Escape::Separator => {
                done = at + 3;
                out.push_str(if bytes[at + 2] == 0xa8 { "\\u2028" } else { "\\u2029" });
            }
        }
    }
    out.push_str(&text[done..]);
}

/// True when `text` could be a suffix: ten characters of the alphabet.
pub fn looks_like_suffix(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| b"2456789bcdfghkmt".contains(&byte))
}

fn encode(digest: &[u8]) -> Suffix {
    let mut digits = [0; 2 * LENGTH];
    let mut found = [0; LENGTH];
    // Ten digits come from the first five bytes; twice as many fit the buffer, so this cannot fail.
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

/// JSON as Go's `encoding/json` writes it, fed to the hash as it grows.
struct CanonicalText<H> {
    hash: H,
    /// What the hash has not had yet. It takes many short pieces at once at a third of what they take one by one.
    pending: Vec<u8>,
}

/// How many bytes are gathered for the hash at most.
const PIECE: usize = 4096;

impl<H: Update> CanonicalText<H> {
    fn raw(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if bytes.len() > PIECE {
            self.flush();
            self.hash.update(bytes);
        } else {
            self.reserve(bytes.len());
            self.pending.extend_from_slice(bytes);
        }
    }

    /// Makes room for so many bytes.
    fn reserve(&mut self, bytes: usize) {
        if self.pending.len() + bytes > PIECE {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.hash.update(&self.pending);
        self.pending.clear();
    }

    /// The hash, with the whole text.
    fn hash(mut self) -> H {
        self.flush();
        self.hash
    }

    /// An object with sorted keys; an absent one is the empty string.
    fn fields(&mut self, fields: Option<&mut Fields<'_>>) {
        let Some(fields) = fields else { return self.raw("\"\"") };
        // Stable, so that of equal keys the last written stays last.
        if !fields.is_sorted_by(|(a, _), (b, _)| a <= b) {
            fields.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
        }
        self.raw("{");
        let mut first = true;
        for (index, (key, value)) in fields.iter().enumerate() {
            if fields.get(index + 1).is_some_and(|(next, _)| next == key) {
                continue;
            }
            let before = if std::mem::take(&mut first) { b"" } else { &b","[..] };
            self.quoted(before, key, b":");
            match value {
                Some(value) => self.string(value),
                None => self.raw("null"),
            }
        }
        self.raw("}");
    }

    fn string(&mut self, text: &str) {
        self.quoted(b"", text, b"");
    }

    /// A string, with what comes before its first and after its last quote.
    fn quoted(&mut self, before: &[u8], text: &str, behind: &[u8]) {
        let bytes = text.as_bytes();
        if bytes.len() < PIECE / 2 && plain::is_plain(bytes) {
            self.reserve(bytes.len() + before.len() + behind.len() + 2);
            self.pending.extend_from_slice(before);
            self.pending.push(b'"');
            self.pending.extend_from_slice(bytes);
            self.pending.push(b'"');
            return self.pending.extend_from_slice(behind);
        }
        self.bytes(before);
        self.raw("\"");
        let mut done = 0;
        for (at, escape) in escapes(bytes) {
            self.bytes(&bytes[done..at]);
            done = at + self.escape(bytes, at, escape);
        }
        self.bytes(&bytes[done..]);
        self.raw("\"");
        self.bytes(behind);
    }

    /// Writes one escape and returns how many bytes of the text it stands for.
    fn escape(&mut self, bytes: &[u8], at: usize, escape: Escape) -> usize {
        match escape {
            Escape::Short(letter) => self.bytes(&[b'\\', letter]),
            Escape::Unicode(number) => self.raw(&format!("\\u{number:04x}")),
            Escape::Separator => {
                self.raw(if bytes[at + 2] == 0xa8 { "\\u2028" } else { "\\u2029" });
                return 3;
            }
        }
        1
    }
}

#[derive(Clone, Copy)]
enum Escape {
    Short(u8),
    Unicode(u8),
    /// U+2028 or U+2029, three bytes.
    Separator,
}

/// Where Go's encoder escapes, and how.
fn escapes(bytes: &[u8]) -> impl Iterator<Item = (usize, Escape)> + '_ {
    bits::positions(bytes, plain::may_be_escaped).filter_map(|at| {
        let byte = bytes[at];
        let escape = match byte {
            b'"' | b'\\' => Escape::Short(byte),
            b'\n' => Escape::Short(b'n'),
            b'\r' => Escape::Short(b'r'),
            b'\t' => Escape::Short(b't'),
            0x08 => Escape::Short(b'b'),
            0x0c => Escape::Short(b'f'),
            0..0x20 | b'<' | b'>' | b'&' => Escape::Unicode(byte),
            0xe2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])) => Escape::Separator,
            _ => return None,
        };
        Some((at, escape))
    })
}
