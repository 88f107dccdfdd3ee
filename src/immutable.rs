//! Where `immutable: true` goes in a ConfigMap or Secret, and how it is written there.
//!
//! Right behind the `kind` entry, in the style of the document. Only looks; the edit is the plan's.

use crate::diagnostic::{Code, Diagnostic};
use crate::object::View;
use crate::source::{Source, Span};
use crate::yaml::{Kind, Value};

/// What it takes to make an object immutable (`immutable` of core/v1 ConfigMap and Secret).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immutable {
    /// It is already.
    Already,
    /// These bytes hold something else and become `true`.
    Overwrite(Span),
    /// `immutable:` stands there without a value; the bytes from the key's end to behind the colon.
    Fill(Span),
    /// There is no such entry yet.
    Insert(Insert),
}

/// An entry to write beside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insert {
    /// The key of the entry beside which it goes.
    pub key: Span,
    /// That entry's value when the new entry goes behind it; without it the new entry goes before the key.
    pub value: Option<Span>,
    /// True within `{...}`.
    pub flow: bool,
}

/// Looks where the entry is or belongs.
///
/// # Errors
/// An `immutable` that is neither a boolean nor empty.
pub fn immutable(view: &View<'_, '_>) -> Result<Immutable, Box<Diagnostic>> {
    let tree = view.tree;
    let Some((key, value)) = tree.entry(view.root, "immutable") else {
        return Ok(Immutable::Insert(insert(view)));
    };
    let span = tree.node(value).span;
    match tree.value(value) {
        Some(Value::Bool(true)) => Ok(Immutable::Already),
        Some(Value::Bool(false)) => Ok(Immutable::Overwrite(span)),
        Some(Value::Null) if !span.is_empty() => Ok(Immutable::Overwrite(span)),
        Some(Value::Null) => Ok(Immutable::Fill(Span { start: tree.node(key).span.end, end: span.end + 1 })),
        other => {
            let found = other.map_or("a collection", |value| value.describe());
            let message = format!("`immutable` is {found}, expected `true` or `false`");
            let finding = Diagnostic::new(Code::InvalidData, message);
            Err(Box::new(finding.at(span, "not a boolean").help("write `immutable: true`, or leave it out")))
        }
    }
}

impl Immutable {
    /// The bytes to write over and what to write; `None` when nothing is to be done.
    pub fn edit(&self, source: &Source) -> Option<(Span, String)> {
        match *self {
            Immutable::Already => None,
            Immutable::Overwrite(span) => Some((span, "true".to_owned())),
            Immutable::Fill(span) => Some((span, ": true".to_owned())),
            Immutable::Insert(insert) if insert.flow => Some(insert.in_flow(source)),
            Immutable::Insert(insert) => Some(insert.in_block(source)),
        }
    }

    /// The bytes that the edit would change, or the empty place where it would insert.
    pub fn place(&self, source: &Source) -> Option<Span> {
        self.edit(source).map(|(span, _)| span)
    }
}

fn insert(view: &View<'_, '_>) -> Insert {
    let tree = view.tree;
    let flow = matches!(tree.node(view.root).kind, Kind::Mapping(true));
    let named = |name: &str| {
        tree.entries(view.root).filter(|(key, _)| tree.text(*key).is_some_and(|text| text == name)).last()
    };
    match named("kind") {
        Some((key, value)) => Insert { key: tree.node(key).span, value: Some(tree.node(value).span), flow },
        None => {
            // The kind comes through a merge key or from the list: go before the object's first entry.
            let first = tree
                .entries(view.root)
                .next()
                .map_or(tree.node(view.root).span, |(key, _)| tree.node(key).span);
            Insert { key: first, value: None, flow }
        }
    }
}

impl Insert {
    fn in_block(self, source: &Source) -> (Span, String) {
        let line = source.line_at(self.key.start as usize);
        let before = &source.text()[line.start..self.key.start as usize];
        let blank = |c: char| if c.is_whitespace() { c } else { ' ' };
        let indent: String = before.trim_start_matches('\u{feff}').chars().map(blank).collect();
        match self.value {
            Some(value) => {
                let end = source.line_at(value.end as usize).end;
                (Span::new(end, end), format!("{}{indent}immutable: true", line_ending(source, end)))
            }
            None => (
                Span::empty(self.key.start),
                format!("immutable: true{}{indent}", line_ending(source, line.end)),
            ),
        }
    }

    fn in_flow(self, source: &Source) -> (Span, String) {
        let text = source.text();
        let quoted = text[self.key.range()].starts_with('"');
        let key = if quoted { "\"immutable\"" } else { "immutable" };
        let Some(value) = self.value else {
            return (Span::empty(self.key.start), format!("{key}: true, "));
        };
        let colon = &text[self.key.end as usize..value.start as usize];
        let colon = if colon.trim() == ":" { colon } else { ": " };
        let gap = gap_behind(&text[value.end as usize..])
            .unwrap_or_else(|| gap_before(&text[..self.key.start as usize]));
        let gap = if gap.is_empty() && !quoted { " " } else { gap };
        (Span::empty(value.end), format!(",{gap}{key}{colon}true"))
    }
}

/// White space between the comma behind an entry and the next key.
fn gap_behind(rest: &str) -> Option<&str> {
    let behind = rest.trim_start().strip_prefix(',')?;
    let gap = &behind[..behind.len() - behind.trim_start().len()];
    // Before a comment or at the end of a trailing comma the gap is no model.
    (!behind.trim_start().starts_with(['#', '}'])).then_some(gap)
}

/// White space before an entry's key.
fn gap_before(text: &str) -> &str {
    &text[text.trim_end().len()..]
}

/// The line ending in force at the end of a line: its own, or at the end of the text the one before.
fn line_ending(source: &Source, line_end: usize) -> &'static str {
    let text = source.text();
    let rest = &text[line_end..];
    if rest.starts_with("\r\n") {
        return "\r\n";
    }
    let before = text[..line_end].rfind('\n').is_some_and(|at| text[..at].ends_with('\r'));
    if rest.is_empty() && before { "\r\n" } else { "\n" }
}
