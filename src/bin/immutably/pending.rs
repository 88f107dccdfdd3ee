//! The report of a run: written before the output and moved into place after it, so that it states what became of the
//! output. When it cannot be written, neither is the output.

use crate::output::{self, Destination, Staged, as_json};
use immutably::findings::diagnostic::Diagnostic;
use immutably::output::report::Finding;
use immutably::{Report, Source};
use std::io;
use std::path::Path;

/// A report that is not in its place yet.
pub(crate) struct Pending<'p> {
    path: &'p Path,
    staged: Option<Staged>,
}

impl<'p> Pending<'p> {
    /// Writes a report next to its place. What is no plain file cannot be taken back, so it gets nothing yet.
    pub(crate) fn begin(path: &'p Path, report: &Report<'_>) -> io::Result<Pending<'p>> {
        let staged = match Destination::of(path) {
            Destination::File(target) => Some(Staged::write(target, |out| as_json(report, out))?),
            _ => None,
        };
        Ok(Pending { path, staged })
    }

    /// Puts the report into its place, after an output that was written.
    pub(crate) fn finish(self, report: &Report<'_>) -> io::Result<()> {
        match self.staged {
            Some(staged) => staged.commit(),
            None => output::json(self.path, report),
        }
    }

    /// Writes a report that says that the output failed.
    pub(crate) fn refuse(self, mut report: Report<'_>, finding: &Diagnostic) -> io::Result<()> {
        let nowhere = Source::default();
        report.summary.refused = true;
        report.summary.errors += 1;
        let mut findings: Vec<Finding<'_>> = report.findings;
        findings.push(Finding::new(finding, &nowhere, None));
        output::json(self.path, &Report { findings, ..report })
    }
}
