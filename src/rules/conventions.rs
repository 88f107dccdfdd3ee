//! Names that follow from another object: an `Alertmanager` called `main` reads the Secret `alertmanager-main`.

use super::lines;
use super::table::{Kinds, read_kinds};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Convention {
    /// The API groups of the object that implies the name.
    groups: Vec<&'static str>,
    /// The kind of that object.
    kind: &'static str,
    /// The kinds of object that have the implied name.
    pub names: Kinds,
    /// The pieces of the name.
    pub pattern: Vec<Piece>,
    /// If the object has any of these, the row does not apply.
    pub unless: Vec<Unless>,
    /// Why the object keeps its name. Completes the text "left alone: ".
    pub reason: &'static str,
}

/// A field that turns a row off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unless {
    /// The path, as a list of fields.
    pub path: Vec<&'static str>,
    /// The text that the field must have; `None` for any value.
    pub value: Option<&'static str>,
}

/// A part of an implied name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Literal text; `*` matches any characters.
    Text(&'static str),
    /// Each scalar at this path in the object that implies the name.
    Field(Vec<&'static str>),
}

/// The rows by the kind of the object that implies the name.
type Table = HashMap<&'static str, Vec<Convention>>;

const TABLE: &str = include_str!("conventions.tsv");

/// The kinds that have rows. The table is read only when the input has one of them.
static KINDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    lines::rows(TABLE).filter_map(|row| Some(lines::column(row, 0).split_once('/')?.1)).collect()
});
static BUILTIN: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new();
    for row in read(TABLE).unwrap_or_default() {
        table.entry(row.kind).or_default().push(row);
    }
    table
});

/// Returns the conventions for one kind of object.
pub fn conventions(group: &str, kind: &str) -> impl Iterator<Item = &'static Convention> {
    let rows = KINDS.contains(kind).then(|| BUILTIN.get(kind)).flatten();
    rows.into_iter().flatten().filter(move |row| row.groups.contains(&group))
}

fn read(table: &'static str) -> Result<Vec<Convention>, String> {
    lines::rows(table).map(|line| row(line).map_err(|problem| format!("{line}: {problem}"))).collect()
}

fn row(line: &'static str) -> Result<Convention, String> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let [object, names, pattern, unless, reason] = columns[..] else {
        return Err("expected five columns".to_owned());
    };
    let (groups, kind) = object.split_once('/').ok_or("expected group/Kind")?;
    Ok(Convention {
        groups: groups.split('|').collect(),
        kind,
        names: read_kinds(names)?,
        pattern: pieces(pattern)?,
        unless: unless.split('|').filter(|path| !path.is_empty()).map(turned_off).collect(),
        reason,
    })
}

fn pieces(pattern: &'static str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((text, behind)) = rest.split_once('{') {
        let (path, behind) = behind.split_once('}').ok_or("expected `}`")?;
        pieces.push(Piece::Text(text));
        pieces.push(Piece::Field(if path == "name" { vec!["metadata", "name"] } else { fields(path) }));
        rest = behind;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

fn turned_off(text: &'static str) -> Unless {
    let (path, value) = text.split_once('=').map_or((text, None), |(path, value)| (path, Some(value)));
    Unless { path: fields(path), value }
}

fn fields(path: &'static str) -> Vec<&'static str> {
    path.split('.').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert!(!read(TABLE).unwrap().is_empty());
    }

    #[test]
    fn a_pattern_is_taken_apart() {
        let name = Piece::Field(vec!["metadata", "name"]);
        assert_eq!(pieces("a-{name}").unwrap(), [Piece::Text("a-"), name.clone(), Piece::Text("")]);
        let prefix = Piece::Field(vec!["spec", "prefix"]);
        let between = [Piece::Text(""), prefix, Piece::Text("-"), name, Piece::Text("-*")];
        assert_eq!(pieces("{spec.prefix}-{name}-*").unwrap(), between);
        assert!(pieces("{name").is_err());
    }
}
