//! How suffixes are made and recognised: from which form of an object and, for Secrets, with which keys.
//!
//! Must not read objects: it takes content that was read.

use crate::kube::key::Keys;
use crate::kube::object::TargetKind;
use crate::kube::suffix::{self, Content, Hash, Suffix};

/// How the suffixes of a run are made.
#[derive(Clone, Copy, Debug)]
pub struct Scheme<'k> {
    /// The form of the object.
    pub hash: Hash,
    /// The keys, for Secrets. ConfigMaps get a plain hash in any case: whoever sees them sees their content.
    pub keys: &'k Keys,
}

/// A suffix, and whether a key made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The suffix.
    pub suffix: Suffix,
    /// True if a key made it.
    pub keyed: bool,
}

impl Made {
    /// The suffix of this content without a key.
    pub fn plain(content: Content<'_>) -> Made {
        Made { suffix: suffix::suffix(content), keyed: false }
    }
}

impl Scheme<'_> {
    /// The suffix that this content gets.
    pub fn make(self, mut content: Content<'_>) -> Made {
        match self.keys.first().filter(|_| content.kind == TargetKind::Secret) {
            Some(key) => Made { suffix: suffix::keyed(&mut content, key), keyed: true },
            None => Made::plain(content),
        }
    }

    /// The suffix at the end of `name`, if this content can have got it: without a key, or with any of the keys.
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
