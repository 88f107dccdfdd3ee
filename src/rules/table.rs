//! A table of reference rules as text, read into rows.
//!
//! The format is described at the top of `builtin.tsv` and `catalogue.tsv`. Reading keeps the order; shapes stay
//! unresolved. Knows nothing of files.

use crate::kube::object::TargetKind;

/// What the built-in API says.
pub const BUILTIN: &str = include_str!("builtin.tsv");
/// What is known of custom resources beyond the structural shapes.
pub const CATALOGUE: &str = include_str!("catalogue.tsv");

/// A set of the kinds that a reference may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// No kind.
    pub const NONE: Kinds = Kinds(0);
    /// Only a ConfigMap.
    pub const CONFIG_MAP: Kinds = Kinds(1);
    /// Only a Secret.
    pub const SECRET: Kinds = Kinds(2);
    /// Either.
    pub const BOTH: Kinds = Kinds(3);

    /// The kinds of both sets.
    #[must_use]
    pub fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// The kinds in the set.
    pub fn iter(self) -> impl Iterator<Item = TargetKind> {
        let all = [(Kinds::CONFIG_MAP, TargetKind::ConfigMap), (Kinds::SECRET, TargetKind::Secret)];
        all.into_iter().filter(move |(kind, _)| self.0 & kind.0 != 0).map(|(_, kind)| kind)
    }

    /// The kind of this name, `ConfigMap` or `Secret`; none for any other.
    pub fn named(kind: &str) -> Kinds {
        match kind {
            "ConfigMap" => Kinds::CONFIG_MAP,
            "Secret" => Kinds::SECRET,
            _ => Kinds::NONE,
        }
    }
}

/// What a field at the end of a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// It names an object of these kinds.
    Kinds(Kinds),
    /// By the sibling `kind`, with `group`, `apiGroup` or `apiVersion` of the core group or absent; these kinds when
    /// there is no `kind`.
    SiblingKind(Kinds),
    /// By the sibling list `kinds` (Kyverno).
    SiblingKinds,
    /// By the `apiGroups` and `resources` of an RBAC rule (rbac.authorization.k8s.io PolicyRule).
    RuleResources,
    /// By the `paramKind` of the admission policy that the binding names in `policyName`.
    PolicyParam,
    /// A controller writes the object of this name.
    Written(Kinds),
    /// It looks like a reference and is none.
    Nothing,
}

/// Where to look for the namespace of the object that a field names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// The sibling field that may hold it.
    pub sibling: Option<String>,
    /// True when, without a sibling, it may be any namespace; otherwise it is the referring object's own.
    pub any: bool,
    /// Always this one.
    pub fixed: Option<String>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a field.
    Key(String),
    /// Into each item of a list.
    Item,
    /// Into each value of a map.
    Value,
}

/// What a row leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A field.
    Names(Names),
    /// The rows of a shape.
    Shape(String),
    /// Nothing below is a reference: it belongs to another cluster or is a template.
    Stop,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `group/Kind`, `*` standing for any characters, or `@shape`. One row for each group of `a|b/Kind`.
    pub object: String,
    /// The path within the object or shape. A path without an item step also leads through lists.
    pub path: Vec<Step>,
    /// What is found there.
    pub target: Target,
    /// Where its namespace is found.
    pub namespace: Namespace,
    /// A sibling field and the value that it must have for the row to hold.
    pub when: Option<(String, String)>,
    /// Where the fact comes from: a table, an API type, or the user's file and line.
    pub origin: String,
}

/// Reads a table. Rows that state no source of their own come from `origin`.
///
/// # Errors
/// A line that is no row: its number, 1-based, and what is wrong with it.
pub fn read(table: &str, origin: &str) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (index, line) in table.lines().enumerate() {
        if !line.trim().is_empty() && !line.starts_with('#') {
            rows.extend(row(line, origin).map_err(|problem| format!("line {}: {problem}", index + 1))?);
        }
    }
    Ok(rows)
}

fn row(line: &str, origin: &str) -> Result<Vec<Row>, String> {
    let mut columns = line.split('\t');
    let (Some(object), Some(path), Some(target)) = (columns.next(), columns.next(), columns.next()) else {
        return Err("expected object, path and names, separated by tabs".to_owned());
    };
    let mut rest = || columns.next().unwrap_or_default();
    let template = Row {
        object: object.to_owned(),
        path: read_path(path)?,
        target: read_target(target)?,
        namespace: read_namespace(rest()),
        when: read_when(rest())?,
        origin: Some(rest()).filter(|source| !source.is_empty()).unwrap_or(origin).to_owned(),
    };
    let Some((groups, kind)) = object.split_once('/') else { return Ok(vec![template]) };
    let named = |group: &str| {
        let group = if group == "core" { "" } else { group };
        Row { object: format!("{group}/{kind}"), ..template.clone() }
    };
    Ok(groups.split('|').map(named).collect())
}

fn read_target(text: &str) -> Result<Target, String> {
    let names = match text {
        "kind" => Names::SiblingKind(Kinds::NONE),
        "kind:Secret" => Names::SiblingKind(Kinds::SECRET),
        "kind:ConfigMap" => Names::SiblingKind(Kinds::CONFIG_MAP),
        "kinds" => Names::SiblingKinds,
        "resources" => Names::RuleResources,
        "param" => Names::PolicyParam,
        "writes:Secret" => Names::Written(Kinds::SECRET),
        "writes:ConfigMap" => Names::Written(Kinds::CONFIG_MAP),
        "none" => Names::Nothing,
        "stop" => return Ok(Target::Stop),
        _ => match text.strip_prefix('@') {
            Some(shape) => return Ok(Target::Shape(shape.to_owned())),
            None => Names::Kinds(read_kinds(text)?),
        },
    };
    Ok(Target::Names(names))
}

/// Reads `ConfigMap`, `Secret` or `ConfigMap|Secret`.
///
/// # Errors
/// Any other kind.
pub fn read_kinds(text: &str) -> Result<Kinds, String> {
    let kinds = text.split('|').map(|kind| match Kinds::named(kind.trim()) {
        Kinds::NONE => Err(format!("`{kind}` is neither `ConfigMap` nor `Secret`")),
        kinds => Ok(kinds),
    });
    kinds.into_iter().try_fold(Kinds::NONE, |all, kinds| Ok(all.or(kinds?)))
}

/// Reads where a namespace is found: nothing, `any`, `=fixed`, `sibling` or `sibling,any`.
pub fn read_namespace(text: &str) -> Namespace {
    if let Some(fixed) = text.strip_prefix('=') {
        return Namespace { fixed: Some(fixed.to_owned()), ..Namespace::default() };
    }
    let (sibling, any) = match text.strip_suffix(",any") {
        Some(sibling) => (sibling, true),
        None if text == "any" => ("", true),
        None => (text, false),
    };
    Namespace { sibling: (!sibling.is_empty()).then(|| sibling.to_owned()), any, fixed: None }
}

fn read_when(text: &str) -> Result<Option<(String, String)>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let (field, value) = text.split_once('=').ok_or_else(|| format!("`{text}`: expected `field=value`"))?;
    Ok(Some((field.to_owned(), value.to_owned())))
}

/// Reads `a.b[].c{}["d.e"]`.
///
/// # Errors
/// A bracket that is not closed or an empty field name.
pub fn read_path(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        rest = if let Some(behind) = rest.strip_prefix("[]") {
            steps.push(Step::Item);
            behind
        } else if let Some(behind) = rest.strip_prefix("{}") {
            steps.push(Step::Value);
            behind
        } else if let Some(behind) = rest.strip_prefix("[\"") {
            let (key, behind) =
                behind.split_once("\"]").ok_or_else(|| format!("`{text}`: a bracket is not closed"))?;
            steps.push(Step::Key(key.to_owned()));
            behind
        } else {
            let field = rest.strip_prefix('.').unwrap_or(rest);
            let end = field.find(['.', '[', '{']).unwrap_or(field.len());
            if end == 0 {
                return Err(format!("`{text}`: a field name is missing"));
            }
            steps.push(Step::Key(field[..end].to_owned()));
            &field[end..]
        };
    }
    if steps.is_empty() { Err("the path is empty".to_owned()) } else { Ok(steps) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_step_by_step() {
        let key = |key: &str| Step::Key(key.to_owned());
        let path = read_path("a.b[].c{}[\"d.e/f\"]").unwrap();
        assert_eq!(path, [key("a"), key("b"), Step::Item, key("c"), Step::Value, key("d.e/f")]);
        assert!(read_path("a..b").is_err());
    }

    #[test]
    fn the_tables_are_well_formed() {
        read(BUILTIN, "").unwrap();
        read(CATALOGUE, "").unwrap();
    }
}
