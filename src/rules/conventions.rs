//! Names that follow from another object: an `Alertmanager` called `main` reads the Secret `alertmanager-main`.

use super::table::{Kinds, read_kinds};
use std::sync::LazyLock;

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Convention {
    /// `group/Kind` of the object that implies the name.
    pub object: String,
    /// What kinds of object bear it.
    pub names: Kinds,
    /// The name, with `{name}` for the object's own and `*` for any characters.
    pub pattern: String,
    /// The fields of a path that switches the row off when the object has it.
    pub unless: Vec<&'static str>,
    /// Why the object keeps its name, to follow "left alone: ".
    pub reason: &'static str,
}

static BUILTIN: LazyLock<Vec<Convention>> =
    LazyLock::new(|| read(include_str!("conventions.tsv")).unwrap_or_default());

/// The conventions that hold for one kind of object.
pub fn conventions(group: &str, kind: &str) -> impl Iterator<Item = &'static Convention> {
    let is = move |row: &&Convention| row.object.split_once('/') == Some((group, kind));
    let found: Vec<&'static Convention> = BUILTIN.iter().filter(is).collect();
    found.into_iter()
}

fn read(table: &'static str) -> Result<Vec<Convention>, String> {
    let lines = table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| row(line).map_err(|problem| format!("{line}: {problem}"))).collect()
}

fn row(line: &'static str) -> Result<Convention, String> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let [object, names, pattern, unless, reason, ..] = columns[..] else {
        return Err("expected five columns".to_owned());
    };
    let unless = unless.split('.').filter(|field| !field.is_empty()).collect();
    Ok(Convention {
        object: object.to_owned(),
        names: read_kinds(names)?,
        pattern: pattern.to_owned(),
        unless,
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        read(include_str!("conventions.tsv")).unwrap();
    }
}
