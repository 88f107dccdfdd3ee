//! Explains a finding code, and why an object is versioned or left alone.
//!
//! The text for a code is its section of docs/diagnostics.md, so the page and the command agree. Must not decide.

use crate::findings::diagnostic::Code;
pub use crate::findings::names::code;
use crate::kube::shown;
use crate::kube::suffix::looks_like_suffix;
use crate::output::relations::{Relation, State};
use crate::output::report::{Entry, Finding, Report};
use std::collections::HashSet;
use std::fmt::{self, Write as _};

const PAGE: &str = include_str!("../../docs/diagnostics.md");

/// Returns the section for a code in docs/diagnostics.md, without its heading. It is never empty: a test checks every
/// code.
pub fn section(code: Code) -> &'static str {
    let heading = format!("\n## {}\n", code.as_str());
    let rest = PAGE.find(&heading).map(|at| &PAGE[at + heading.len()..]).unwrap_or_default();
    rest.find("\n## ").map_or(rest, |end| &rest[..end]).trim()
}

/// Describes in words what the report says about the objects with this kind and name; `None` if there are none. `kind`:
/// `ConfigMap` or `Secret`, in any case. `name`: also matches a version by its name without the suffix.
pub fn object(report: &Report<'_>, namespace: Option<&str>, kind: &str, name: &str) -> Option<String> {
    let mut text = String::new();
    for (position, entry) in report.objects.iter().enumerate() {
        let versioned = entry
            .name
            .rsplit_once('-')
            .is_some_and(|(base, suffix)| base == name && looks_like_suffix(suffix));
        let there = namespace.is_none_or(|namespace| entry.namespace == Some(namespace));
        if there && entry.kind.eq_ignore_ascii_case(kind) && (entry.name == name || versioned) {
            // Writing to a `String` cannot fail.
            let _ = describe(&mut text, report, entry, position);
        }
    }
    (!text.is_empty()).then_some(text)
}

fn describe(text: &mut String, report: &Report<'_>, entry: &Entry<'_>, position: usize) -> fmt::Result {
    let place = entry.namespace.map(|namespace| format!(" in namespace {namespace}")).unwrap_or_default();
    writeln!(text, "{} {}{place}", entry.kind, entry.name)?;
    match (entry.decision, &entry.new_name, entry.reason) {
        ("versioned", Some(new), _) => writeln!(text, "  gets the name {new} and becomes immutable")?,
        ("kept", ..) => {
            writeln!(text, "  keeps its name, which carries the hash of its content, and is immutable")?
        }
        ("awaits-kustomize", ..) => {
            writeln!(text, "  becomes immutable; kustomize appends the hash to its name")?
        }
        (_, _, Some(reason)) => writeln!(text, "  is left alone: {reason}")?,
        (decision, ..) => writeln!(text, "  {decision}")?,
    }
    if let Some(why) = entry.original {
        writeln!(text, "  also stays under its own name: {why}")?;
    }
    let users: Vec<&Relation<'_>> =
        report.references.iter().filter(|relation| relation.to.object == Some(position)).collect();
    match users.len() {
        0 => writeln!(text, "  nothing in the input refers to it")?,
        1 => writeln!(text, "  1 reference:")?,
        count => writeln!(text, "  {count} references:")?,
    }
    users.iter().try_for_each(|relation| user(text, relation))?;
    about(report, entry).try_for_each(|finding| {
        writeln!(
            text,
            "  {}[{}]: {}",
            finding.severity.as_str(),
            finding.code,
            shown::line(&finding.message.read())
        )
    })?;
    if entry.decision == "versioned" && !users.is_empty() {
        let those = match users.iter().filter(|user| user.state == State::Rewritten).count() {
            0 => "no reference to that name changes",
            count if count == users.len() => "every reference to that name changes too",
            _ => "every reference that is rewritten changes too",
        };
        writeln!(text, "  a change of its content changes its name, and {those}")?;
    }
    Ok(())
}

fn user(text: &mut String, relation: &Relation<'_>) -> fmt::Result {
    let state = match relation.state {
        State::Rewritten => "rewritten",
        State::Left => "keeps the name",
        State::External => "leads out of the input",
        State::Dangling => "leads nowhere",
    };
    let from = &relation.from;
    let line = format!("{} {}, {} ({}:{}): {state}", from.kind, from.name, from.path, from.file, from.line);
    writeln!(text, "    {}", shown::line(&line))
}

/// Returns the findings that name the object.
fn about<'r>(report: &'r Report<'_>, entry: &Entry<'_>) -> impl Iterator<Item = &'r Finding<'r>> + use<'r> {
    let named = format!("{} `{}`", entry.kind, entry.name);
    let twin = |other: &&Entry<'_>| (other.kind, other.name) == (entry.kind, entry.name);
    // A finding in the document of an object of that name in another namespace is about that object.
    let mut elsewhere: HashSet<u32> = report.objects.iter().filter(twin).map(|twin| twin.document).collect();
    elsewhere.remove(&entry.document);
    let is_elsewhere =
        move |finding: &Finding<'_>| finding.document.is_some_and(|at| elsewhere.contains(&at));
    report
        .findings
        .iter()
        .filter(move |finding| finding.message.read().contains(&named) && !is_elsewhere(finding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_section() {
        for code in Code::ALL {
            assert!(section(*code).starts_with("Severity: "), "{}", code.as_str());
        }
    }
}
