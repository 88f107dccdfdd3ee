//! The report of a run. It is written before the output and moved into place after it, because it states whether the
//! output succeeded. If the report cannot be written, there is no output.

use crate::output::{self, Destination, Staged, as_json};
use immutably::findings::diagnostic::Diagnostic;
use immutably::output::report::Finding;
use immutably::{Report, Source};
use std::io;
use std::path::Path;

/// A report that is not yet in its final place.
pub(crate) struct Pending<'p> {
    path: &'p Path,
    staged: Option<Staged>,
}

impl<'p> Pending<'p> {
    /// Writes a report to a temporary file. Only a regular file can be replaced later, so any other destination gets
    /// nothing yet.
    pub(crate) fn begin(path: &'p Path, report: &Report<'_>) -> io::Result<Pending<'p>> {
        let staged = match Destination::of(path) {
            Destination::File(target) => Some(Staged::write(target, |out| as_json(report, out))?),
            _ => None,
        };
        Ok(Pending { path, staged })
    }

    /// Puts the report into its place after the output was written.
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
