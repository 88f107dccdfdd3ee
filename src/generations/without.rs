//! Removes entries of a mapping, together with their lines or commas.

use crate::text::source::{Source, Span};
use crate::yaml::{Kind, NodeId, Tree};

/// Returns the spans to remove so that a mapping has none of these keys. At least one other entry must remain.
pub(super) fn entries(source: &Source, tree: &Tree<'_>, mapping: NodeId, keys: &[&str]) -> Vec<Span> {
    let entries: Vec<(Span, Span, bool)> = tree
        .entries(mapping)
        .map(|(key, value)| {
            let gone = tree.text(key).is_some_and(|text| keys.contains(&text));
            (tree.node(key).span, tree.node(value).span, gone)
        })
        .collect();
    let flow = matches!(tree.node(mapping).kind, Kind::Mapping(true));
    let mut found = Vec::new();
    let mut at = 0;
    while at < entries.len() {
        let run = entries[at..].iter().take_while(|(.., gone)| *gone).count();
        if run > 0 {
            let before = at.checked_sub(1).map(|before| entries[before].1);
            let (first, last) = (entries[at].0, entries[at + run - 1].1);
            let behind = entries.get(at + run).map(|(key, ..)| *key);
            found.push(if flow {
                in_flow(before, first, last, behind)
            } else {
                in_block(source, first, last, behind)
            });
        }
        at += run.max(1);
    }
    found
}

/// Removes the entries with the comma after them, or with the comma before them if they are the last.
fn in_flow(before: Option<Span>, first: Span, last: Span, behind: Option<Span>) -> Span {
    match (before, behind) {
        (_, Some(behind)) => Span { start: first.start, end: behind.start },
        (Some(before), None) => Span { start: before.end, end: last.end },
        (None, None) => Span { start: first.start, end: last.end },
    }
}

/// Removes whole lines. Comments below the entries stay.
fn in_block(source: &Source, first: Span, last: Span, behind: Option<Span>) -> Span {
    let start = source.line_at(first.start as usize).start;
    let end = source.behind(last.end as usize);
    let next = behind.map(|key| source.line_at(key.start as usize).start);
    let blank = |next: &usize| source.text().get(end..*next).is_some_and(|gap| gap.trim().is_empty());
    Span::new(start, next.filter(blank).unwrap_or(end))
}
