//! What a ConfigMap or Secret says about itself.

use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::arena_index;
use crate::kube::content::key_hash;
use crate::kube::immutable::Immutable;
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::kube::suffix::Suffix;
use crate::survey::standing::{OriginalWish, Standing};
use crate::yaml::Site;

arena_index! {
    /// The index of a ConfigMap or Secret among those that the stream holds.
    TargetIndex
}

/// A ConfigMap or Secret.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its index among the objects.
    pub object: ObjectIndex,
    /// Which of the two.
    pub kind: TargetKind,
    /// Where its name is written; the object's own place when it has none.
    pub name: Site,
    /// Its suffix, or all that prevents one.
    pub suffix: Result<Suffix, Box<Problems>>,
    /// True if a key made that suffix.
    pub keyed: bool,
    /// True when its name carries a suffix that a key made which is not known.
    pub unknown_key: bool,
    /// What it says of itself.
    pub standing: Standing,
    /// What a person says about keeping it under its original name next to its version.
    pub original: OriginalWish,
    /// True when a Helm chart rendered it.
    pub rendered_by_helm: bool,
    /// True when its text can be written a second time as an object of its own.
    pub can_be_copied: bool,
    /// True when Helm 4 would change its text on the way through a post-renderer ([`crate::kube::helm_text`]).
    pub changed_by_helm_4: bool,
    /// What it takes to make it immutable.
    pub immutable: Immutable,
}

/// What prevents a suffix, one or more findings.
#[derive(Clone, Debug)]
pub struct Problems(pub Vec<Diagnostic>);

/// The keys and values of an object's labels.
pub(super) fn labels(view: &View<'_, '_>) -> Vec<(u32, u32)> {
    let Some(labels) = view.meta("labels") else { return Vec::new() };
    let mut found = Vec::new();
    view.tree.each_field(view.tree.deref(labels), &mut |key, value| {
        let texts = view.tree.text(key).zip(view.tree.text(value));
        found.extend(texts.map(|(key, value)| (key_hash(key), key_hash(value))));
    });
    found
}
