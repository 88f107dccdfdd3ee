//! Finds the object that contains a place of an export, and the namespaces that this object can refer to.
//!
//! Pods, their controllers and their templates read ConfigMaps and Secrets of their own namespace. A name in such an
//! object refers to another namespace only if the object also contains the name of that namespace.

use crate::kube::object::{ObjectId, View};
use crate::text::source::{Source, Span};
use std::collections::HashSet;

/// The index of a [`Home`].
pub(super) type HomeIndex = usize;

/// An object of the export.
#[derive(Debug)]
pub(super) struct Home<'s> {
    pub(super) id: ObjectId<'s>,
    span: Span,
    /// True if it reads only objects of its own namespace, unless it names another namespace.
    keeps_to_itself: bool,
}

impl<'s> Home<'s> {
    pub(super) fn new(view: &View<'_, 's>, id: ObjectId<'s>, holds_pods: bool) -> Home<'s> {
        let other = matches!(
            (view.group(), id.kind.as_ref()),
            ("", "ServiceAccount") | ("networking.k8s.io", "Ingress")
        );
        Home { span: view.tree.node(view.root).span, id, keeps_to_itself: holds_pods || other }
    }
}

/// Looks up objects by place. Consecutive places in the same object are fast.
pub(super) struct Homes<'h, 's> {
    source: &'s Source,
    sorted: Vec<(Span, HomeIndex)>,
    all: &'h [Home<'s>],
    /// The words of the object that was looked up last.
    words: Option<(HomeIndex, HashSet<&'s str>)>,
}

impl<'h, 's> Homes<'h, 's> {
    pub(super) fn new(source: &'s Source, all: &'h [Home<'s>]) -> Self {
        let mut sorted: Vec<(Span, HomeIndex)> =
            all.iter().enumerate().map(|(at, home)| (home.span, at)).collect();
        sorted.sort_unstable();
        Homes { source, sorted, all, words: None }
    }

    /// Returns the object that contains a place.
    pub(super) fn of(&self, place: Span) -> Option<HomeIndex> {
        let behind = self.sorted.partition_point(|(span, _)| span.start <= place.start);
        let (span, home) = self.sorted.get(behind.checked_sub(1)?)?;
        span.contains(place).then_some(*home)
    }

    /// True if a name in this object can refer to an object in this namespace.
    pub(super) fn speaks_of(&mut self, home: HomeIndex, namespace: &str) -> bool {
        let all = self.all;
        let Some(object) = all.get(home) else { return true };
        let own = object.id.namespace.as_deref().unwrap_or_default();
        !object.keeps_to_itself || own.is_empty() || own == namespace || self.words(home).contains(namespace)
    }

    fn words(&mut self, home: HomeIndex) -> &HashSet<&'s str> {
        if self.words.as_ref().is_none_or(|(known, _)| *known != home) {
            let text = self.all.get(home).map_or("", |home| self.source.slice(home.span));
            self.words = Some((home, words(text)));
        }
        let known = self.words.get_or_insert_with(|| (home, HashSet::new()));
        &known.1
    }
}

/// Returns all words that could be the name of a namespace. After a backslash, the first letter may belong to an escape
/// sequence, so each word is also returned without it. So is one in which the name follows its flag: `-nweb`.
fn words(text: &str) -> HashSet<&str> {
    let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut found = HashSet::new();
    for word in text.split(|c| !is_of_name(c)).filter(|word| !word.is_empty()) {
        found.insert(word);
        found.extend(word.get(1..));
        found.extend(word.strip_prefix("-n"));
    }
    found
}
