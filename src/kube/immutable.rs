//! Where `immutable: true` goes in a ConfigMap or Secret, and how it is written there.
//!
//! It goes right after the `kind` entry, in the style of the document. Must not edit: the plan does.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::text::source::{Source, Span};
use crate::yaml::Value;
use crate::yaml::entry::{self, Content, Entries, Place};
use std::sync::LazyLock;

/// The new entry: one for all objects.
static ENTRY: LazyLock<Entries> = LazyLock::new(|| vec![("immutable".to_owned(), Content::True)]);

/// What it takes to make an object immutable (`immutable` of core/v1 ConfigMap and Secret).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immutable {
    /// It is already.
    Already,
    /// These bytes hold something else and become `true`.
    Overwrite(Span),
    /// `immutable:` holds nothing, or `~`: its key, and its value or the empty place where that would be.
    Fill(Span, Span),
    /// There is no such entry yet.
    Insert(Place),
}

/// Looks where the entry is or belongs.
///
/// # Errors
/// An `immutable` that is neither a boolean nor empty.
pub fn immutable(view: &View<'_, '_>) -> Result<Immutable, Box<Diagnostic>> {
    let tree = view.tree;
    let Some((key, value)) = tree.entry(view.root, "immutable") else {
        // An object has entries: its kind, or a merge key.
        return Ok(insert(view).map_or(Immutable::Already, Immutable::Insert));
    };
    let span = tree.node(value).span;
    match tree.value(value) {
        Some(Value::Bool(true)) => Ok(Immutable::Already),
        Some(Value::Bool(false)) => Ok(Immutable::Overwrite(span)),
        Some(Value::Null) => Ok(Immutable::Fill(tree.node(key).span, span)),
        other => {
            let found = other.map_or("a collection", |value| value.describe());
            let message = format!("`immutable` is {found}, expected `true` or `false`");
            let finding = Diagnostic::new(Code::InvalidData, message);
            Err(Box::new(finding.at(span, "not a boolean").help("write `immutable: true`, or omit it")))
        }
    }
}

impl Immutable {
    /// The bytes to write over and what to write; `None` when nothing is to be done.
    pub fn edit(&self, source: &Source) -> Option<(Span, String)> {
        match *self {
            Immutable::Already => None,
            Immutable::Overwrite(span) => Some((span, "true".to_owned())),
            Immutable::Fill(key, value) => Some(entry::fill(source, key, value, "true")),
            Immutable::Insert(place) => Some(place.write(source, &ENTRY)),
        }
    }

    /// The bytes that the edit would change, or the empty place where it would insert.
    pub fn place(&self, source: &Source) -> Option<Span> {
        match *self {
            Immutable::Already => None,
            Immutable::Overwrite(span) => Some(span),
            Immutable::Fill(key, value) => Some(entry::fill(source, key, value, "true").0),
            Immutable::Insert(place) => Some(place.span(source)),
        }
    }
}

/// After the kind; where that comes through a merge key or from the list, before the object's first entry.
fn insert(view: &View<'_, '_>) -> Option<Place> {
    let tree = view.tree;
    let is_kind = |key| tree.is_text(key, "kind");
    match tree.entries(view.root).filter(|(key, _)| is_kind(*key)).last() {
        Some((key, value)) => Some(Place::behind(tree, view.root, key, value)),
        None => Place::first(tree, view.root),
    }
}
