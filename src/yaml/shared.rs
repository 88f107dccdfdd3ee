//! Places in a document where one text serves several places, through anchors and aliases.
//!
//! Says which changes of a shared text cannot be made. Must not know what the changes are for.

use super::{Anchored, Site};
use crate::text::source::Span;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// What somebody wants written at a place.
pub trait Wish: Copy {
    /// Two wishes with the same key write the same text.
    type Key: Copy + Eq + Hash;

    /// The key of this wish.
    fn key(self) -> Self::Key;
}

/// A place that is known to hold a name, or where something is to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct Use<W> {
    /// The place, and the alias by which it was reached.
    pub site: Site,
    /// What to write there; `None` where the text stays.
    pub wish: Option<W>,
}

impl<W: Wish> Use<W> {
    fn key(&self) -> Option<W::Key> {
        self.wish.map(W::key)
    }
}

/// Every place that is known, with the alias by which it was reached and what it wants.
type Known<W> = HashSet<(Span, Option<u32>, Option<<W as Wish>::Key>)>;

/// By which aliases each wish for a place was reached.
type Ways<W> = HashMap<(Span, Option<<W as Wish>::Key>), HashSet<Option<u32>>>;

/// The edits that cannot be made: within an anchored collection that stands for another place too, where nothing or
/// something else is wanted; each with that place.
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

/// Aliases that stand within an anchored collection, and so are repeated themselves.
fn nested_aliases(anchored: &[Anchored]) -> HashSet<Span> {
    let mut spans: Vec<Span> = anchored.iter().map(|anchor| anchor.span).collect();
    spans.sort();
    // Nodes nest or lie apart, so an alias is within one that begins before it exactly if the furthest end is behind it.
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

/// An edit within an anchored collection must be wanted at each alias of it: those that are not.
fn in_container<W: Wish>(
    anchor: &Anchored,
    nested: &HashSet<Span>,
    edits: &[Use<W>],
    (known, ways): (&Known<W>, &Ways<W>),
) -> Vec<(Use<W>, Span)> {
    let first = edits.partition_point(|edit| edit.site.span.start < anchor.span.start);
    let behind = edits.partition_point(|edit| edit.site.span.start < anchor.span.end);
    let aliases: HashSet<u32> = anchor.aliases.iter().map(|alias| alias.start).collect();
    // What is found at a place holds for every way in which it was reached.
    let verdict = |edit: &Use<W>| {
        let ways = ways.get(&(edit.site.span, edit.key()));
        let elsewhere = |via: &Option<u32>| via.is_none_or(|via| !aliases.contains(&via));
        // Where the anchor itself is, the same must be wanted too.
        if !ways.is_some_and(|ways| ways.iter().any(elsewhere)) {
            return Some(anchor.span);
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
