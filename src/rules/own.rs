//! Custom rules: files in our format, kustomize's `nameReference` configuration, and the annotation
//! `immutably.dev/references`.
//!
//! docs/rules.md and docs/rules.schema.json describe the format. A mistake becomes a finding with its position.

use super::one_or_several::{Element, OneOrSeveral};
use super::table::{Kinds, Names, Namespace, Row, Step, Target, read_namespace, read_path};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::findings::names::nearest;
use crate::kube::content::FIELDS;
use crate::kube::shown;
use crate::text::source::{Source, Span};
use crate::yaml::typed::{self, Problem, Spanned};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashMap;

const HELP: &str = "see docs/rules.md for the format of a rules file";
const KEEP: &str =
    "to keep the name of the referenced object, annotate that object with `immutably.dev/mode: leave`";

/// A rules file. Fields that kustomize uses for other purposes are ignored.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code)] // the ignored fields
struct File {
    #[serde(default)]
    rules: Vec<Spanned<Rule>>,
    #[serde(default)]
    name_reference: Vec<Spanned<NameReference>>,
    name_prefix: Option<IgnoredAny>,
    name_suffix: Option<IgnoredAny>,
    namespace: Option<IgnoredAny>,
    common_labels: Option<IgnoredAny>,
    labels: Option<IgnoredAny>,
    template_labels: Option<IgnoredAny>,
    common_annotations: Option<IgnoredAny>,
    var_reference: Option<IgnoredAny>,
    images: Option<IgnoredAny>,
    replicas: Option<IgnoredAny>,
}

/// One rule in our format.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", expecting = "a rule or a list of rules")]
struct Rule {
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    path: Spanned<String>,
    /// `ConfigMap`, `Secret`, both as a list, `kind` or `none`.
    names: Spanned<OneOrSeveral<String>>,
    #[serde(default)]
    namespace: String,
}

impl Element for Rule {
    const EXPECTED: &'static str = "a rule or a list of rules";
}

/// The name of a kind.
impl Element for String {
    const EXPECTED: &'static str = "text or a list";
}

/// One entry of kustomize's `nameReference`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code)] // version: kustomize accepts it, but names do not depend on it
struct NameReference {
    kind: Option<String>,
    group: Option<String>,
    version: Option<String>,
    #[serde(default)]
    field_specs: Vec<Spanned<FieldSpec>>,
}

/// One field of kustomize's `fieldSpecs`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code)] // version and create: kustomize accepts them, but references do not depend on them
struct FieldSpec {
    group: Option<String>,
    version: Option<String>,
    kind: Option<String>,
    path: String,
    create: Option<bool>,
}

/// Rules in a configuration object: the same entries as in a rules file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct RuleList(Vec<Rule>);

impl RuleList {
    /// Parses a list of rules.
    ///
    /// # Errors
    /// A description of the mistake.
    pub fn parse(text: &str) -> Result<RuleList, String> {
        let source = Source::new("rules", text).map_err(|error| error.to_string())?;
        parse(&source, text).map_err(|finding| finding.message.into())
    }

    /// Returns the rules of a configuration that has no source text.
    ///
    /// # Errors
    /// A description of the mistake in one of the rules.
    pub fn rows(&self) -> Result<Vec<Row>, String> {
        let row = |rule: &Rule| rule.row("configuration".to_owned(), None);
        let rows: Result<_, Diagnostic> = self.0.iter().map(row).collect();
        rows.map_err(|finding| finding.message.into())
    }

    /// Returns the rules of a configuration file.
    ///
    /// # Errors
    /// A finding with the position of the mistake in `source`.
    pub fn read(&self, source: &Source) -> Result<Vec<Row>, Diagnostic> {
        let row = |rule: &Rule| rule.row(origin(source, &rule.path), None);
        let rows: Vec<Row> = self.0.iter().map(row).collect::<Result<_, _>>()?;
        contradiction(source, &rows)?;
        Ok(rows)
    }
}

/// Parses a rules file.
///
/// # Errors
/// A finding with the position of the mistake in `source`.
pub fn read_file(source: &Source) -> Result<Vec<Row>, Diagnostic> {
    let file: File = parse(source, source.text())?;
    if file.rules.is_empty() && file.name_reference.is_empty() {
        let message = "the file contains neither `rules` nor `nameReference`";
        return Err(Diagnostic::new(Code::InvalidRules, message).help(HELP));
    }
    let mut rows = Vec::new();
    for rule in &file.rules {
        rows.push(rule.value.row(origin(source, rule), None)?);
    }
    for reference in &file.name_reference {
        rows.extend(reference.value.rows(source)?);
    }
    contradiction(source, &rows)?;
    Ok(rows)
}

/// Parses the annotation `immutably.dev/references`: one rule or a list of rules for the object that carries it.
///
/// # Errors
/// A description of the mistake, without a position, because the text is part of another document.
pub fn read_annotation(text: &str) -> Result<Vec<Row>, String> {
    let source = Source::new("the annotation", text).map_err(|error| error.to_string())?;
    let rules: OneOrSeveral<Rule> = parse(&source, text).map_err(|finding| String::from(finding.message))?;
    let row = |rule: &Rule| rule.row("annotation".to_owned(), Some("*/*"));
    rules.as_slice().iter().map(|rule| row(rule).map_err(|finding| finding.message.into())).collect()
}

impl Rule {
    fn row(&self, origin: String, object: Option<&str>) -> Result<Row, Diagnostic> {
        let path = read_path(&self.path.value).map_err(|problem| invalid(&self.path, &problem))?;
        if !path.iter().any(|step| matches!(step, Step::Key(_))) {
            return Err(invalid(&self.path, "the path contains no field, so it would match everything"));
        }
        let (group, kind) = (self.group.as_deref().unwrap_or("*"), self.kind.as_deref().unwrap_or("*"));
        if let Some(problem) = other_notation(self.group.as_deref(), self.kind.as_deref()) {
            return Err(invalid(&self.path, problem));
        }
        if object.is_none() && self.kind.is_none() {
            return Err(invalid(&self.path, "`kind` is missing; write `kind: \"*\"` for every kind"));
        }
        if object.is_none() && Kinds::named(kind) != Kinds::NONE && is_content(&path) {
            let problem = format!(
                "the name of a {kind} depends on its content, so no name in that content can be rewritten"
            );
            return Err(invalid(&self.path, &problem).help(KEEP));
        }
        Ok(Row {
            object: object.map_or_else(
                || format!("{}/{kind}", if group == "core" { "" } else { group }),
                str::to_owned,
            ),
            path,
            target: Target::Names(self.named()?),
            namespace: read_namespace(&self.namespace),
            when: None,
            origin,
        })
    }

    fn named(&self) -> Result<Names, Diagnostic> {
        match &self.names.value {
            OneOrSeveral::One(name) if name == "kind" => return Ok(Names::SiblingKind(Kinds::NONE)),
            OneOrSeveral::One(name) if name == "none" => return Ok(Names::Nothing),
            _ => {}
        }
        let kinds = self.names.value.as_slice().iter().try_fold(Kinds::NONE, |all, name| match Kinds::named(
            name,
        ) {
            Kinds::NONE => {
                let problem = format!(
                    "`{name}` is unknown: expected `ConfigMap`, `Secret`, a list of both, `kind` or `none`"
                );
                Err(invalid(&self.names, &problem))
            }
            kinds => Ok(all.or(kinds)),
        });
        kinds.map(Names::Kinds)
    }
}

impl NameReference {
    /// Returns rows for ConfigMaps and Secrets. kustomize's configuration may contain other kinds too, but those are
    /// never renamed.
    fn rows(&self, source: &Source) -> Result<Vec<Row>, Diagnostic> {
        let kind = self.kind.as_deref().unwrap_or_default();
        let kinds = Kinds::named(kind);
        let meant = ["ConfigMap", "Secret"].into_iter().find(|known| known.eq_ignore_ascii_case(kind));
        if let (Kinds::NONE, Some(meant), Some(field)) = (kinds, meant, self.field_specs.first()) {
            let problem = format!("`kind: {}` would match nothing: write `{meant}`", shown::kind(kind));
            return Err(invalid(field, &problem));
        }
        let core = matches!(self.group.as_deref(), None | Some(""));
        if kinds == Kinds::NONE || !core {
            return Ok(Vec::new());
        }
        self.field_specs.iter().map(|field| field_row(source, field, kinds)).collect()
    }
}

fn field_row(source: &Source, field: &Spanned<FieldSpec>, kinds: Kinds) -> Result<Row, Diagnostic> {
    let spec = &field.value;
    let path = kustomize_path(&spec.path);
    if path.is_empty() {
        return Err(invalid(field, "the path is empty"));
    }
    if let Some(problem) = other_notation(spec.group.as_deref(), spec.kind.as_deref()) {
        return Err(invalid(field, problem));
    }
    let is_dotted = |step: &Step| matches!(step, Step::Key(key) if key.contains('.'));
    if path.first().is_some_and(is_dotted) || path.contains(&Step::Key("*".to_owned())) {
        let problem = "a path of kustomize has slashes between fields, and no `*`: `spec/settings/name`";
        return Err(invalid(field, problem));
    }
    let part = |text: &Option<String>| text.clone().filter(|text| !text.is_empty()).unwrap_or("*".to_owned());
    Ok(Row {
        object: format!("{}/{}", part(&spec.group), part(&spec.kind)),
        path,
        target: Target::Names(Names::Kinds(kinds)),
        namespace: Namespace::default(),
        when: None,
        origin: origin(source, field),
    })
}

/// Describes the mistake if a group or kind is written in a way that matches no object.
fn other_notation(group: Option<&str>, kind: Option<&str>) -> Option<&'static str> {
    let kind = kind.unwrap_or_default();
    if kind.contains('/') {
        return Some("`kind` is the kind alone; the API group belongs in `group`");
    }
    // The API requires CamelCase.
    if kind.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Some(
            "`kind` begins with a capital letter, as in a manifest: not the resource or its short name",
        );
    }
    group.is_some_and(|group| group.contains('/')).then_some("`group` is the API group without the version")
}

/// Parses `spec/template/spec/volumes/configMap/name`: lists are passed through, `\/` is a slash in a key, `[]` is
/// ignored.
fn kustomize_path(text: &str) -> Vec<Step> {
    let text = text.replace("\\/", "\u{0}");
    let keys = text.split('/').filter(|key| !key.is_empty());
    keys.map(|key| Step::Key(key.trim_end_matches("[]").replace('\u{0}', "/"))).collect()
}

fn is_content(path: &[Step]) -> bool {
    matches!(path.first(), Some(Step::Key(key)) if FIELDS.contains(&key.as_str()))
}

/// The first rule for a field, and the first one that differs from it.
type FirstTwo<'a> = (&'a Row, Option<&'a Row>);

/// Reports two rules for one field that differ, because it is unclear which one applies.
fn contradiction(source: &Source, rows: &[Row]) -> Result<(), Diagnostic> {
    let mut fields: HashMap<(&str, &[Step]), FirstTwo<'_>> = HashMap::new();
    for row in rows {
        let differs = |other: &Row| (&other.target, &other.namespace) != (&row.target, &row.namespace);
        let (first, other) = fields.entry((&row.object, &row.path)).or_insert((row, None));
        if differs(first) {
            other.get_or_insert(row);
        }
        let earlier = if differs(first) { Some(*first) } else { *other };
        let both_kinds = |other: &Row| {
            matches!(
                (&other.target, &row.target),
                (Target::Names(Names::Kinds(_)), Target::Names(Names::Kinds(_)))
            )
        };
        if let Some(earlier) = earlier.filter(|other| !both_kinds(other)) {
            let message = format!("the rule at {} contradicts the one at {}", row.origin, earlier.origin);
            let name = source.locate(0).file.to_owned();
            return Err(Diagnostic::new(Code::InvalidRules, format!("{name}: {message}"))
                .help("remove one of the two rules"));
        }
    }
    Ok(())
}

fn parse<'t, T: Deserialize<'t>>(source: &Source, text: &'t str) -> Result<T, Diagnostic> {
    typed::from_str(text).map_err(|error| {
        let mut message = match &error.problem {
            // A field that resembles none of the expected names may be a value, so it is not shown.
            Problem::UnknownField { field, expected }
                if nearest(field, expected.iter().copied()).is_some() =>
            {
                format!("unknown field `{}`, expected one of {}", shown::kind(field), expected.join(", "))
            }
            _ => error.to_string(),
        };
        let Some(at) = error.at else { return Diagnostic::new(Code::InvalidRules, message).help(HELP) };
        let place = source.locate(at.start);
        message += &format!(" at line {}, column {}", place.line, place.column);
        Diagnostic::new(Code::InvalidRules, message).at(Span::empty(at.start), "here").help(HELP)
    })
}

fn invalid<T>(value: &Spanned<T>, problem: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidRules, problem).at(Span::empty(value.span.start), "here").help(HELP)
}

/// Returns the file and line of a rule, for messages.
fn origin<T>(source: &Source, rule: &Spanned<T>) -> String {
    let place = source.locate(rule.span.start);
    format!("{}:{}", place.file, place.line)
}
