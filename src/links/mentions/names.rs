//! The names to search for, and the words of a text that are one of them.

use super::candidates::{self, Beginnings};
use super::few::FewBeginnings;
use super::words;
use crate::kube::arena::Arena;
use crate::kube::content::key_hash;
use crate::kube::table::Table;
use crate::links::usage::Usage;
use crate::rules::context;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::standing::Standing;
use crate::text::source::Span;
use std::collections::HashSet;

/// The maximum length of a name in bytes.
const LONGEST: usize = crate::kube::names::LONGEST_NAME;

/// The names of all targets that may be versioned.
pub(super) struct Names<'i> {
    inventory: &'i Inventory<'i>,
    /// The first target with each name.
    first: Table<TargetIndex>,
    /// For each target, the next one with the same name.
    next: Arena<TargetIndex, Option<TargetIndex>>,
    /// For each target, whether an object that is neither ConfigMap nor Secret has the same name.
    shared: Arena<TargetIndex, bool>,
    /// For each length in bytes, whether a name has it.
    lengths: [bool; LONGEST + 1],
    begins: Beginnings,
    few: Option<FewBeginnings>,
}

/// The targets that have a name.
#[derive(Clone, Copy)]
pub(super) struct Named<'n> {
    names: &'n Names<'n>,
    first: TargetIndex,
}

impl Named<'_> {
    /// True if an object that is neither ConfigMap nor Secret has the same name.
    pub(super) fn is_shared(self) -> bool {
        self.names.shared[self.first]
    }

    /// Returns the targets, in the order of the stream.
    pub(super) fn targets(self) -> impl Iterator<Item = TargetIndex> {
        std::iter::successors(Some(self.first), move |target| self.names.next[*target])
    }
}

impl<'i> Names<'i> {
    /// Collects the names of the targets for which nothing is decided yet.
    pub(super) fn new(inventory: &'i Inventory<'i>, usage: &Arena<TargetIndex, Usage>) -> Names<'i> {
        let others: HashSet<u32> = inventory.other_names.iter().copied().collect();
        let targets = &inventory.targets;
        let mut names = Names {
            inventory,
            first: Table::with_capacity(targets.len()),
            next: targets.iter().map(|_| None).collect(),
            shared: targets.iter().map(|_| false).collect(),
            lengths: [false; LONGEST + 1],
            begins: Beginnings::default(),
            few: None,
        };
        // From the end, so that the targets of a name are in the order of the stream.
        for ((number, target), usage) in targets.indexed().zip(usage).rev() {
            let name = name(inventory, number);
            let open = target.standing == Standing::Open && usage.claimed.is_none();
            if open && !name.is_empty() && name.len() <= LONGEST {
                names.shared[number] = others.contains(&key_hash(name));
                names.add(name, number);
            }
        }
        names.few = FewBeginnings::of(names.first.items().map(|target| name(inventory, target)));
        names
    }

    fn add(&mut self, word: &str, target: TargetIndex) {
        self.lengths[word.len()] = true;
        self.begins.add(word.as_bytes());
        self.next[target] = self.first.insert(target, |target| name(self.inventory, target));
    }

    /// True if there is no name to search for.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// True if the word is one of the names.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// Returns the targets that have a name.
    pub(super) fn get(&self, word: &str) -> Option<Named<'_>> {
        let known = self.may_be(word.as_bytes());
        let first = known.then(|| self.first.get(&word, |target| name(self.inventory, target)))??;
        Some(Named { names: self, first })
    }

    fn may_be(&self, word: &[u8]) -> bool {
        self.lengths.get(word.len()).is_some_and(|known| *known) && self.begins.may_begin(word)
    }

    /// Returns the places of a text that are one of the names, in order.
    pub(super) fn within(&self, text: &str) -> Vec<Span> {
        let (bytes, mut found) = (text.as_bytes(), Vec::new());
        let read = |run| {
            if let Some(word) = words::of_run(bytes, run) {
                self.of_word(text, word, &mut found);
            }
        };
        match &self.few {
            Some(few) => few.runs(bytes).for_each(read),
            None => candidates::runs(bytes, &self.begins).for_each(read),
        }
        found
    }

    fn of_word(&self, text: &str, word: Span, found: &mut Vec<Span>) {
        let range = word.range();
        let slice = &text[range.clone()];
        // An object's name often occurs in several places in a row, which need no lookup.
        let again = found.last().is_some_and(|hit| &text[hit.range()] == slice);
        if again || self.contains(slice) {
            return found.push(word);
        }
        let escape = escape_before(text, range.start, slice);
        let escaped = (escape > 0 && escape < slice.len()).then_some(escape..slice.len());
        let parts = escaped.into_iter().chain(context::in_key(slice).map(|(part, _)| part));
        let named = parts.filter(|part| slice.get(part.clone()).is_some_and(|part| self.contains(part)));
        let first = found.len();
        found.extend(named.map(|part| Span::new(range.start + part.start, range.start + part.end)));
        found[first..].sort_unstable();
    }
}

fn name<'i>(inventory: &'i Inventory<'_>, target: TargetIndex) -> &'i str {
    inventory.name(&inventory.targets[target])
}

/// Returns the number of bytes at the start of a word that belong to an escape in double quotes: for `
/// web`, the `n`.
fn escape_before(text: &str, start: usize, word: &str) -> usize {
    if !text[..start].ends_with('\\') {
        return 0;
    }
    match word.as_bytes()[0] {
        b'x' => 3,
        b'u' => 5,
        b'U' => 9,
        _ => 1,
    }
}
