//! How suffixes are made and recognised: the form of an object and, for Secrets, the keys.
//!
//! Must not read objects: the caller passes the content.

use crate::kube::key::Keys;
use crate::kube::object::TargetKind;
use crate::kube::suffix::{self, Content, Hash, Suffix};

/// The settings for the suffixes of a run.
#[derive(Clone, Copy, Debug)]
pub struct Scheme<'k> {
    /// The form of the object.
    pub hash: Hash,
    /// The keys for Secrets. ConfigMaps always get a plain hash, because everyone who sees them sees their content.
    pub keys: &'k Keys,
}

/// A suffix, and whether it was made with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The suffix.
    pub suffix: Suffix,
    /// True if it was made with a key.
    pub keyed: bool,
}

impl Made {
    /// Returns the suffix of this content without a key.
    pub fn plain(content: Content<'_>) -> Made {
        Made { suffix: suffix::suffix(content), keyed: false }
    }
}

impl Scheme<'_> {
    /// Returns the suffix of this content.
    pub fn make(self, mut content: Content<'_>) -> Made {
        match self.keys.first().filter(|_| content.kind == TargetKind::Secret) {
            Some(key) => Made { suffix: suffix::keyed(&mut content, key), keyed: true },
            None => Made::plain(content),
        }
    }

    /// Returns the suffix at the end of `name` if it is a suffix of this content: without a key, or with any of the
    /// keys.
    pub fn recognise(self, mut content: Content<'_>, name: &str) -> Option<Made> {
        if content.kind == TargetKind::Secret {
            for key in self.keys.iter() {
                let suffix = suffix::keyed(&mut content, key);
                if suffix.ends(name) {
                    return Some(Made { suffix, keyed: true });
                }
            }
        }
        Some(Made::plain(content)).filter(|made| made.suffix.ends(name))
    }
}
