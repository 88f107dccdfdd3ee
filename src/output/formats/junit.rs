//! JUnit XML: a suite for each namespace, a test case for each compliant object, and one for each finding.
//!
//! A compliant object is a passed case, so the numbers show the compliance. Replaces characters that XML does not
//! allow.

use super::sentence;
use crate::findings::diagnostic::{Code, Severity};
use crate::output::audit::{Judged, Verdict, Waived};
use crate::output::placed::Placed;
use indexmap::IndexMap;
use std::collections::HashSet;
use std::io::{self, Write};

/// One test case.
struct Case {
    class: String,
    name: String,
    file: Option<String>,
    line: Option<usize>,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Failed(&'static str, String),
    Said(String),
    Skipped(String),
}

/// Writes the suites. `fails_from`: the lowest severity of a finding that is a failure.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(
    findings: &[Placed],
    waived: &[Waived],
    objects: &[Judged],
    fails_from: Severity,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut suites: IndexMap<String, Vec<Case>> = IndexMap::new();
    let mut add = |namespace: Option<&str>, case| {
        let suite = namespace.filter(|namespace| !namespace.is_empty()).unwrap_or("(no namespace)");
        suites.entry(suite.to_owned()).or_default().push(case);
    };
    let sound =
        objects.iter().filter(|object| matches!(object.verdict, Verdict::Complies | Verdict::LeftAlone));
    sound.for_each(|object| add(object.namespace.as_deref(), passed(object)));
    // An object that is left alone already has a case.
    let left_alone = |finding: &&Placed| finding.code == Code::LeftAlone.as_str();
    for finding in findings.iter().filter(|finding| !left_alone(finding)) {
        add(finding.namespace.as_deref(), found(finding, fails_from));
    }
    for waived in waived {
        let case =
            Case { outcome: Outcome::Skipped(waived.reason.clone()), ..found(&waived.finding, fails_from) };
        add(waived.finding.namespace.as_deref(), case);
    }
    suites.sort_keys();
    let all = || suites.values().flatten();
    let (tests, failures, skipped) = counts(all());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"immutably\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    )?;
    for (name, cases) in &suites {
        suite(name, cases, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(name: &str, cases: &[Case], out: &mut dyn Write) -> io::Result<()> {
    let (tests, failures, skipped) = counts(cases.iter());
    let name = text(name);
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\">"
    )?;
    // GitLab keeps only the first of several cases with the same name.
    let mut names: HashSet<String> = HashSet::new();
    for (number, case) in cases.iter().enumerate() {
        let mut unique = case.name.clone();
        if !names.insert(unique.clone()) {
            unique = format!("{unique} #{number}");
            names.insert(unique.clone());
        }
        write_case(case, &unique, out)?;
    }
    writeln!(out, "  </testsuite>")
}

fn write_case(case: &Case, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let file = case.file.as_ref().map(|file| format!(" file=\"{}\"", text(file))).unwrap_or_default();
    let line = case.line.map(|line| format!(" line=\"{line}\"")).unwrap_or_default();
    write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\"{file}{line} time=\"0\"",
        text(&case.class),
        text(name)
    )?;
    match &case.outcome {
        Outcome::Passed => writeln!(out, "/>"),
        Outcome::Failed(code, message) => {
            let message = text(message);
            writeln!(out, "><failure type=\"{code}\" message=\"{message}\">{message}</failure></testcase>")
        }
        Outcome::Said(message) => writeln!(out, "><system-out>{}</system-out></testcase>", text(message)),
        Outcome::Skipped(reason) => writeln!(out, "><skipped message=\"{}\"/></testcase>", text(reason)),
    }
}

fn passed(object: &Judged) -> Case {
    let outcome = match (object.verdict, object.reason) {
        (Verdict::LeftAlone, Some(reason)) => Outcome::Said(format!("left alone: {reason}")),
        _ => Outcome::Passed,
    };
    Case {
        class: class(object.namespace.as_deref(), Some(object.kind)),
        name: named(Some(&object.name)).to_owned(),
        file: Some(object.place.file.clone()),
        line: Some(object.place.line),
        outcome,
    }
}

fn found(finding: &Placed, fails_from: Severity) -> Case {
    let field = finding.field.as_ref().map(|field| format!(" / {field}")).unwrap_or_default();
    let message = sentence(finding);
    let said = format!("{} ({}): {message}", finding.severity.as_str(), finding.code);
    Case {
        class: class(finding.namespace.as_deref(), finding.kind.as_deref()),
        name: format!("{} / {}{field}", named(finding.name.as_deref()), finding.code),
        file: finding.place.as_ref().map(|place| place.file.clone()),
        line: finding.place.as_ref().map(|place| place.line),
        outcome: match finding.severity >= fails_from {
            true => Outcome::Failed(finding.code, message),
            false => Outcome::Said(said),
        },
    }
}

/// Returns the name of what a case is about. The name of an object can be empty.
fn named(name: Option<&str>) -> &str {
    match name {
        None => "input",
        Some("") => "(no name)",
        Some(name) => name,
    }
}

/// Returns a name such as `immutably.prod.ConfigMap`: Jenkins turns the dots into a tree.
fn class(namespace: Option<&str>, kind: Option<&str>) -> String {
    let namespace = namespace.filter(|namespace| !namespace.is_empty()).unwrap_or("none");
    format!("immutably.{namespace}.{}", kind.unwrap_or("input"))
}

fn counts<'c>(cases: impl Iterator<Item = &'c Case>) -> (usize, usize, usize) {
    cases.fold((0, 0, 0), |(tests, failures, skipped), case| {
        let (failed, left) =
            (matches!(case.outcome, Outcome::Failed(..)), matches!(case.outcome, Outcome::Skipped(_)));
        (tests + 1, failures + usize::from(failed), skipped + usize::from(left))
    })
}

/// Escapes text for XML 1.0, in elements and attributes.
fn text(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for letter in raw.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' => text.push_str("&#10;"),
            '\t' => text.push(' '),
            '\u{fffe}' | '\u{ffff}' => text.push('\u{fffd}'),
            letter if letter.is_control() => text.push('\u{fffd}'),
            letter => text.push(letter),
        }
    }
    text
}
