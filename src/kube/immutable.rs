//! The place of `immutable: true` in a ConfigMap or Secret, and the text that is written there.
//!
//! The entry goes right after the `kind` entry, in the style of the document. Must not edit: the plan does.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::text::source::{Source, Span};
use crate::yaml::Value;
use crate::yaml::entry::{self, Content, Entries, Place};
use std::sync::LazyLock;

/// The new entry, which is the same for all objects.
static ENTRY: LazyLock<Entries> = LazyLock::new(|| vec![("immutable".to_owned(), Content::True)]);

/// The change that makes an object immutable (`immutable` of core/v1 ConfigMap and Secret).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immutable {
    /// None: the object is already immutable.
    Already,
    /// Replace these bytes, which contain a false value, with `true`.
    Overwrite(Span),
    /// Give a value to an `immutable:` that is empty or `~`: the spans of its key, and of its value or the empty place
    /// for it.
    Fill(Span, Span),
    /// Insert a new entry.
    Insert(Place),
}

/// Finds the entry, or the place for it.
///
/// # Errors
/// An `immutable` that is neither a boolean nor empty.
pub fn immutable(view: &View<'_, '_>, source: &Source) -> Result<Immutable, Box<Diagnostic>> {
    let tree = view.tree;
    let entry = view.field("immutable").and_then(|_| tree.entry(view.root, "immutable"));
    let Some((key, value)) = entry else {
        // There is always a place, because an object has entries: its kind, or a merge key.
        return Ok(insert(view, source).map_or(Immutable::Already, Immutable::Insert));
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

/// True if the object is marked as immutable.
pub fn is_immutable(view: &View<'_, '_>) -> bool {
    let entry = view.tree.entry(view.root, "immutable");
    entry.is_some_and(|(_, value)| view.tree.value(value) == Some(Value::Bool(true)))
}

impl Immutable {
    /// Adds the new text to `text`.
    pub fn write(&self, source: &Source, text: &mut String) {
        match *self {
            Immutable::Already => {}
            Immutable::Overwrite(_) => text.push_str("true"),
            Immutable::Fill(key, value) => text.push_str(&entry::fill(source, key, value, "true").1),
            Immutable::Insert(Place::Line(line)) => line.write(&ENTRY, text),
            Immutable::Insert(place) => text.push_str(&place.write(source, &ENTRY).1),
        }
    }

    /// Returns the bytes that the edit would replace, or the empty span where it would insert.
    pub fn place(&self, source: &Source) -> Option<Span> {
        match *self {
            Immutable::Already => None,
            Immutable::Overwrite(span) => Some(span),
            Immutable::Fill(key, value) => Some(entry::fill(source, key, value, "true").0),
            Immutable::Insert(place) => Some(place.span(source)),
        }
    }
}

/// Returns the place after the kind. If the kind comes through a merge key or from the list, returns the place before
/// the object's first entry.
fn insert(view: &View<'_, '_>, source: &Source) -> Option<Place> {
    let tree = view.tree;
    let is_kind = |key| tree.is_text(key, "kind");
    match tree.entries(view.root).filter(|(key, _)| is_kind(*key)).last() {
        Some((key, value)) => Some(Place::behind(tree, source, view.root, key, value)),
        None => Place::first(tree, source, view.root),
    }
}
