//! The places where a stream contains a word for ConfigMaps or Secrets.
//!
//! A name that is shared with an object of another kind counts only near such a place. Such names are in labels
//! everywhere, so most documents need not be read again for them.

use super::names::Names;
use super::scope::Scope;
use crate::text::parts;
use crate::text::source::Span;
use memchr::memmem;
use std::cell::OnceCell;

/// Parts of words, at least one of which is in every word for the two kinds; see `rules::context`.
const SIGNS: [&str; 15] = [
    "ecret",
    "ECRET",
    "onfigmap",
    "onfigMap",
    "onfig_map",
    "onfig-map",
    "ONFIGMAP",
    "ONFIG_MAP",
    "redential",
    "REDENTIAL",
    "egcred",
    "cm",
    "Cm",
    // Spring Cloud Kubernetes.
    "ubernetes.config",
    "ubernetes:",
];
/// The maximum number of bytes between a sign and a name after it, and between a name and a sign after it.
const BEFORE: u32 = 4096;
const BEHIND: u32 = 256;

/// The decision which names count in their position.
pub(super) struct Near<'a> {
    text: &'a str,
    names: &'a Names<'a>,
    scope: &'a Scope<'a>,
    threads: usize,
    /// Searched for when the first name depends on them.
    signs: OnceCell<Signs>,
}

impl<'a> Near<'a> {
    pub(super) fn new(text: &'a str, names: &'a Names<'a>, scope: &'a Scope<'a>, threads: usize) -> Near<'a> {
        Near { text, names, scope, threads, signs: OnceCell::new() }
    }

    /// True for a name that no object of another kind has, or that is used in a place that may refer to a ConfigMap or
    /// Secret. The place is the name itself, or an alias of the text that contains it.
    pub(super) fn counts(&self, hit: Span, place: Span) -> bool {
        let shared = self.names.get(&self.text[hit.range()]).is_some_and(|named| named.is_shared());
        !shared
            || self.text[..place.start as usize].ends_with('$')
            || self.scope.has_parameters()
            || self.scope.suspected(place).is_some()
            || self.signs.get_or_init(|| Signs::of(self.text, self.threads)).are_near(place)
    }
}

/// The positions of the signs in bytes, sorted.
struct Signs(Vec<u32>);

impl Signs {
    /// Searches a text, on at most `threads` threads. No sign extends over a line break.
    fn of(text: &str, threads: usize) -> Signs {
        let pieces = parts::lines(text, parts::count(threads));
        let found = parts::each(threads, &pieces, |(start, piece)| {
            let places = |sign: &'static str| memmem::find_iter(piece.as_bytes(), sign);
            let places = SIGNS.into_iter().flat_map(places);
            let mut found: Vec<u32> = places.filter_map(|at| u32::try_from(start + at).ok()).collect();
            found.sort_unstable();
            found
        });
        Signs(found.concat())
    }

    /// True if a word is near a sign.
    fn are_near(&self, word: Span) -> bool {
        let next = self.0.partition_point(|at| *at < word.start);
        let before = next.checked_sub(1).is_some_and(|at| word.start - self.0[at] <= BEFORE);
        before || self.0.get(next).is_some_and(|at| at.saturating_sub(word.end) <= BEHIND)
    }
}
