//! Findings in the formats of other programs: SARIF, JUnit, GitHub annotations.
//!
//! Each format keeps to the limits of its readers. Must not decide, and must not compute anything again.

pub mod github;
pub mod junit;
pub mod sarif;

use crate::findings::diagnostic::Severity;
use crate::output::placed::Placed;

/// Sorts findings by severity, errors first. Within a severity, they stay in the order of the source.
fn worst_first(findings: &[Placed]) -> Vec<&Placed> {
    let mut sorted: Vec<&Placed> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    sorted
}

/// Returns the message and the cure on one line.
fn sentence(finding: &Placed) -> String {
    let help = finding.help.as_ref().map(|help| format!(". Cure: {help}")).unwrap_or_default();
    format!("{}{help}", finding.message)
}

fn word(severity: Severity) -> &'static str {
    severity.as_str()
}
