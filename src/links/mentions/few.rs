//! The words of a text that could be names, for names that have few different beginnings, as those of a chart do.
//!
//! The search for the beginnings examines many bytes at a time: about 1 instruction per byte, while looking at each
//! word takes 7. A word that contains none of them contains no name. Must not decide what a name is.

use super::words::is_word;
use aho_corasick::packed::Searcher;
use std::collections::HashSet;
use std::ops::Range;

/// The lengths of beginnings to try, in bytes. Long beginnings occur less often in the text; of short ones, fewer are
/// different.
const LENGTHS: [usize; 2] = [8, 4];
/// The maximum number of beginnings. A search for more of them, or for shorter ones, is slower than looking at each
/// word.
const MOST: usize = 48;
const SHORTEST: usize = 3;

/// The beginnings of all names.
pub(super) struct FewBeginnings(Searcher);

impl FewBeginnings {
    /// Returns the beginnings; `None` if there are too many, if they are too short, or if the processor cannot search
    /// for them.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<FewBeginnings> {
        // A name with other characters is never a word, and a beginning must not extend beyond the end of a word.
        let words = names.map(str::as_bytes).filter(|name| name.iter().all(|byte| is_word(*byte)));
        LENGTHS.into_iter().find_map(|length| few(words.clone(), length)).and_then(|begin| {
            let searcher = Searcher::new(begin)?;
            Some(FewBeginnings(searcher))
        })
    }

    /// Returns the runs of word characters that contain a beginning, in order.
    pub(super) fn runs(&self, bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let mut end = 0;
        self.0.find_iter(bytes).filter_map(move |found| {
            if found.start() < end {
                return None;
            }
            let before = bytes[end..found.start()].iter().rposition(|byte| !is_word(*byte));
            let start = before.map_or(end, |before| end + before + 1);
            let behind = bytes[found.end()..].iter().position(|byte| !is_word(*byte));
            end = behind.map_or(bytes.len(), |behind| found.end() + behind);
            Some(start..end)
        })
    }
}

/// Returns the different beginnings of this length; a shorter name is a beginning as a whole. `None` if they are not
/// suitable.
fn few<'n>(names: impl Iterator<Item = &'n [u8]>, length: usize) -> Option<HashSet<&'n [u8]>> {
    let mut found = HashSet::new();
    for name in names {
        let beginning = &name[..name.len().min(length)];
        found.insert(beginning);
        if beginning.len() < SHORTEST || found.len() > MOST {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::bits;
    use proptest::prelude::*;

    #[test]
    fn many_names_or_short_ones_are_not_searched_for() {
        let many: Vec<String> = (0..=MOST).map(|at| format!("{at:04}")).collect();
        let few = |names: &[String]| FewBeginnings::of(names.iter().map(String::as_str)).is_some();
        assert!(!few(&many) && !few(&["db".to_owned(), "application".to_owned()]));
        let alike: Vec<String> = (0..1000).map(|at| format!("application-{at}")).collect();
        // Not every processor supports this search.
        assert_eq!(few(&alike), Searcher::new(["applicat"]).is_some());
    }

    proptest! {
        #[test]
        fn every_word_that_holds_a_name_is_found(
            text in "[a-b. ]{0,300}",
            names in prop::collection::vec("[a-b. ]{3,9}", 1..4),
        ) {
            let Some(few) = FewBeginnings::of(names.iter().map(String::as_str)) else { return Ok(()) };
            let found: Vec<Range<usize>> = few.runs(text.as_bytes()).collect();
            let all: Vec<Range<usize>> = bits::runs(text.as_bytes(), is_word).collect();
            let holds = |run: &Range<usize>| names.iter().any(|name| text[run.clone()].contains(name));
            for run in &all {
                prop_assert!(found.contains(run) || !holds(run));
            }
            prop_assert!(found.iter().all(|run| all.contains(run)));
            prop_assert!(found.is_sorted_by(|a, b| a.end <= b.start));
        }
    }
}
