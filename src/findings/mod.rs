//! Findings as data: code, severity, places and cure.
//!
//! Must not lay out text or look up lines.

pub mod message;
pub mod labels;
pub mod diagnostic;
pub mod few;
pub mod names;

use diagnostic::Diagnostic;

/// Returns all findings in the order of the source. Findings at the same place are in the order of the stages.
pub fn in_order<const STAGES: usize>(findings: [Vec<Diagnostic>; STAGES]) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for mut of_stage in findings {
        // Usually, a single stage has nearly all findings. They need not be copied.
        if all.is_empty() { all = of_stage } else { all.append(&mut of_stage) }
    }
    let place = |finding: &Diagnostic| finding.labels.first().map(|label| label.span.start);
    all.sort_by_key(|finding| (finding.previous, place(finding)));
    all
}
