//! Repeated findings, folded: the first of each code are shown, the rest are counted.
//!
//! Must not draw findings. The report and all formats for programs contain every finding.

use immutably::findings::diagnostic::{Code, Diagnostic, Severity};
use immutably::text::source::Source;
use std::collections::HashMap;

/// The most findings shown of one code and severity, unless they are errors.
const SHOWN: usize = 5;

/// The most errors shown of one code: each needs a correction.
const SHOWN_ERRORS: usize = 20;

/// The most places listed for the findings that are not shown.
const PLACES: usize = 3;

/// Findings of one code and severity that are not shown.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
    pub(crate) count: usize,
    /// `FILE:LINE` of the first few, each once.
    pub(crate) places: Vec<String>,
}

/// Splits findings into those that are shown and a summary of the rest, by code and severity.
pub(crate) fn fold<'d, T: Copy>(
    findings: impl Iterator<Item = (&'d Diagnostic, &'d Source, T)>,
) -> (Vec<(&'d Diagnostic, &'d Source, T)>, Vec<Rest>) {
    let findings: Vec<_> = findings.collect();
    let mut counts: HashMap<(Code, Severity), usize> = HashMap::new();
    for (finding, ..) in &findings {
        *counts.entry((finding.code, finding.severity)).or_default() += 1;
    }
    let mut seen: HashMap<(Code, Severity), usize> = HashMap::new();
    let (mut shown, mut rest): (Vec<_>, Vec<Rest>) = (Vec::new(), Vec::new());
    for (finding, source, extra) in findings {
        let key = (finding.code, finding.severity);
        let number = seen.entry(key).or_default();
        *number += 1;
        let most = if finding.severity == Severity::Error { SHOWN_ERRORS } else { SHOWN };
        // Folding a single finding would save nothing.
        if *number <= most || counts.get(&key).is_some_and(|count| *count == most + 1) {
            shown.push((finding, source, extra));
            continue;
        }
        add(&mut rest, finding, source);
    }
    (shown, rest)
}

fn add(rest: &mut Vec<Rest>, finding: &Diagnostic, source: &Source) {
    let of_kind = |one: &Rest| one.code == finding.code && one.severity == finding.severity;
    let at = rest.iter().position(of_kind).unwrap_or_else(|| {
        rest.push(Rest { code: finding.code, severity: finding.severity, count: 0, places: Vec::new() });
        rest.len() - 1
    });
    rest[at].count += 1;
    if rest[at].count <= PLACES
        && let Some(label) = finding.labels.first()
    {
        let place = source.locate(label.span.start);
        let place = format!("{}:{}", place.file, place.line);
        // In a file with one line, all findings have the same place.
        if !rest[at].places.contains(&place) {
            rest[at].places.push(place);
        }
    }
}
