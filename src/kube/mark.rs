//! The annotation of an original next to its version: the place and the text.
//!
//! The place is found when the document is read, so the document need not be read again for a copy. Must not decide
//! which objects are copied.

use super::annotations::{ORIGINAL, ORIGINAL_FOR, OUTSIDE};
use super::kustomize;
use super::object::View;
use crate::text::source::Source;
use crate::yaml::entry::{Content, Entries, Line, Place};
use std::sync::LazyLock;

/// The place of the annotation in an object that is a whole document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    line: Line,
    /// True if the object has annotations. Otherwise their mapping is added too.
    annotated: bool,
}

/// The new entries, which are the same for all objects.
struct Texts {
    /// For an original that is kept for readers in the input.
    inside: Entries,
    /// For an original that is kept for readers outside the input.
    outside: Entries,
}

static IN_ANNOTATIONS: LazyLock<Texts> =
    LazyLock::new(|| Texts { inside: annotations(false), outside: annotations(true) });
static IN_METADATA: LazyLock<Texts> = LazyLock::new(|| {
    let below = |outside| vec![("annotations".to_owned(), Content::Map(annotations(outside)))];
    Texts { inside: below(false), outside: below(true) }
});

/// Returns the annotations of an original, as keys and values. `outside` is true if the original is kept for readers
/// outside the input.
pub fn of_original(outside: bool) -> Vec<(String, String)> {
    let mut mark = vec![(ORIGINAL.to_owned(), "true".to_owned())];
    mark.extend(outside.then(|| (ORIGINAL_FOR.to_owned(), OUTSIDE.to_owned())));
    mark
}

fn annotations(outside: bool) -> Entries {
    of_original(outside).into_iter().map(|(key, value)| (key, Content::Text(value))).collect()
}

impl Mark {
    /// Finds the place. `None` if the annotation does not go on a separate line, if the copy has to change in more than
    /// one place, or if its text is not the whole document.
    pub fn find(view: &View<'_, '_>, source: &Source) -> Option<Mark> {
        let tree = view.tree;
        let is_document = tree.root() == Some(view.root) && tree.ignored_from().is_none();
        let is_simple = !tree.has_aliases() && !tree.has_merges() && !tree.has_lone_return();
        let metadata = view.metadata().filter(|_| is_document && is_simple)?;
        let annotations = view.meta("annotations");
        if let Some(annotations) = annotations {
            let is_there = |key| tree.get(annotations, key).is_some();
            if !tree.is_mapping(annotations) || is_there(ORIGINAL) || is_there(ORIGINAL_FOR) {
                return None;
            }
        }
        if kustomize::previous_names_value(view).is_some() {
            return None;
        }
        match Place::first(tree, source, annotations.unwrap_or(metadata))? {
            Place::Line(line) => Some(Mark { line, annotated: annotations.is_some() }),
            Place::Beside(_) => None,
        }
    }

    /// Returns the offset in the source where the text goes.
    pub fn at(self) -> u32 {
        self.line.at()
    }

    /// Returns the text that marks the original.
    pub fn text(self, outside: bool) -> String {
        let texts = if self.annotated { &IN_ANNOTATIONS } else { &IN_METADATA };
        let mut text = String::with_capacity(96);
        self.line.write(if outside { &texts.outside } else { &texts.inside }, &mut text);
        text
    }
}
