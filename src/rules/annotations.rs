//! Annotations whose value names a ConfigMap or Secret.

use super::exclusions::glob;
use super::lines;
use super::table::{Kinds, read_kinds};
use std::collections::HashMap;

/// The form in which a value contains names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// `name` or `namespace/name`. The annotation with the given key, if any, may contain the namespace.
    Name(Option<String>),
    /// `name` or `namespace/name` items, separated by commas.
    List,
    /// JSON or YAML: names are found by shapes or, if a field is given, in that field.
    Json(Option<String>),
    /// `name.key`: the name ends at the first full stop.
    NameAndKey,
    /// `ENV=secret:key` items, separated by commas.
    EnvList,
    /// `group/namespaces/namespace/kind/name` and `group/kind/name` items, separated by commas.
    Objects,
    /// `kind=KIND,name=NAME,namespace=NAMESPACE`.
    Pairs,
    /// `type/name`. If the key ends in `/resource`, the annotation that ends in `/namespace` instead may contain the
    /// namespace.
    TypeAndName,
    /// The value is neither a reference nor a mention.
    Nothing,
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// The key of the annotation; `*` matches any characters.
    pub key: String,
    /// The kinds of object that carry the annotation, separated by `|`. Used only to list the rules.
    pub on: String,
    /// The kinds of object that the value names; `None` for the kind of the object that carries the annotation.
    pub names: Option<Kinds>,
    /// The form in which the value contains the names.
    pub format: Format,
    /// True if a controller writes the object of that name.
    pub written: bool,
    /// The source of the fact.
    pub origin: String,
}

/// All rows.
#[derive(Debug)]
pub(super) struct Annotations {
    rows: Vec<Annotation>,
    exact: HashMap<String, usize>,
    /// Rows whose key contains a `*`.
    patterns: Vec<usize>,
}

impl Annotations {
    pub(super) fn builtin() -> Annotations {
        // A test reads the table, so it is well-formed in every build that passed the tests.
        let rows = read(include_str!("annotations.tsv")).unwrap_or_default();
        let (patterns, exact): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|at| rows[*at].key.contains('*'));
        let exact = exact.into_iter().map(|at| (rows[at].key.clone(), at)).collect();
        Annotations { rows, exact, patterns }
    }

    pub(super) fn find(&self, key: &str) -> Option<&Annotation> {
        let pattern = || self.patterns.iter().find(|at| glob(&self.rows[**at].key, key));
        self.exact.get(key).or_else(pattern).map(|at| &self.rows[*at])
    }

    pub(super) fn rows(&self) -> &[Annotation] {
        &self.rows
    }
}

fn read(table: &str) -> Result<Vec<Annotation>, String> {
    lines::rows(table).map(|line| row(line).map_err(|problem| format!("{line}: {problem}"))).collect()
}

fn row(line: &str) -> Result<Annotation, String> {
    let columns: Vec<&str> = line.split('\t').collect();
    let &[key, on, names, format, ref rest @ ..] = columns.as_slice() else {
        return Err("expected four columns".to_owned());
    };
    Ok(Annotation {
        key: key.to_owned(),
        on: on.to_owned(),
        written: names.starts_with("writes:"),
        names: match names.trim_start_matches("writes:") {
            "same" => None,
            "none" => Some(Kinds::NONE),
            kinds => Some(read_kinds(kinds)?),
        },
        format: if names == "none" { Format::Nothing } else { read_format(format)? },
        origin: rest.first().copied().unwrap_or_default().to_owned(),
    })
}

fn read_format(text: &str) -> Result<Format, String> {
    Ok(match text {
        "name" => Format::Name(None),
        "list" => Format::List,
        "name.key" => Format::NameAndKey,
        "json" => Format::Json(None),
        "env-list" => Format::EnvList,
        "objects" => Format::Objects,
        "pairs" => Format::Pairs,
        "type/name" => Format::TypeAndName,
        _ => match (text.strip_prefix("name,"), text.strip_prefix("json:")) {
            (Some(sibling), _) => Format::Name(Some(sibling.to_owned())),
            (_, Some(field)) => Format::Json(Some(field.to_owned())),
            _ => return Err(format!("`{text}` is no format")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        read(include_str!("annotations.tsv")).unwrap();
    }
}
