//! The parser for a table of reference rules.
//!
//! The comments at the top of `builtin.tsv` and `catalogue.tsv` describe the format. Rows keep their order, and shapes
//! are not resolved. Must not read files.

use crate::kube::object::TargetKind;

/// The table for the built-in API.
pub const BUILTIN: &str = include_str!("builtin.tsv");
/// The table for custom resources that the structural shapes do not cover.
pub const CATALOGUE: &str = include_str!("catalogue.tsv");

/// A set of the kinds that a reference may name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// No kind.
    pub const NONE: Kinds = Kinds(0);
    /// Only a ConfigMap.
    pub const CONFIG_MAP: Kinds = Kinds(1);
    /// Only a Secret.
    pub const SECRET: Kinds = Kinds(2);
    /// A ConfigMap or a Secret.
    pub const BOTH: Kinds = Kinds(3);

    /// Returns the union of both sets.
    #[must_use]
    pub fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Returns the kinds in the set.
    pub fn iter(self) -> impl Iterator<Item = TargetKind> {
        let all = [(Kinds::CONFIG_MAP, TargetKind::ConfigMap), (Kinds::SECRET, TargetKind::Secret)];
        all.into_iter().filter(move |(kind, _)| self.0 & kind.0 != 0).map(|(_, kind)| kind)
    }

    /// Returns the kind of this name, `ConfigMap` or `Secret`; [`Kinds::NONE`] for any other.
    pub fn named(kind: &str) -> Kinds {
        match kind {
            "ConfigMap" => Kinds::CONFIG_MAP,
            "Secret" => Kinds::SECRET,
            _ => Kinds::NONE,
        }
    }
}

/// What a field at the end of a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// An object of these kinds.
    Kinds(Kinds),
    /// The kind in the sibling `kind`, if the sibling `group`, `apiGroup` or `apiVersion` is absent or refers to the
    /// core group. Without a `kind`, these kinds.
    SiblingKind(Kinds),
    /// The kinds in the sibling list `kinds` (Kyverno).
    SiblingKinds,
    /// The kinds in the `apiGroups` and `resources` of an RBAC rule (rbac.authorization.k8s.io PolicyRule).
    RuleResources,
    /// The kind in the `paramKind` of the admission policy that the binding refers to in `policyName`.
    PolicyParam,
    /// An object that a controller writes.
    Written(Kinds),
    /// Nothing: the field only looks like a reference.
    Nothing,
}

/// Where to find the namespace of the object that a field names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// The sibling field that may contain the namespace.
    pub sibling: Option<String>,
    /// True if, without a sibling, any namespace matches; otherwise the namespace is that of the referring object.
    pub any: bool,
    /// A fixed namespace.
    pub fixed: Option<String>,
    /// True if the name may end with a full stop and the namespace.
    pub dotted: bool,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To a field of a mapping.
    Key(String),
    /// To each item of a list.
    Item,
    /// To each value of a mapping.
    Value,
}

/// What the path of a row leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A field with a name.
    Names(Names),
    /// A shape, whose rows continue the path.
    Shape(String),
    /// A part of the object without references, because it belongs to another cluster or is a template.
    Stop,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `group/Kind`, in which `*` matches any characters, or `@shape`. `a|b/Kind` becomes one row for each group.
    pub object: String,
    /// The path in the object or shape. A path without an item step also passes through lists.
    pub path: Vec<Step>,
    /// What the path leads to.
    pub target: Target,
    /// Where to find the namespace of the named object.
    pub namespace: Namespace,
    /// A sibling field, and the value that it must have for the row to apply.
    pub when: Option<(String, String)>,
    /// The source of the fact: a table, an API type, or the user's file and line.
    pub origin: String,
}

/// Parses a table. `origin` is the source of rows that state none.
///
/// # Errors
/// The 1-based number of a line that is not a row, and what is wrong with it.
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

/// Parses `ConfigMap`, `Secret` or `ConfigMap|Secret`.
///
/// # Errors
/// Another kind.
pub fn read_kinds(text: &str) -> Result<Kinds, String> {
    let kinds = text.split('|').map(|kind| match Kinds::named(kind.trim()) {
        Kinds::NONE => Err(format!("`{kind}` is neither `ConfigMap` nor `Secret`")),
        kinds => Ok(kinds),
    });
    kinds.into_iter().try_fold(Kinds::NONE, |all, kinds| Ok(all.or(kinds?)))
}

/// Parses where to find a namespace: nothing, `any`, `.`, `=fixed`, `sibling` or `sibling,any`.
pub fn read_namespace(text: &str) -> Namespace {
    if text == "." {
        return Namespace { dotted: true, ..Namespace::default() };
    }
    if let Some(fixed) = text.strip_prefix('=') {
        return Namespace { fixed: Some(fixed.to_owned()), ..Namespace::default() };
    }
    let (sibling, any) = match text.strip_suffix(",any") {
        Some(sibling) => (sibling, true),
        None if text == "any" => ("", true),
        None => (text, false),
    };
    Namespace { sibling: (!sibling.is_empty()).then(|| sibling.to_owned()), any, ..Namespace::default() }
}

fn read_when(text: &str) -> Result<Option<(String, String)>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let (field, value) = text.split_once('=').ok_or_else(|| format!("`{text}`: expected `field=value`"))?;
    Ok(Some((field.to_owned(), value.to_owned())))
}

/// Parses `a.b[].c{}["d.e"]`.
///
/// # Errors
/// A bracket that is not closed, an empty field name, and paths in another notation, which would match nothing.
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
            if end == 0 || is_other_notation(&field[..end]) {
                return Err(format!("`{text}`: {}", misread(field)));
            }
            steps.push(Step::Key(field[..end].to_owned()));
            &field[end..]
        };
    }
    match steps.first() {
        None => Err("the path is empty".to_owned()),
        Some(Step::Key(whole)) if steps.len() == 1 && !text.starts_with('[') && whole.contains('/') => {
            Err(format!("`{text}`: {SLASHES}"))
        }
        Some(_) => Ok(steps),
    }
}

const SLASHES: &str = "separate the fields with `.`, as in `spec.settings`; put a key with `/` in brackets and quotes, as in `[\"example.com/config\"]`";

/// True for text that JSONPath and other notations have in place of a field name. Only quoted keys may contain it.
fn is_other_notation(field: &str) -> bool {
    field.starts_with(['$', '@', '/']) || field.contains(|c: char| c == '*' || c.is_whitespace())
}

/// Returns what is wrong with text that is not a field name.
fn misread(field: &str) -> &'static str {
    match field.chars().next() {
        Some('$' | '@') => "begin with the first field, as in `spec.settings`",
        Some('/') => SLASHES,
        Some('[' | '{' | '*') => {
            "expected a field name, `[]` for each item of a list, `{}` for each value of a map, or `[\"key\"]`"
        }
        Some(c) if c != '.' => {
            "put a key with white space or `*` in brackets and quotes, as in `[\"a key\"]`"
        }
        _ => "a field name is missing",
    }
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
        assert!(read_path("metadata.annotations.a/b").is_ok() && read_path("[\"a/b *\"]").is_ok());
        for other in
            ["$.a.b", "$a", "@.a", "/a/b", "a/b", "a.*.b", "*", "a.b ", "a[*].b", "a[0]", "a['b']", "{.a}"]
        {
            assert!(read_path(other).is_err(), "{other}");
        }
    }

    #[test]
    fn the_tables_are_well_formed() {
        read(BUILTIN, "").unwrap();
        read(CATALOGUE, "").unwrap();
    }
}
