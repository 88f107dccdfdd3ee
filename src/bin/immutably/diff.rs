//! The changes as a unified diff of each changed document. Never shows values of Secrets.

use immutably::generations::Generation;
use immutably::kube::shown;
use immutably::output::excerpt::masked;
use immutably::yaml::split;
use immutably::{Outcome, Source};
use similar::TextDiff;
use std::io::{self, Write};

/// Writes the differences, document by document.
pub(crate) fn write(outcome: &Outcome<'_>, source: &Source, out: &mut dyn Write) -> io::Result<()> {
    let carried = outcome.generations();
    let within = outcome.edits().filter(|(edit, _)| !carried.as_documents || !outcome.is_carried(edit));
    let edits: Vec<_> = within.map(|(edit, text)| (edit.span, text)).collect();
    for document in split::split(source).documents {
        let first = edits.partition_point(|(span, _)| span.start < document.span.start);
        let behind = edits.partition_point(|(span, _)| span.start <= document.span.end);
        if first >= behind {
            continue;
        }
        let mut new = String::new();
        let mut done = document.span.start as usize;
        for (span, text) in &edits[first..behind] {
            new.push_str(&source.text()[done..span.start as usize]);
            new.push_str(text);
            done = span.end as usize;
        }
        new.push_str(&source.text()[done..document.span.end as usize]);
        let place = source.locate(document.span.start);
        let name = format!("{}:{} (document {})", shown::line(place.file), place.line, document.number);
        let (old, new) = (masked(source.slice(document.span)), masked(&new));
        if old == new {
            writeln!(out, "{name} changes; it is not shown, since it may hold a part of a Secret")?;
            continue;
        }
        let diff = TextDiff::from_lines(&old, &new);
        write!(out, "{}", diff.unified_diff().header(&name, &name))?;
    }
    if carried.as_documents {
        carried.carried().try_for_each(|generation| forward(generation, outcome, out))?;
    }
    Ok(())
}

/// Writes a document that is carried forward from an earlier release.
fn forward(generation: &Generation, outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let place = outcome.previous(generation).locate(generation.place.start);
    let name = format!("{}:{} (carried forward)", shown::line(place.file), place.line);
    let new = masked(&generation.text);
    let diff = TextDiff::from_lines("", &new);
    write!(out, "{}", diff.unified_diff().header(&name, &name))
}
