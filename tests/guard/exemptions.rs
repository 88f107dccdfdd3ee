//! What the filter leaves alone, as match conditions of an admission policy. Reads the tables, not the policy files.

use immutably::kube::filled_later;
use std::fmt::Write as _;

const TABLE: &str = include_str!("../../src/rules/exclusions.tsv");
/// The approximate length of a line in the policies.
const WIDTH: usize = 120;

/// A row of `src/rules/exclusions.tsv`.
pub(crate) struct Row {
    pub(crate) by: &'static str,
    pub(crate) kinds: Vec<&'static str>,
    /// `*` matches any characters.
    pub(crate) pattern: &'static str,
    pub(crate) namespaces: Vec<&'static str>,
}

/// Returns all rows, and the annotations of objects that another tool fills later.
pub(crate) fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let table = lines.map(|line| {
        let columns: Vec<&'static str> = line.split('\t').collect();
        let namespaces = columns[3].split('|').filter(|pattern| !pattern.is_empty()).collect();
        Row { by: columns[0], kinds: columns[1].split('|').collect(), pattern: columns[2], namespaces }
    });
    let filled = filled_later::ANNOTATIONS.iter().map(|(start, _)| Row {
        by: "annotation",
        kinds: vec!["ConfigMap", "Secret"],
        pattern: format!("{start}*").leak(),
        namespaces: Vec::new(),
    });
    table.chain(filled).collect()
}

/// Returns the conditions for one kind, as items of a YAML list.
pub(crate) fn conditions(kind: &str, rows: &[Row]) -> String {
    let of =
        |by: &str| rows.iter().filter(|row| row.by == by && row.kinds.contains(&kind)).collect::<Vec<_>>();
    let mut out = String::new();
    let types = Terms::new(&of("type")).expression("object.type", "");
    if !types.is_empty() {
        item(&mut out, "not-of-a-type-that-is-left-alone", "!has(object.type) || !(", &types);
    }
    for (by, field) in [("annotation", "annotations"), ("label", "labels")] {
        let map = format!("object.metadata.{field}");
        let keys = Terms::new(&of(by)).expression("key", &format!("(key + '=' + {map}[key])"));
        let start = format!("!has({map}) || !{map}.exists(key,");
        item(&mut out, &format!("not-left-alone-by-{by}"), &start, &keys);
    }
    let names = Terms::new(&of("name"))
        .expression("object.metadata.name", "(request.namespace + '/' + object.metadata.name)");
    item(&mut out, "not-left-alone-by-name", "!has(object.metadata.name) || !(", &names);
    out
}

/// The values to match: exact ones, and patterns.
#[derive(Default)]
struct Terms {
    exact: Vec<String>,
    like: Vec<String>,
    /// The same for pairs: key and value, or namespace and name.
    exact_pairs: Vec<String>,
    like_pairs: Vec<String>,
}

impl Terms {
    fn new(rows: &[&Row]) -> Terms {
        let mut terms = Terms::default();
        for row in rows {
            let pairs: Vec<String> = match row.namespaces.as_slice() {
                [] => vec![row.pattern.to_owned()],
                namespaces => {
                    namespaces.iter().map(|namespace| format!("{namespace}/{}", row.pattern)).collect()
                }
            };
            let is_pair = !row.namespaces.is_empty() || (row.pattern.contains('=') && row.by != "name");
            for text in pairs {
                match (is_pair, text.contains('*')) {
                    (false, false) => terms.exact.push(text),
                    (false, true) => terms.like.push(regex(&text)),
                    (true, false) => terms.exact_pairs.push(text),
                    (true, true) => terms.like_pairs.push(regex(&text)),
                }
            }
        }
        terms
    }

    /// Returns the lines of an expression that is true if a value matches; none if there are no terms.
    fn expression(&self, one: &str, pair: &str) -> Vec<String> {
        let tests = [
            (format!("{one} in ["), quoted(&self.exact, ", "), "]"),
            (format!("{one}.matches('^(?:"), alternatives(&self.like), ")$')"),
            (format!("{pair} in ["), quoted(&self.exact_pairs, ", "), "]"),
            (format!("{pair}.matches('^(?:"), alternatives(&self.like_pairs), ")$')"),
        ];
        let mut lines: Vec<String> = Vec::new();
        for (start, pieces, end) in tests.into_iter().filter(|(_, pieces, _)| !pieces.is_empty()) {
            if let Some(last) = lines.last_mut() {
                last.push_str(" ||");
            }
            lines.extend(filled(start, pieces, end));
        }
        lines
    }
}

/// Returns `text` as an RE2 regular expression without backslashes, which CEL and YAML would need escaped.
fn regex(text: &str) -> String {
    text.replace('.', "[.]").replace('*', ".*")
}

fn quoted(texts: &[String], separator: &str) -> Vec<String> {
    let last = texts.len().saturating_sub(1);
    texts
        .iter()
        .enumerate()
        .map(|(at, text)| format!("'{text}'{}", if at == last { "" } else { separator }))
        .collect()
}

/// Returns the pieces of one string, which cannot be broken into lines.
fn alternatives(texts: &[String]) -> Vec<String> {
    if texts.is_empty() { Vec::new() } else { vec![texts.join("|")] }
}

/// Fills lines with the pieces between `start` and `end`, up to the width.
fn filled(start: String, pieces: Vec<String>, end: &str) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), start);
    for piece in pieces {
        if line.len() + piece.len() > WIDTH && piece.starts_with('\'') {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        line.push_str(&piece);
    }
    lines.push(line + end);
    lines
}

fn item(out: &mut String, name: &str, start: &str, lines: &[String]) {
    let _ = write!(out, "- name: {name}\n  expression: >-\n    {start}\n");
    for line in lines {
        let _ = writeln!(out, "    {line}");
    }
    out.push_str("    )\n");
}
