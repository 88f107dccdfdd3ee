//! Resources that find ConfigMaps and Secrets by a label selector.

use super::lines;
use super::table::{Kinds, Namespace, read_kinds, read_namespace};
use std::sync::LazyLock;

/// One row of the table.
#[derive(Debug)]
pub struct Selection {
    groups: Vec<&'static str>,
    kinds: Vec<&'static str>,
    /// The path to the mapping that holds the selector. It passes through lists, and `*` is each value of a map.
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

/// Returns the kinds that a label selector selects, as far as its own key, the key above it and the `kind` beside it say:
/// `secretSelector`, `secret: {selector: ...}`, `{kind: Secret, selector: ...}`.
pub fn selected_by_shape(holder: &str, field: &str, kind: Option<&str>) -> Kinds {
    let plain = matches!(field, "selector" | "labelSelector");
    let said = if plain { holder } else { field.strip_suffix("Selector").unwrap_or_default() };
    let said = said.strip_suffix('s').unwrap_or(said).to_ascii_lowercase();
    let said = said.strip_suffix("label").unwrap_or(&said);
    match (plain, kind.map(Kinds::named)) {
        // These select what is copied to other clusters or patched, and versions are to be copied and patched too.
        (true, Some(_)) if matches!(holder, "resourceSelectors" | "target") => Kinds::NONE,
        (true, Some(kinds)) if kinds != Kinds::NONE => kinds,
        _ if said.ends_with("secret") => Kinds::SECRET,
        _ if said.ends_with("configmap") => Kinds::CONFIG_MAP,
        _ => Kinds::NONE,
    }
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

    #[test]
    fn a_selector_tells_what_it_selects() {
        for (holder, field, kind, kinds) in [
            ("secret", "selector", None, Kinds::SECRET),
            ("secrets", "labelSelector", None, Kinds::SECRET),
            ("spec", "configMapSelector", None, Kinds::CONFIG_MAP),
            ("spec", "secretLabelSelector", None, Kinds::SECRET),
            ("namespacedItems", "selector", Some("Secret"), Kinds::SECRET),
            ("namespacedItems", "selector", Some("Deployment"), Kinds::NONE),
            ("resourceSelectors", "labelSelector", Some("ConfigMap"), Kinds::NONE),
            ("secret", "namespaceSelector", None, Kinds::NONE),
            ("spec", "selector", None, Kinds::NONE),
        ] {
            assert_eq!(selected_by_shape(holder, field, kind), kinds, "{holder}.{field}");
        }
    }
}
