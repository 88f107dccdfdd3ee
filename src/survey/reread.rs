//! Reads some documents again, for stages that search them or write into them.
//!
//! The survey keeps no syntax tree, so these stages read the few documents that they need. A document that cannot be read is
//! skipped, since the survey has reported it. Must not change anything.

use crate::kube::object::{ObjectIndex, View, objects};
use crate::survey::inventory::Inventory;
use crate::text::source::Span;
use crate::yaml::split::{Document, Stream};
use crate::yaml::{self, Tree};
use std::collections::{BTreeSet, HashMap};

/// Calls `visit` with each document for which `wanted` is true, in the order of the stream.
pub fn documents<'s>(
    stream: &Stream<'s>,
    wanted: impl Fn(&Document) -> bool,
    visit: &mut dyn FnMut(Document, &Tree<'s>),
) {
    let mut tree = Tree::default();
    for document in stream.documents.iter().filter(|document| wanted(document)) {
        if yaml::parse(stream.source.slice(document.span), document.span.start, &mut tree).is_ok() {
            visit(*document, &tree);
        }
    }
}

/// Calls `visit` with each document that holds some of these places, which are sorted, and with those.
pub fn holding<'s>(
    stream: &Stream<'s>,
    places: &[Span],
    visit: &mut dyn FnMut(Document, &Tree<'s>, &[Span]),
) {
    let holds = |document: &Document| !within(places, document.span).is_empty();
    documents(stream, holds, &mut |document, tree| {
        visit(document, tree, within(places, document.span));
    });
}

/// Those of the places, which are sorted, that begin within a span.
pub fn within(places: &[Span], span: Span) -> &[Span] {
    let first = places.partition_point(|place| place.start < span.start);
    let behind = places.partition_point(|place| place.start < span.end);
    &places[first..behind]
}

/// Calls `visit` with each object of `wanted`, which holds indices into the inventory's objects, in the order of the
/// stream.
pub fn each(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    wanted: &BTreeSet<ObjectIndex>,
    visit: &mut dyn FnMut(ObjectIndex, &View<'_, '_>),
) {
    let mut by_document: HashMap<u32, HashMap<u32, ObjectIndex>> = HashMap::new();
    for index in wanted {
        let object = &inventory.objects[*index];
        by_document.entry(object.document).or_default().insert(object.span.start, *index);
    }
    let is_wanted = |document: &Document| by_document.contains_key(&document.number);
    documents(stream, is_wanted, &mut |document, tree| {
        for view in objects(tree) {
            let here = by_document.get(&document.number);
            if let Some(index) = here.and_then(|here| here.get(&tree.node(view.root).span.start)) {
                visit(*index, &view);
            }
        }
    });
}
