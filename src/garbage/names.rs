//! Finds names that end in a suffix, in any text and in base64 values, by searching for the suffix.
//!
//! Does not parse YAML, so quotes, escapes and texts within texts make no difference.

use crate::kube::content;
use crate::kube::suffix::{LENGTH, looks_like_suffix};
use crate::survey::inventory::TargetIndex;
use crate::text::bits;
use crate::text::source::Span;
use std::collections::{HashMap, HashSet};

/// The maximum length of a name in bytes. It limits the search before a suffix.
const LONGEST: usize = 253;

/// The names to search for, each with the targets that have it.
pub(super) struct Names<'n> {
    bearers: HashMap<&'n str, Vec<TargetIndex>>,
    suffixes: HashSet<&'n str>,
}

impl<'n> Names<'n> {
    pub(super) fn new(named: impl Iterator<Item = (&'n str, TargetIndex)>) -> Names<'n> {
        let mut names = Names { bearers: HashMap::new(), suffixes: HashSet::new() };
        for (name, number) in named {
            names.bearers.entry(name).or_default().push(number);
            names.suffixes.extend(name.rsplit_once('-').map(|(_, suffix)| suffix));
        }
        names
    }

    /// Calls `found` for every place of a name, with all targets that have the name.
    pub(super) fn find(&self, text: &str, found: &mut dyn FnMut(Span, &[TargetIndex])) {
        if self.bearers.is_empty() {
            return;
        }
        for dash in memchr::memchr_iter(b'-', text.as_bytes()) {
            let end = dash + 1 + LENGTH;
            let Some(suffix) = text.get(dash + 1..end).filter(|suffix| looks_like_suffix(suffix)) else {
                continue;
            };
            if self.suffixes.contains(suffix) {
                self.ending_here(text, dash, end, found);
            }
        }
    }

    /// Like [`Names::find`], in the base64 values of a field whose text begins at the offset `from`. An export has each
    /// value in one line. The place is that of the whole value.
    pub(super) fn find_encoded(&self, text: &str, from: u32, found: &mut dyn FnMut(Span, &[TargetIndex])) {
        if self.bearers.is_empty() {
            return;
        }
        for run in bits::runs(text.as_bytes(), content::is_base64).filter(|run| run.len() > LENGTH) {
            let Some(decoded) = content::decode(&text[run.clone()]) else { continue };
            let place = Span::new(from as usize + run.start, from as usize + run.end);
            self.find(&decoded, &mut |_, bearers| found(place, bearers));
        }
    }

    fn ending_here(&self, text: &str, dash: usize, end: usize, found: &mut dyn FnMut(Span, &[TargetIndex])) {
        let bytes = text.as_bytes();
        let before = bytes.get(dash.saturating_sub(LONGEST)..dash).unwrap_or_default();
        let start = dash - before.iter().rev().take_while(|byte| is_of_name(**byte)).count();
        // After a backslash, the first letters may belong to an escape sequence: `\nweb-...` contains `web-...`.
        let escaped = start.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\\');
        for at in start..dash {
            let Some(bearers) = text.get(at..end).and_then(|name| self.bearers.get(name)) else { continue };
            found(Span::new(at, end), bearers);
            if at == start && !escaped {
                // A longer name that ends in a shorter one is not a use of the shorter one.
                return;
            }
        }
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kube::arena::ArenaIndex;

    fn found(text: &str) -> Vec<usize> {
        let names = ["web-2222222222", "my-web-2222222222", "db-4444444444"].into_iter().enumerate();
        let names = Names::new(names.map(|(at, name)| (name, TargetIndex::at(at))));
        let mut found = Vec::new();
        names.find(text, &mut |place, bearers| {
            assert_eq!(
                place.end as usize - place.start as usize,
                if bearers == [TargetIndex::at(1)] { 17 } else { place.range().len() }
            );
            found.extend(bearers.iter().map(|bearer| bearer.position()));
        });
        found
    }

    #[test]
    fn a_name_is_found_in_any_company() {
        for text in [
            "web-2222222222",
            "ns/web-2222222222:x",
            "a\\nweb-2222222222\\n",
            "\\u003cweb-2222222222\\u003e",
            "x_web-2222222222.json",
            "é web-2222222222é",
            "ns.web-2222222222",
        ] {
            assert_eq!(found(text), [0], "{text}");
        }
        assert_eq!(found("my-web-2222222222 db-4444444444"), [1, 2]);
    }

    #[test]
    fn another_name_is_not() {
        assert!(found("web-2222222224 web-222222222 eb-2222222222 web2222222222 -").is_empty());
    }

    #[test]
    fn a_name_in_base64_is_found_at_its_value() {
        let numbers = ["web-2222222222"].into_iter().map(|name| (name, TargetIndex::at(0)));
        let names = Names::new(numbers);
        // `name: web-2222222222`, and the same without its last letter.
        let field = r#"{"a": "bmFtZTogd2ViLTIyMjIyMjIyMjI=", "b": "bmFtZTogd2ViLTIyMjIyMjIyMg=="}"#;
        let mut found = Vec::new();
        names.find_encoded(field, 100, &mut |place, bearers| found.push((place, bearers.to_vec())));
        assert_eq!(found, [(Span::new(107, 135), vec![TargetIndex::at(0)])]);
    }
}
