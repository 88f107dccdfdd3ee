//! What a ConfigMap or Secret says about itself.

use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::arena_index;
use crate::kube::content::key_hash;
use crate::kube::immutable::Immutable;
use crate::kube::mark::Mark;
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::kube::suffix::Suffix;
use crate::survey::standing::{OriginalWish, Standing};
use crate::text::source::Source;
use crate::yaml::{Site, item};

arena_index! {
    /// The index of a ConfigMap or Secret among those of the stream.
    TargetIndex
}

/// A ConfigMap or Secret.
#[derive(Clone, Debug)]
pub struct Target {
    /// The index of its object in the inventory.
    pub object: ObjectIndex,
    /// Whether it is a ConfigMap or a Secret.
    pub kind: TargetKind,
    /// The site of its name; the site of the object if it has no name.
    pub name: Site,
    /// True if the name is valid and short enough for a suffix ([`crate::kube::names::check`]).
    pub fits: bool,
    /// True if the name ends in what could be a suffix.
    pub suffixed: bool,
    /// The suffix, or everything that prevents one.
    pub suffix: Result<Suffix, Box<Problems>>,
    /// True if a key made the suffix.
    pub keyed: bool,
    /// True if its name ends in a suffix that an unknown key made.
    pub unknown_key: bool,
    /// What it says about itself.
    pub standing: Standing,
    /// What a person requests about keeping it under its original name next to its version.
    pub original: OriginalWish,
    /// True if a Helm chart rendered it.
    pub rendered_by_helm: bool,
    /// Whether its text can be written a second time, as a separate object.
    pub copying: Copying,
    /// True if Helm 4 would change its text when it passes through a post-renderer ([`crate::kube::helm_text`]).
    pub changed_by_helm_4: bool,
    /// The change that makes it immutable.
    pub immutable: Immutable,
}

/// Whether the text of an object can be written a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copying {
    /// It cannot.
    Never,
    /// It can. The document has to be read again to find out where its parts go.
    Again,
    /// It can, with one more annotation at this place.
    Marked(Mark),
}

impl Copying {
    pub(super) fn of(view: &View<'_, '_>, source: &Source) -> Copying {
        if !item::is_free(view.tree, source.text(), view.root) {
            return Copying::Never;
        }
        Mark::find(view, source).map_or(Copying::Again, Copying::Marked)
    }
}

impl Target {
    /// True if its text can be written a second time, as a separate object.
    pub fn can_be_copied(&self) -> bool {
        self.copying != Copying::Never
    }

    /// True if the object is marked as immutable.
    pub fn is_immutable(&self) -> bool {
        matches!(self.immutable, Immutable::Already)
    }
}

/// One or more findings that prevent a suffix.
#[derive(Clone, Debug)]
pub struct Problems(pub Vec<Diagnostic>);

/// Appends the keys and values of an object's labels, as [`key_hash`].
pub(super) fn labels(view: &View<'_, '_>, found: &mut Vec<(u32, u32)>) {
    let Some(labels) = view.meta("labels") else { return };
    view.tree.each_field(labels, |key, value| {
        let texts = view.tree.text(key).zip(view.tree.text(value));
        found.extend(texts.map(|(key, value)| (key_hash(key), key_hash(value))));
    });
}
