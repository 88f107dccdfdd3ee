//! Annotations of a GitHub workflow: a command on a line of its own for each finding.
//!
//! GitHub shows ten of each severity for a step and drops the rest without a word, so the tenth says how many there are.

use super::{sentence, word, worst_first};
use crate::findings::diagnostic::Severity;
use crate::kube::shown::printable;
use crate::output::placed::Placed;
use std::io::{self, Write};

/// Annotations of one severity that a step may have.
const MOST: usize = 10;

/// Writes the annotations.
///
/// # Errors
/// What the writer says.
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

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
