//! The table of objects that are always left alone.

use super::table::{Kinds, read_kinds};
use crate::kube::object::TargetKind;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a row looks at.
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
    /// `*` stands for any characters.
    key: &'static str,
    /// The value that an annotation or a label must have.
    value: Option<&'static str>,
    /// Patterns separated by `|`; empty for any namespace.
    namespace: &'static str,
    /// Why the object stays as it is, to follow "left alone: ".
    pub reason: &'static str,
}

/// All rows. Most are about one key, so those are looked up and only the others gone through.
#[derive(Debug)]
pub struct Exclusions {
    rows: Vec<Exclusion>,
    exact: HashMap<(By, &'static str), Vec<usize>>,
    /// Rows whose key holds a `*`.
    patterns: Vec<usize>,
}

static BUILTIN: LazyLock<Exclusions> =
    LazyLock::new(|| Exclusions::new(read(include_str!("exclusions.tsv")).unwrap_or_default()));

impl Exclusions {
    /// The rows that come with the program.
    pub fn builtin() -> &'static Exclusions {
        &BUILTIN
    }

    /// Every row, in the order of the table.
    pub fn rows(&self) -> &[Exclusion] {
        &self.rows
    }

    /// The first row that looks at `by` and matches. An absent namespace may be any.
    pub fn find(
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

/// True when `text` is `pattern`, where `*` stands for any characters.
pub fn glob(pattern: &str, text: &str) -> bool {
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
    let rows = table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    rows.map(|line| row(line).ok_or_else(|| line.to_owned())).collect()
}

fn row(line: &'static str) -> Option<Exclusion> {
    let mut columns = line.split('\t');
    let by = match columns.next()? {
        "type" => By::Type,
        "annotation" => By::Annotation,
        "label" => By::Label,
        "name" => By::Name,
        _ => return None,
    };
    let (kinds, pattern) = (read_kinds(columns.next()?).ok()?, columns.next()?);
    let valued = matches!(by, By::Annotation | By::Label).then(|| pattern.split_once('=')).flatten();
    let (key, value) = valued.map_or((pattern, None), |(key, value)| (key, Some(value)));
    Some(Exclusion { by, kinds, key, value, namespace: columns.next()?, reason: columns.next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert!(!read(include_str!("exclusions.tsv")).unwrap().is_empty());
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        assert!(glob("a*c", "abbc") && glob("*", "") && glob("a*", "a") && glob("a*b*c", "a-b-c"));
        assert!(!glob("a*c", "ab") && !glob("a", "ab") && !glob("a*a", "a"));
    }
}
