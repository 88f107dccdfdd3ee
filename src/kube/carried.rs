//! Which hash a name carries. The one place that recognises a versioned name.

use crate::kube::suffix::{Content, Hash, Suffix, looks_like_suffix, suffix};
use crate::kube::written;

/// The hash that a name ends in, if it is that of the object's own content: `own`, or the other way of hashing, or what
/// kustomize made of it before the API server stored it. `content` makes the content, and is asked only when the name
/// could carry a hash.
pub fn carried<'a>(
    name: &str,
    own: Option<Suffix>,
    hash: Hash,
    content: impl Fn(Hash) -> Option<Content<'a>>,
) -> Option<Suffix> {
    let (base, tail) = name.rsplit_once('-')?;
    if base.is_empty() || !looks_like_suffix(tail) {
        return None;
    }
    let other = || {
        let other = if hash == Hash::Stored { Hash::Kustomize } else { Hash::Stored };
        content(other).map(suffix).filter(|other| other.ends(name))
    };
    let written = || {
        let forms = written::forms(&content(Hash::Kustomize)?);
        forms.into_iter().map(suffix).find(|written| written.ends(name))
    };
    own.filter(|own| own.ends(name)).or_else(other).or_else(written)
}
