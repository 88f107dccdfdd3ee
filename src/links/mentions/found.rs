//! The mentions that were found, and paths that may turn out to be files of a mount.

use super::judge::Verdict;
use super::names::Named;
use crate::rules::Kinds;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::text::source::Span;
use std::collections::{BTreeMap, HashSet};

/// Bytes in the longest path that is compared with mounts.
const LONGEST_PATH: usize = 4096;
/// Parts of a path that are compared with mounts.
const MOST_PARTS: usize = 64;

/// Where a target's old name is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The target's index.
    pub target: TargetIndex,
    /// The first such place.
    pub place: Span,
    /// What the place is.
    pub form: Form,
    /// How many places there are.
    pub count: usize,
}

/// What a place is, as far as it matters for what can be done about a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A field whose whole text is the name.
    Field,
    /// A part of a text.
    Text,
    /// A value of a Secret, which is not shown; the place is its key.
    Hidden,
}

/// What was found so far.
pub(super) struct Found<'i, 's> {
    inventory: &'i Inventory<'s>,
    mentions: BTreeMap<TargetIndex, Mention>,
    paths: Vec<(String, Mention)>,
    mounts: HashSet<String>,
}

impl<'i, 's> Found<'i, 's> {
    pub(super) fn new(inventory: &'i Inventory<'s>) -> Self {
        Found { inventory, mentions: BTreeMap::new(), paths: Vec::new(), mounts: HashSet::new() }
    }

    /// Notes where a container mounts something.
    pub(super) fn mount(&mut self, path: &str) {
        self.mounts.insert(path.trim_end_matches('/').to_owned());
    }

    /// Notes what a word of `text` that ends at `end` was judged to be. `own` is the target in whose data the text is.
    pub(super) fn note(
        &mut self,
        (text, end): (&str, usize),
        (named, verdict): (Named<'_>, Verdict),
        own: Option<TargetIndex>,
        (place, form): (Span, Form),
    ) {
        let (kinds, path) = match verdict {
            Verdict::Nothing => return,
            Verdict::Named(kinds) | Verdict::Held(kinds) => (kinds, None),
            Verdict::Alone if named.is_shared() => return,
            Verdict::Alone => (Kinds::BOTH, None),
            Verdict::InPath(at, kinds) => (kinds.unwrap_or(Kinds::BOTH), text.get(at..end)),
        };
        let says_itself = matches!(verdict, Verdict::Named(_));
        for target in named.targets() {
            let of = &self.inventory.targets[target];
            let itself = own == Some(target) || self.inventory.object(of).span.contains(place);
            if !kinds.iter().any(|kind| kind == of.kind) || (itself && !(says_itself && own.is_some())) {
                continue;
            }
            let mention = Mention { target, place, form, count: 1 };
            match path.filter(|path| path.len() <= LONGEST_PATH) {
                Some(path) => self.paths.push((path.to_owned(), mention)),
                None => self.add(mention),
            }
        }
    }

    /// True when it matters what is mounted.
    pub(super) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Every mention, by target. What lies below a mount is a file, whatever the object is called.
    pub(super) fn finish(mut self) -> Vec<Mention> {
        for (path, mention) in std::mem::take(&mut self.paths) {
            if !self.is_mounted(&path) {
                self.add(mention);
            }
        }
        self.mentions.into_values().collect()
    }

    fn is_mounted(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]).take(MOST_PARTS);
        ends.filter_map(|end| path.get(..end)).any(|part| !part.is_empty() && self.mounts.contains(part))
    }

    /// What was found in this part of the stream and in the one that follows it.
    #[must_use]
    pub(super) fn and(mut self, later: Self) -> Self {
        later.mentions.into_values().for_each(|mention| self.add(mention));
        self.paths.extend(later.paths);
        self.mounts.extend(later.mounts);
        self
    }

    fn add(&mut self, mention: Mention) {
        let known = self.mentions.entry(mention.target).or_insert(Mention { count: 0, ..mention });
        known.count += mention.count;
        if mention.place < known.place {
            (known.place, known.form) = (mention.place, mention.form);
        }
    }
}
