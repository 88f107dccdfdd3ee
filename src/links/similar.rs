//! Search for names with the same digits that differ from a given name by at most two letters, without comparing every
//! name.
//!
//! Two names within two edits of each other share at least one of three parts unchanged, so each name is indexed under
//! its three parts (the pigeonhole principle of Pass-Join, Li et al. 2011). Must not know what the names belong to.

use std::collections::HashMap;

/// The maximum number of edits.
const EDITS: usize = 2;
/// The number of parts of a name, one more than the edits.
const PARTS: usize = EDITS + 1;
/// The maximum number of names under one part. If thousands of names share a part, the others differ in whole words.
const MOST: usize = 32;

/// An index of names. The caller attaches a value to each name.
#[derive(Debug)]
pub struct SimilarNames<'n, T> {
    names: Vec<(&'n str, T)>,
    /// The digits of each name, in order. Each sequence of digits has a number.
    digits: HashMap<String, u32>,
    /// The positions in `names` of the names that have a part.
    filed: HashMap<Part<'n>, Vec<u32>>,
}

/// A part of a name, under which the name is indexed.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Part<'n> {
    /// The number of the name's digits in [`SimilarNames::digits`].
    digits: u32,
    /// The length of the name in bytes.
    length: usize,
    /// The 0-based number of the part.
    number: usize,
    bytes: &'n [u8],
}

impl<'n, T: Copy> SimilarNames<'n, T> {
    /// Indexes the names. A name with fewer bytes than parts is never found.
    pub fn new(names: impl IntoIterator<Item = (&'n str, T)>) -> SimilarNames<'n, T> {
        let mut index = SimilarNames { names: Vec::new(), digits: HashMap::new(), filed: HashMap::new() };
        for (name, value) in names {
            let position = u32::try_from(index.names.len()).unwrap_or(u32::MAX);
            index.names.push((name, value));
            if name.len() < PARTS {
                continue;
            }
            let next = u32::try_from(index.digits.len()).unwrap_or(u32::MAX);
            let digits = *index.digits.entry(digits(name)).or_insert(next);
            for number in 0..PARTS {
                let bytes = &name.as_bytes()[bounds(name.len(), number)];
                let part = Part { digits, length: name.len(), number, bytes };
                let filed = index.filed.entry(part).or_default();
                if filed.len() < MOST {
                    filed.push(position);
                }
            }
        }
        index
    }

    /// Returns the names within `edits` of `name` (insertions, deletions, replacements, or swaps of neighbours) that
    /// have the same digits, without `name` itself, in the order in which they were indexed.
    pub fn near(&self, name: &str, edits: usize) -> Vec<(&'n str, T)> {
        let Some(digits) = self.digits.get(&digits(name)) else { return Vec::new() };
        let edits = edits.min(EDITS);
        let mut found: Vec<u32> = Vec::new();
        for length in name.len().saturating_sub(edits).max(PARTS)..=name.len() + edits {
            for number in 0..PARTS {
                let range = bounds(length, number);
                for start in range.start.saturating_sub(edits)..=range.start + edits {
                    let Some(bytes) = name.as_bytes().get(start..start + range.len()) else { continue };
                    let part = Part { digits: *digits, length, number, bytes };
                    found.extend(self.filed.get(&part).into_iter().flatten());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        let named = found.into_iter().filter_map(|position| self.names.get(position as usize).copied());
        named.filter(|(other, _)| *other != name && is_within(edits, other, name)).collect()
    }
}

/// Returns the digits of a name. If two names differ in a number, the difference is intended.
fn digits(name: &str) -> String {
    name.chars().filter(char::is_ascii_digit).collect()
}

/// True if at most `edits` edits turn one text into the other. Tries the few possible positions of the edits, while
/// computing the full distance would take the product of both lengths.
fn is_within(edits: usize, one: &str, other: &str) -> bool {
    let (one, other) = behind_what_is_the_same(one, other);
    let (Some((first, after_one)), Some((second, after_other))) = (split(one), split(other)) else {
        return one.chars().count() + other.chars().count() <= edits;
    };
    let Some(left) = edits.checked_sub(1) else { return false };
    let swapped = || {
        let (next, one) = split(after_one)?;
        let (next_of_other, other) = split(after_other)?;
        Some(first == next_of_other && second == next && is_within(left, one, other))
    };
    is_within(left, after_one, after_other)
        || is_within(left, after_one, other)
        || is_within(left, one, after_other)
        || swapped() == Some(true)
}

/// Returns both texts from the first letter that differs.
fn behind_what_is_the_same<'t>(one: &'t str, other: &'t str) -> (&'t str, &'t str) {
    let mut same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    while !one.is_char_boundary(same) {
        same -= 1;
    }
    (&one[same..], &other[same..])
}

/// Returns the first letter and the rest.
fn split(text: &str) -> Option<(char, &str)> {
    let mut letters = text.chars();
    Some((letters.next()?, letters.as_str()))
}

/// Returns the bytes of a part in a name of this length.
fn bounds(length: usize, part: usize) -> std::ops::Range<usize> {
    length * part / PARTS..length * (part + 1) / PARTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near<'n>(names: &[&'n str], name: &str, edits: usize) -> Vec<&'n str> {
        let index = SimilarNames::new(names.iter().map(|name| (*name, ())));
        index.near(name, edits).into_iter().map(|(name, ())| name).collect()
    }

    #[test]
    fn names_within_the_edits_are_found_and_others_are_not() {
        let names = ["web-config", "web-confg", "api-config", "web-conifg", "database", "x"];
        assert_eq!(near(&names, "web-config", 1), ["web-confg", "web-conifg"]);
        assert_eq!(near(&names, "web-cnfig", 1), ["web-config"]);
        assert_eq!(near(&names, "databases", 2), ["database"]);
        assert_eq!(near(&names, "xy", 2), [""; 0]);
    }

    /// Returns a number as letters, `a` for 0 and `b` for 1.
    fn letters(number: u32) -> String {
        format!("{number:b}").replace('0', "a").replace('1', "b")
    }

    #[test]
    fn a_number_is_no_slip() {
        assert_eq!(near(&["web-11", "web-1-2", "wbe-12"], "web-12", 2), ["web-1-2", "wbe-12"]);
        let many: Vec<String> = (0..4000).map(|number| format!("settings-of-{number}-web")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(near(&many, "setings-of-3999-web", 2), ["settings-of-3999-web"]);
    }

    #[test]
    fn edits_are_those_that_the_distance_counts() {
        let texts: Vec<String> =
            (1..128).map(letters).chain(["ä".into(), "bä".into(), "äb".into(), "öba".into()]).collect();
        for one in &texts {
            for other in &texts {
                for edits in 0..=EDITS {
                    let expected = strsim::osa_distance(one, other) <= edits;
                    assert_eq!(is_within(edits, one, other), expected, "{one} {other} {edits}");
                }
            }
        }
    }

    #[test]
    fn what_the_index_finds_is_what_comparing_each_finds() {
        let names: Vec<String> = (0..400u32)
            .map(|number| {
                format!("{}-{}", letters(number % 37), ["web", "wbe", "api", "app-web"][number as usize % 4])
            })
            .collect();
        let index = SimilarNames::new(names.iter().take(MOST).map(|name| (name.as_str(), ())));
        for name in &names {
            let each = names.iter().take(MOST).filter(|other| {
                *other != name && strsim::levenshtein(other, name) <= EDITS && other.len() >= PARTS
            });
            let mut found: Vec<&str> = index.near(name, EDITS).into_iter().map(|(name, ())| name).collect();
            found.retain(|other| strsim::levenshtein(other, name) <= EDITS);
            assert_eq!(found, each.map(String::as_str).collect::<Vec<_>>(), "{name}");
        }
    }
}
