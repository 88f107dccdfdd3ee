//! The mentions that were found, and paths that may turn out to be mounted files.

use super::judge::Verdict;
use super::names::Named;
use crate::rules::Kinds;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::text::source::Span;
use std::collections::{BTreeMap, HashSet};

/// The length in bytes of the longest path that is compared with mounts.
const LONGEST_PATH: usize = 4096;
/// The maximum number of parts of a path that are compared with mounts.
const MOST_PARTS: usize = 64;

/// The mentions of a target's original name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The index of the target.
    pub target: TargetIndex,
    /// The first place with a mention.
    pub place: Span,
    /// The form of that place.
    pub form: Form,
    /// The number of places.
    pub count: usize,
}

/// The form of a place with a mention, which determines what a person can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A field whose whole text is the name.
    Field,
    /// A part of a longer text.
    Text,
    /// A value of a Secret, which is not shown. The place is its key.
    Hidden,
}

/// The mentions that were found so far.
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

    /// Records the path at which a container mounts something.
    pub(super) fn mount(&mut self, path: &str) {
        self.mounts.insert(path.trim_end_matches('/').to_owned());
    }

    /// Records the verdict on a word of `text` that ends at byte `end`. `own` is the target whose data contains the
    /// text.
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

    /// True if the mentions depend on what is mounted.
    pub(super) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Returns every mention, in the order of the targets. A path below a mount is a file, so it is not a mention.
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

    /// Joins the mentions of this part of the stream with those of a later part.
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
