//! The table of objects that are always left alone.

use super::lines;
use super::table::{Kinds, read_kinds};
use crate::kube::object::TargetKind;
use std::collections::HashMap;
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

/// In the order of [`By`].
static SIEVES: LazyLock<[Sieve; 4]> = LazyLock::new(|| {
    let mut sieves = [const { Sieve::EMPTY }; 4];
    for row in lines::rows(TABLE) {
        let word = lines::column(row, 0);
        let key = key_and_value(word, lines::column(row, 2)).0;
        by(word).into_iter().for_each(|by| sieves[by as usize].add(key));
    }
    sieves
});
static BUILTIN: LazyLock<Exclusions> = LazyLock::new(|| Exclusions::new(read(TABLE).unwrap_or_default()));

/// Returns the first row that applies to `by` and matches. An absent namespace matches any namespace.
pub fn excluded(
    by: By,
    kind: TargetKind,
    key: &str,
    value: &str,
    namespace: Option<&str>,
) -> Option<&'static Exclusion> {
    // Few objects match a row, and the sieve rules out nearly all others in a tenth of the instructions of a lookup.
    if SIEVES[by as usize].may_pass(key.as_bytes()) {
        BUILTIN.find(by, kind, key, value, namespace)
    } else {
        None
    }
}

/// Rules out nearly every key that no row has.
struct Sieve {
    /// Two bits for each key without a `*`.
    exact: Bits,
    /// A bit for the first four bytes of each pattern.
    begins: Bits,
    /// A bit for the last four bytes of each pattern that begins with a `*`.
    ends: Bits,
    /// True if a pattern has fewer bytes there, so that it may match any key.
    any: bool,
}

impl Sieve {
    const EMPTY: Sieve = Sieve { exact: Bits::NONE, begins: Bits::NONE, ends: Bits::NONE, any: false };

    fn add(&mut self, key: &str) {
        let (begin, end) =
            (key.split('*').next().unwrap_or_default(), key.rsplit('*').next().unwrap_or_default());
        match (key.contains('*'), begin.as_bytes().first_chunk(), end.as_bytes().last_chunk()) {
            (false, ..) => places(key.as_bytes()).into_iter().for_each(|place| self.exact.add(place)),
            (true, Some(four), _) => self.begins.add(place(four)),
            (true, None, Some(four)) if begin.is_empty() => self.ends.add(place(four)),
            _ => self.any = true,
        }
    }

    fn may_pass(&self, key: &[u8]) -> bool {
        let has = |bits: &Bits, four: Option<&[u8; 4]>| four.is_some_and(|four| bits.has(place(four)));
        places(key).into_iter().all(|place| self.exact.has(place))
            || has(&self.begins, key.first_chunk())
            || has(&self.ends, key.last_chunk())
            || self.any
    }
}

/// Bits for places modulo their number.
struct Bits([u64; 256]);

impl Bits {
    const NONE: Bits = Bits([0; 256]);

    fn add(&mut self, place: usize) {
        self.0[place % 256] |= 1 << (place / 256 % 64);
    }

    fn has(&self, place: usize) -> bool {
        self.0[place % 256] >> (place / 256 % 64) & 1 == 1
    }
}

/// An odd number without a pattern in its bits.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The place of four bytes at the begin or the end of a key.
fn place(four: &[u8; 4]) -> usize {
    (u64::from(u32::from_le_bytes(*four)).wrapping_mul(FACTOR) >> 48) as usize
}

/// The places of a whole key. They depend on its length and on eight bytes at each end, which is enough to tell the keys
/// of the table from most others.
fn places(key: &[u8]) -> [usize; 2] {
    let word = match (key.first_chunk(), key.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(5) ^ u64::from_le_bytes(*last),
        _ => key.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let hash = (word ^ key.len() as u64).wrapping_mul(FACTOR);
    [(hash >> 48) as usize, (hash >> 32) as usize]
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

fn by(word: &str) -> Option<By> {
    match word {
        "type" => Some(By::Type),
        "annotation" => Some(By::Annotation),
        "label" => Some(By::Label),
        "name" => Some(By::Name),
        _ => None,
    }
}

fn row(line: &'static str) -> Option<Exclusion> {
    let mut columns = line.split('\t');
    let word = columns.next()?;
    let by = by(word)?;
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
