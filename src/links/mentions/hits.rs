//! The places of a stream that are one of the names.
//!
//! In the manifests of a chart, every other line contains a name. Nearly all of these places are references, labels and
//! the like, so only the others are kept. A document that is read again is searched again for all of them.

use super::escaped::with_escapes;
use super::names::Names;
use super::scope::Scope;
use crate::survey::inventory::Inventory;
use crate::survey::reread::within;
use crate::text::parts;
use crate::text::source::{Source, Span};
use crate::yaml::split::Stream;

/// The size in bytes of a piece of the text whose places are kept until their meaning is looked up.
const PIECE: usize = 1 << 20;

/// A search for the names.
pub(super) struct Hits<'a> {
    source: &'a Source,
    names: &'a Names<'a>,
    /// The places with escapes, sorted.
    escaped: Vec<Span>,
}

impl<'a> Hits<'a> {
    pub(super) fn new(stream: &Stream<'a>, inventory: &Inventory<'_>, names: &'a Names<'a>) -> Hits<'a> {
        let escaped = with_escapes(Vec::new(), stream, inventory, |text| names.within(text));
        Hits { source: stream.source, names, escaped }
    }

    /// Returns the places within a document, sorted.
    pub(super) fn within(&self, document: Span) -> Vec<Span> {
        let found = moved(self.names.within(self.source.slice(document)), document.start as usize);
        let mut all: Vec<Span> = found.chain(within(&self.escaped, document).iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the places whose meaning is not known and that are in parts to search, sorted. No name extends over a line
    /// break, so the text is searched in pieces, on at most `threads` threads.
    pub(super) fn unknown(&self, scope: &Scope<'_>, threads: usize) -> Vec<Span> {
        let text = self.source.text();
        let pieces = parts::lines(text, parts::count(threads).max(text.len() / PIECE));
        let found = parts::each(threads, &pieces, |(start, piece)| {
            let all = moved(self.names.within(piece), *start);
            let mut few = scope.searched(scope.not_known(all)).collect::<Vec<Span>>();
            // The list that was collected into is that of all places.
            few.shrink_to_fit();
            few
        });
        let escaped = scope.searched(scope.not_known(self.escaped.iter().copied()));
        let mut all: Vec<Span> = found.into_iter().flatten().chain(escaped).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Returns places in a part of the text as places in the text.
fn moved(places: Vec<Span>, by: usize) -> impl Iterator<Item = Span> {
    places.into_iter().map(move |place| Span::new(by + place.start as usize, by + place.end as usize))
}
