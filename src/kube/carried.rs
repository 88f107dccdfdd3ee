//! Finds the suffix in a name. Only this module recognises a versioned name.

use crate::kube::annotations::KEYED;
use crate::kube::object::{TargetKind, View};
use crate::kube::scheme::{Made, Scheme};
use crate::kube::suffix::{Content, Hash, looks_like_suffix};
use crate::kube::written;

/// The suffix at the end of a name, compared with the content of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// No suffix, or the suffix of other content.
    No,
    /// The suffix of the object's current content.
    Own(Made),
    /// A suffix that was made with a key, according to the object, but with none of the known keys. Without the key,
    /// nobody can tell whether the content is still the same.
    Unknown,
}

/// Returns the suffix in a name. It may be `own`, the suffix of the other form of the object, or the one that kustomize
/// made before the API server stored the object, each with any key. `content` reads the content, and is called only if
/// the name may end in a suffix.
pub fn carried<'a>(
    view: &View<'_, '_>,
    name: &str,
    own: Option<Made>,
    scheme: Scheme<'_>,
    content: impl Fn(Hash) -> Option<Content<'a>>,
) -> Carried {
    if !name.rsplit_once('-').is_some_and(|(base, tail)| !base.is_empty() && looks_like_suffix(tail)) {
        return Carried::No;
    }
    if let Some(own) = own.filter(|own| own.suffix.ends(name)) {
        return Carried::Own(own);
    }
    let is_secret = view.target_kind() == Some(TargetKind::Secret);
    // Without keys, the object's own form has already been tried.
    let again = (is_secret && !scheme.keys.is_empty()).then_some(scheme.hash);
    let other = if scheme.hash == Hash::Stored { Hash::Kustomize } else { Hash::Stored };
    let read = [again, Some(other)].into_iter().flatten().filter_map(&content);
    let written = || content(Hash::Kustomize).into_iter().flat_map(written::forms);
    let found = read.chain(std::iter::once_with(written).flatten());
    let found = found.into_iter().find_map(|content| scheme.recognise(content, name));
    found.map_or(if is_secret && is_marked(view) { Carried::Unknown } else { Carried::No }, Carried::Own)
}

/// True for an object whose annotation states that its suffix was made with a key.
pub fn is_marked(view: &View<'_, '_>) -> bool {
    view.annotation(KEYED).is_some_and(|value| value == "true")
}
