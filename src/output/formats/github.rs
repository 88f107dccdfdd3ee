//! Annotations of a GitHub workflow: a workflow command on a separate line for each finding.
//!
//! GitHub shows ten annotations of each severity for a step and silently drops the rest, so the tenth states how many
//! are missing.

use super::{sentence, word, worst_first};
use crate::findings::diagnostic::Severity;
use crate::kube::shown::printable;
use crate::output::placed::Placed;
use std::io::{self, Write};

/// The most annotations of one severity for one step.
const MOST: usize = 10;

/// Writes one annotation for each finding, up to the limit.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(findings: &[Placed], out: &mut dyn Write) -> io::Result<()> {
    let sorted = worst_first(findings);
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_these: Vec<&&Placed> = sorted.iter().filter(|finding| finding.severity == severity).collect();
        let shown = if of_these.len() > MOST { MOST - 1 } else { of_these.len() };
        for finding in &of_these[..shown] {
            writeln!(out, "{}", annotation(finding))?;
        }
        if shown < of_these.len() {
            let (level, more) = (level(severity), of_these.len() - shown);
            let what = word(severity);
            writeln!(
                out,
                "::{level} title=immutably::{more} more findings of severity {what} are not shown here"
            )?;
        }
    }
    Ok(())
}

fn annotation(finding: &Placed) -> String {
    let place = finding.place.as_ref().map(|place| {
        let (file, line, column, end) = (property(&place.file), place.line, place.column, place.end_column);
        format!("file={file},line={line},endLine={line},col={column},endColumn={end},")
    });
    let place = place.unwrap_or_default();
    let message = data(&printable(&sentence(finding)));
    format!("::{} {place}title=immutably ({})::{message}", level(finding.severity), finding.code)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
