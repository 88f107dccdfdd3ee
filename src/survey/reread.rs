//! Reads some documents again, for stages that search them or write into them.
//!
//! The survey keeps no syntax tree, so these stages read the few documents that they need again. A document that cannot
//! be read is skipped, because the survey has reported it. A long list comes in parts: each is a document with some of
//! the items and the bytes that belong to them. Must not change anything.

use crate::kube::object::{ObjectIndex, View, objects};
use crate::survey::inventory::Inventory;
use crate::text::parts;
use crate::text::source::Span;
use crate::yaml::split::{Document, Stream};
use crate::yaml::{self, Tree};
use std::collections::BTreeSet;

/// Calls `visit` with each document for which `wanted` is true, in the order of the stream.
pub fn documents<'s>(
    stream: &Stream<'s>,
    inventory: &Inventory<'_>,
    wanted: impl Fn(&Document) -> bool,
    visit: &mut dyn FnMut(Document, &Tree<'s>),
) {
    Run { stream, documents: inventory.documents(stream) }.documents(wanted, visit);
}

/// Returns the result of `work` for each run of consecutive documents, in the order of the stream. Uses at most
/// `threads` threads.
pub fn in_runs<'s, R: Send>(
    stream: &Stream<'s>,
    inventory: &Inventory<'_>,
    threads: usize,
    work: impl Fn(Run<'_, 's>) -> R + Sync,
) -> Vec<R> {
    let end = |document: &Document| document.span.end as usize;
    let runs = parts::runs(inventory.documents(stream), parts::count(threads), end);
    parts::each(threads, &runs, |documents| work(Run { stream, documents }))
}

/// Consecutive documents, some of which may be parts of a long list.
#[derive(Clone, Copy)]
pub struct Run<'r, 's> {
    stream: &'r Stream<'s>,
    documents: &'r [Document],
}

impl<'s> Run<'_, 's> {
    /// Calls `visit` with each document for which `wanted` is true, in the order of the stream.
    pub fn documents(self, wanted: impl Fn(&Document) -> bool, visit: &mut dyn FnMut(Document, &Tree<'s>)) {
        let mut tree = Tree::default();
        for document in self.documents.iter().filter(|document| wanted(document)) {
            if self.read(*document, &mut tree) {
                visit(*document, &tree);
            }
        }
    }
}

impl<'s> Run<'_, 's> {
    fn read(self, document: Document, tree: &mut Tree<'s>) -> bool {
        let source = self.stream.source;
        match self.stream.list_of(document) {
            Some(list) => yaml::parse_part(source, document, list, tree),
            None => yaml::parse(source.slice(document.span), document.span.start, tree).is_ok(),
        }
    }
}

/// Calls `visit` with each document that contains some of `places`, and with those places. `places` must be sorted.
pub fn holding<'s>(
    stream: &Stream<'s>,
    inventory: &Inventory<'_>,
    places: &[Span],
    visit: &mut dyn FnMut(Document, &Tree<'s>, &[Span]),
) {
    let holds = |document: &Document| !within(places, document.span).is_empty();
    documents(stream, inventory, holds, &mut |document, tree| {
        visit(document, tree, within(places, document.span));
    });
}

/// Returns those of `places` that begin within a span. `places` must be sorted.
pub fn within(places: &[Span], span: Span) -> &[Span] {
    let first = places.partition_point(|place| place.start < span.start);
    let behind = places.partition_point(|place| place.start < span.end);
    &places[first..behind]
}

/// Calls `visit` with each object of `wanted`, which contains indices into the inventory's objects, in the order of the
/// stream.
pub fn each(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    wanted: &BTreeSet<ObjectIndex>,
    visit: &mut dyn FnMut(ObjectIndex, &View<'_, '_>),
) {
    let wanted = Wanted::new(inventory, wanted.iter().copied());
    documents(stream, inventory, |document| wanted.is_in(document), &mut |_, tree| wanted.visit(tree, visit));
}

/// Returns the result of `read` for each object of `wanted`, in the order of the stream. Uses at most `threads`
/// threads.
pub fn gather<R: Send>(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    wanted: impl IntoIterator<Item = ObjectIndex>,
    threads: usize,
    read: impl Fn(ObjectIndex, &View<'_, '_>) -> R + Sync,
) -> Vec<R> {
    let wanted = Wanted::new(inventory, wanted);
    let gathered = in_runs(stream, inventory, threads, |run| {
        let mut found = Vec::new();
        let is_wanted = |document: &Document| wanted.is_in(document);
        run.documents(is_wanted, &mut |_, tree| {
            wanted.visit(tree, &mut |object, view| found.push(read(object, view)));
        });
        found
    });
    gathered.into_iter().flatten().collect()
}

/// Objects, sorted by the byte at which they begin.
struct Wanted(Vec<(u32, ObjectIndex)>);

impl Wanted {
    fn new(inventory: &Inventory<'_>, wanted: impl IntoIterator<Item = ObjectIndex>) -> Wanted {
        let place = |index| (inventory.objects.at(index).span.start, index);
        let mut places: Vec<_> = wanted.into_iter().map(place).collect();
        places.sort_unstable();
        Wanted(places)
    }

    fn is_in(&self, document: &Document) -> bool {
        let first = self.0.partition_point(|(start, _)| *start < document.span.start);
        self.0.get(first).is_some_and(|(start, _)| *start < document.span.end)
    }

    fn visit(&self, tree: &Tree<'_>, visit: &mut dyn FnMut(ObjectIndex, &View<'_, '_>)) {
        for view in objects(tree) {
            let start = tree.node(view.root).span.start;
            if let Ok(at) = self.0.binary_search_by_key(&start, |(start, _)| *start) {
                visit(self.0[at].1, &view);
            }
        }
    }
}
