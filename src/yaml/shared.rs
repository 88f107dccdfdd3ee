//! Texts that several places of a document share through anchors and aliases.
//!
//! Finds the changes to a shared text that cannot be made. Must not know the purpose of the changes.

use super::{Anchored, Site};
use crate::text::source::Span;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// The text that a caller wants at a place.
pub trait Wish: Copy {
    /// Two wishes with the same key result in the same text.
    type Key: Copy + Eq + Hash;

    /// Returns the key of this wish.
    fn key(self) -> Self::Key;
}

/// A place that contains a known name, or where something is to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct Use<W> {
    /// The place, and the alias through which it was reached.
    pub site: Site,
    /// The text to write there; `None` if the text stays.
    pub wish: Option<W>,
}

impl<W: Wish> Use<W> {
    fn key(&self) -> Option<W::Key> {
        self.wish.map(W::key)
    }
}

/// Every known place, with the alias through which it was reached and the key of the wish for it.
type Known<W> = HashSet<(Span, Option<u32>, Option<<W as Wish>::Key>)>;

/// The aliases through which each wish for a place was reached.
type Ways<W> = HashMap<(Span, Option<<W as Wish>::Key>), HashSet<Option<u32>>>;

/// Returns the edits that cannot be made: edits in an anchored collection that is also used in another place, where the
/// same edit is not wanted. Each edit is returned with that other place, or, if it is not wanted at the anchor, with the
/// alias through which it is wanted.
pub fn conflicts<W: Wish>(anchored: &[Anchored], uses: &[Use<W>]) -> Vec<(Use<W>, Span)> {
    let mut edits: Vec<Use<W>> = uses.iter().filter(|place| place.wish.is_some()).copied().collect();
    edits.sort_by_key(|edit| edit.site.span);
    let known: Known<W> = uses.iter().map(|place| (place.site.span, place.site.via, place.key())).collect();
    let mut ways: Ways<W> = HashMap::new();
    for edit in &edits {
        ways.entry((edit.site.span, edit.key())).or_default().insert(edit.site.via);
    }
    let nested = nested_aliases(anchored);
    anchored.iter().flat_map(|anchor| in_container(anchor, &nested, &edits, (&known, &ways))).collect()
}

/// Returns the aliases inside anchored collections, which are themselves repeated.
fn nested_aliases(anchored: &[Anchored]) -> HashSet<Span> {
    let mut spans: Vec<Span> = anchored.iter().map(|anchor| anchor.span).collect();
    spans.sort();
    // Two nodes are nested or disjoint. So an alias is inside a node that begins before it if and only if the furthest
    // end of the nodes that begin before it is not before its own end.
    let furthest: Vec<u32> = spans
        .iter()
        .scan(0, |end, span| {
            *end = span.end.max(*end);
            Some(*end)
        })
        .collect();
    let is_nested = |alias: &Span| {
        let before = spans.partition_point(|span| span.start < alias.start);
        before > 0 && furthest[before - 1] >= alias.end
    };
    anchored.iter().flat_map(|anchor| anchor.aliases.iter().copied()).filter(is_nested).collect()
}

/// Returns the edits in an anchored collection that are not wanted at every alias of it.
fn in_container<W: Wish>(
    anchor: &Anchored,
    nested: &HashSet<Span>,
    edits: &[Use<W>],
    (known, ways): (&Known<W>, &Ways<W>),
) -> Vec<(Use<W>, Span)> {
    let first = edits.partition_point(|edit| edit.site.span.start < anchor.span.start);
    let behind = edits.partition_point(|edit| edit.site.span.start < anchor.span.end);
    let aliases: HashSet<u32> = anchor.aliases.iter().map(|alias| alias.start).collect();
    // The result for a place applies to every alias through which it was reached.
    let verdict = |edit: &Use<W>| {
        let ways = ways.get(&(edit.site.span, edit.key()));
        let elsewhere = |via: &Option<u32>| via.is_none_or(|via| !aliases.contains(&via));
        // The same edit must also be wanted at the anchor itself.
        if !ways.is_some_and(|ways| ways.iter().any(elsewhere)) {
            let own = anchor.aliases.iter().find(|alias| Some(alias.start) == edit.site.via);
            return Some(own.map_or(anchor.span, |alias| *alias));
        }
        let is_other = |alias: &&Span| {
            let key = (edit.site.span, Some(alias.start), edit.key());
            nested.contains(alias) || !known.contains(&key)
        };
        anchor.aliases.iter().find(is_other).copied()
    };
    let mut verdicts: HashMap<(Span, Option<W::Key>), Option<Span>> = HashMap::new();
    let within = edits[first..behind].iter().filter(|edit| edit.site.span != anchor.span);
    let found = within.filter_map(|edit| {
        let conflict = verdicts.entry((edit.site.span, edit.key())).or_insert_with(|| verdict(edit));
        conflict.map(|place| (*edit, place))
    });
    found.collect()
}
