//! The places where a stream mentions ConfigMaps or Secrets.
//!
//! A name that an object of another kind also has counts only near such a place. Names of that sort are in labels
//! everywhere, and so most documents need not be read again for them.

use crate::text::parts;
use crate::text::source::Span;
use aho_corasick::packed;

/// What every word contains that stands for one of the two kinds; see `rules::context`.
const SIGNS: [&str; 13] = [
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
];
/// How far before a name the kind is looked for, and how far after.
const BEFORE: u32 = 4096;
const BEHIND: u32 = 256;

/// The places, sorted.
pub(super) struct Signs(Vec<u32>);

impl Signs {
    /// Looks through a text, on at most so many threads. No sign goes over a line break.
    pub(super) fn of(text: &str, threads: usize) -> Signs {
        // There is one for every processor, since the signs are few.
        let Some(signs) = packed::Searcher::new(SIGNS) else { return Signs(vec![0]) };
        let pieces = parts::lines(text, parts::count(threads));
        let found = parts::each(threads, &pieces, |(start, piece)| {
            let places = signs.find_iter(piece).map(|sign| start + sign.start());
            places.filter_map(|at| u32::try_from(at).ok()).collect::<Vec<u32>>()
        });
        Signs(found.concat())
    }

    /// True for a word near one of them.
    pub(super) fn are_near(&self, word: Span) -> bool {
        let next = self.0.partition_point(|at| *at < word.start);
        let before = next.checked_sub(1).is_some_and(|at| word.start - self.0[at] <= BEFORE);
        before || self.0.get(next).is_some_and(|at| at.saturating_sub(word.end) <= BEHIND)
    }
}
