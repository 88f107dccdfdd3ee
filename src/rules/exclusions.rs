//! The table of objects that are always left alone.

use super::lines;
use super::table::{Kinds, read_kinds};
use crate::kube::object::TargetKind;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What a row is matched against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// A Secret's `type`.
    Type,
    /// An annotation's key, or `key=value`.
    Annotation,
    /// A label's key, or `key=value`.
    Label,
    /// `metadata.name`.
    Name,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusion {
    by: By,
    kinds: Kinds,
    /// A pattern for the type, key or name; `*` matches any characters.
    key: &'static str,
    /// A pattern that the value of an annotation or a label must match.
    value: Option<&'static str>,
    /// Patterns separated by `|`; empty for any namespace.
    namespace: &'static str,
    /// Why the object is left alone. Completes the text "left alone: ".
    pub reason: &'static str,
}

/// All rows. Most have a key without a `*` and are found in a hash map; only the others are tried one by one.
#[derive(Debug)]
struct Exclusions {
    rows: Vec<Exclusion>,
    exact: HashMap<(By, &'static str), Vec<usize>>,
    /// Rows whose key contains a `*`.
    patterns: Vec<usize>,
}

const TABLE: &str = include_str!("exclusions.tsv");

static KEYS: LazyLock<Keys> = LazyLock::new(Keys::new);
static BUILTIN: LazyLock<Exclusions> = LazyLock::new(|| Exclusions::new(read(TABLE).unwrap_or_default()));

/// Returns the first row that applies to `by` and matches. An absent namespace matches any namespace.
pub fn excluded(
    by: By,
    kind: TargetKind,
    key: &str,
    value: &str,
    namespace: Option<&str>,
) -> Option<&'static Exclusion> {
    // Few objects match a row, so the table is read only when a key might.
    if KEYS.may_have(key) { BUILTIN.find(by, kind, key, value, namespace) } else { None }
}

/// The keys of all rows.
struct Keys {
    /// The first and last bytes of the keys, which rule out nearly every other key without a lookup.
    ends: Ends,
    exact: HashSet<&'static str>,
    /// The text of each pattern before its first `*`, and the text after its last one.
    patterns: Vec<(&'static str, &'static str)>,
}

impl Keys {
    fn new() -> Keys {
        let keys =
            lines::rows(TABLE).map(|row| key_and_value(lines::column(row, 0), lines::column(row, 2)).0);
        let (patterns, exact): (Vec<_>, Vec<_>) = keys.partition(|key| key.contains('*'));
        let ends = |key: &&'static str| Some((key.split_once('*')?.0, key.rsplit_once('*')?.1));
        let patterns: Vec<_> = patterns.iter().filter_map(ends).collect();
        let exact: HashSet<_> = exact.into_iter().collect();
        Keys { ends: Ends::of(&exact, &patterns), exact, patterns }
    }

    fn may_have(&self, key: &str) -> bool {
        if !self.ends.may_be_of(key) {
            return false;
        }
        let first = key.as_bytes().first();
        // Most patterns differ from the key in their first byte.
        let fits = |(begin, end): &(&str, &str)| {
            (begin.is_empty() || begin.as_bytes().first() == first)
                && key.starts_with(begin)
                && key.ends_with(end)
        };
        self.exact.contains(key) || self.patterns.iter().any(fits)
    }
}

/// The bytes with which the keys begin and end.
struct Ends {
    /// For each first byte, a bit for the length (modulo 64) of each key that begins with it. All bits are set if a
    /// pattern begins with that byte.
    first: [u64; 256],
    /// True for the last byte of each pattern that begins with a `*`.
    last: [bool; 256],
}

impl Ends {
    fn of(exact: &HashSet<&'static str>, patterns: &[(&'static str, &'static str)]) -> Ends {
        let mut ends = Ends { first: [0; 256], last: [false; 256] };
        for key in exact {
            ends.first[first(key)] |= 1 << (key.len() % 64);
        }
        for (begin, end) in patterns {
            match (begin.is_empty(), end.is_empty()) {
                (false, _) => ends.first[first(begin)] = u64::MAX,
                (true, false) => ends.last[last(end)] = true,
                // A lone `*` matches every key.
                (true, true) => ends.last = [true; 256],
            }
        }
        ends
    }

    fn may_be_of(&self, key: &str) -> bool {
        self.first[first(key)] >> (key.len() % 64) & 1 == 1 || self.last[last(key)]
    }
}

/// Returns the first byte as an index; 0 for an empty text.
fn first(text: &str) -> usize {
    text.as_bytes().first().copied().unwrap_or_default().into()
}

fn last(text: &str) -> usize {
    text.as_bytes().last().copied().unwrap_or_default().into()
}

impl Exclusions {
    fn find(
        &self,
        by: By,
        kind: TargetKind,
        key: &str,
        value: &str,
        namespace: Option<&str>,
    ) -> Option<&Exclusion> {
        let exact = self.exact.get(&(by, key)).into_iter().flatten();
        let patterns =
            self.patterns.iter().filter(|at| self.rows[**at].by == by && glob(self.rows[**at].key, key));
        let holds = |at: &&usize| {
            let row = &self.rows[**at];
            row.kinds.iter().any(|known| known == kind)
                && row.value.is_none_or(|wanted| glob(wanted, value))
                && row.holds_in(namespace)
        };
        exact.chain(patterns).filter(holds).min().map(|at| &self.rows[*at])
    }

    fn new(rows: Vec<Exclusion>) -> Exclusions {
        let (patterns, exact): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|at| rows[*at].key.contains('*'));
        let mut by_key: HashMap<(By, &'static str), Vec<usize>> = HashMap::new();
        for at in exact {
            by_key.entry((rows[at].by, rows[at].key)).or_default().push(at);
        }
        Exclusions { rows, exact: by_key, patterns }
    }
}

impl Exclusion {
    fn holds_in(&self, namespace: Option<&str>) -> bool {
        let within = |namespace| self.namespace.split('|').any(|pattern| glob(pattern, namespace));
        self.namespace.is_empty() || namespace.is_none_or(within)
    }
}

/// True if `text` matches `pattern`, in which `*` matches any characters.
pub fn glob(pattern: &str, text: &str) -> bool {
    // The first byte rules out nearly every row of a table.
    let first = pattern.as_bytes().first();
    if first != Some(&b'*') && first != text.as_bytes().first() {
        return false;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some(last) = pattern.contains('*').then(|| parts.next_back()).flatten() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn read(table: &'static str) -> Result<Vec<Exclusion>, String> {
    lines::rows(table).map(|line| row(line).ok_or_else(|| line.to_owned())).collect()
}

fn row(line: &'static str) -> Option<Exclusion> {
    let mut columns = line.split('\t');
    let word = columns.next()?;
    let by = match word {
        "type" => By::Type,
        "annotation" => By::Annotation,
        "label" => By::Label,
        "name" => By::Name,
        _ => return None,
    };
    let (kinds, pattern) = (read_kinds(columns.next()?).ok()?, columns.next()?);
    let (key, value) = key_and_value(word, pattern);
    Some(Exclusion { by, kinds, key, value, namespace: columns.next()?, reason: columns.next()? })
}

/// Splits a pattern into the one for a key and, if an annotation or a label must have a value, the one for that value.
fn key_and_value<'t>(by: &str, pattern: &'t str) -> (&'t str, Option<&'t str>) {
    let valued = matches!(by, "annotation" | "label").then(|| pattern.split_once('=')).flatten();
    valued.map_or((pattern, None), |(key, value)| (key, Some(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert!(!read(TABLE).unwrap().is_empty());
    }

    #[test]
    fn every_row_is_found() {
        for row in read(TABLE).unwrap() {
            let [key, value, home] = [row.key, row.value.unwrap_or_default(), row.namespace];
            let [key, value, home] = [key, value, home].map(|pattern| pattern.replace('*', "x"));
            let home = home.split('|').next().filter(|home| !home.is_empty());
            for kind in row.kinds.iter() {
                assert!(excluded(row.by, kind, &key, &value, home).is_some(), "{key}");
            }
        }
        assert_eq!(excluded(By::Name, TargetKind::ConfigMap, "web", "", None), None);
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        assert!(glob("a*c", "abbc") && glob("*", "") && glob("a*", "a") && glob("a*b*c", "a-b-c"));
        assert!(!glob("a*c", "ab") && !glob("a", "ab") && !glob("a*a", "a"));
    }
}
