//! Names that differ from a given name by at most two letters, out of many, without comparing each.
//!
//! Two names within two edits of each other share at least one of three parts unchanged, so each name is filed under its
//! three parts (the pigeonhole of Pass-Join, Li et al. 2011). Must not know what the names belong to.

use std::collections::HashMap;

/// The most edits that are looked for.
const EDITS: usize = 2;
/// Parts of a name, one more than edits.
const PARTS: usize = EDITS + 1;
/// Names that are compared for one part: of thousands that share it, the rest differ by a number or a word.
const MOST: usize = 32;

/// An index of names; each carries a value of the caller's.
#[derive(Debug)]
pub struct SimilarNames<'n, T> {
    names: Vec<(&'n str, T)>,
    /// Positions in `names`, by the length of the name, the number of the part, and the part.
    parts: HashMap<(usize, usize, &'n [u8]), Vec<u32>>,
}

impl<'n, T: Copy> SimilarNames<'n, T> {
    /// Indexes the names. Of names that are shorter than their parts are many, nothing is similar.
    pub fn new(names: impl IntoIterator<Item = (&'n str, T)>) -> SimilarNames<'n, T> {
        let mut index = SimilarNames { names: Vec::new(), parts: HashMap::new() };
        for (name, value) in names {
            let position = u32::try_from(index.names.len()).unwrap_or(u32::MAX);
            index.names.push((name, value));
            if name.len() < PARTS {
                continue;
            }
            for part in 0..PARTS {
                let bytes = &name.as_bytes()[bounds(name.len(), part)];
                let filed = index.parts.entry((name.len(), part, bytes)).or_default();
                if filed.len() < MOST {
                    filed.push(position);
                }
            }
        }
        index
    }

    /// The names within `edits` of `name` (insertions, deletions, replacements, or two neighbours swapped), without
    /// `name` itself, in the order in which they were indexed.
    pub fn near(&self, name: &str, edits: usize) -> Vec<(&'n str, T)> {
        let edits = edits.min(EDITS);
        let mut found: Vec<u32> = Vec::new();
        for length in name.len().saturating_sub(edits).max(PARTS)..=name.len() + edits {
            for part in 0..PARTS {
                let range = bounds(length, part);
                for start in range.start.saturating_sub(edits)..=range.start + edits {
                    let Some(bytes) = name.as_bytes().get(start..start + range.len()) else { continue };
                    found.extend(self.parts.get(&(length, part, bytes)).into_iter().flatten());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        let named = found.into_iter().filter_map(|position| self.names.get(position as usize).copied());
        let near = |other: &str| {
            other != name && may_be_near(other, name, edits) && strsim::osa_distance(other, name) <= edits
        };
        named.filter(|(other, _)| near(other)).collect()
    }
}

/// False where the letters of two names, in whatever order, differ by more than so many edits can change: an edit takes one
/// away and brings one. Most candidates differ so, and the distance takes ten times longer.
fn may_be_near(one: &str, other: &str, edits: usize) -> bool {
    let mut letters = [0_i32; 128];
    for byte in one.bytes() {
        letters[usize::from(byte & 0x7f)] += 1;
    }
    for byte in other.bytes() {
        letters[usize::from(byte & 0x7f)] -= 1;
    }
    let differences: u32 = letters.iter().map(|count| count.unsigned_abs()).sum();
    differences as usize <= 2 * edits || !(one.is_ascii() && other.is_ascii())
}

/// Where a part of a name of this length is, in bytes.
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

    #[test]
    fn what_the_index_finds_is_what_comparing_each_finds() {
        let names: Vec<String> = (0..400u32)
            .map(|number| {
                format!("{:b}-{}", number % 37, ["web", "wbe", "api", "app-web"][number as usize % 4])
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
