//! Findings in the formats of other programs: SARIF, JUnit, annotations of GitHub.
//!
//! Each keeps the limits of who reads it. Must not decide, and must not compute anything again.

pub mod github;
pub mod junit;
pub mod sarif;

use crate::findings::diagnostic::Severity;
use crate::output::placed::Placed;

/// Errors first, then warnings, then notes; within each the order of the source.
fn worst_first(findings: &[Placed]) -> Vec<&Placed> {
    let mut sorted: Vec<&Placed> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    sorted
}

/// What was found and the cure, on one line.
fn sentence(finding: &Placed) -> String {
    let help = finding.help.as_ref().map(|help| format!(". Cure: {help}")).unwrap_or_default();
    format!("{}{help}", finding.message)
}

fn word(severity: Severity) -> &'static str {
    severity.as_str()
}
