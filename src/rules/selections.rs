//! Resources that find ConfigMaps and Secrets by a label selector.

use super::lines;
use super::table::{Kinds, Namespace, read_kinds, read_namespace};
use std::sync::LazyLock;

/// One row of the table.
#[derive(Debug)]
pub struct Selection {
    groups: Vec<&'static str>,
    kinds: Vec<&'static str>,
    /// The path to the mapping that holds the selector; lists are passed over.
    pub path: Vec<&'static str>,
    /// The field of the selector in there.
    pub field: &'static str,
    /// What kinds of object it selects.
    pub names: Kinds,
    /// Where it selects them.
    pub namespace: Namespace,
    /// Why the object keeps its name, to follow "left alone: ".
    pub reason: &'static str,
}

const TABLE: &str = include_str!("selections.tsv");

static ROWS: LazyLock<Vec<Selection>> = LazyLock::new(|| read(TABLE).unwrap_or_default());

/// The rows about one kind of object.
pub fn selections(group: &str, kind: &str) -> impl Iterator<Item = &'static Selection> {
    ROWS.iter().filter(move |row| row.kinds.contains(&kind) && row.groups.contains(&group))
}

fn read(table: &'static str) -> Result<Vec<Selection>, String> {
    lines::rows(table).map(row).collect()
}

fn row(line: &'static str) -> Result<Selection, String> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let [object, selector, names, namespace, reason] = columns[..] else {
        return Err("expected five columns".to_owned());
    };
    let (groups, kinds) = object.split_once('/').ok_or("expected group/Kind")?;
    let (path, field) = selector.rsplit_once('.').ok_or("expected a path")?;
    Ok(Selection {
        groups: groups.split('|').collect(),
        kinds: kinds.split('|').collect(),
        path: path.split('.').collect(),
        field,
        names: read_kinds(names)?,
        namespace: read_namespace(namespace),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert!(!read(TABLE).unwrap().is_empty());
    }
}
