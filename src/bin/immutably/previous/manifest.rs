//! A previously deployed manifest, or the reason why it cannot be read.

use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::generations::Outcome;

/// A manifest: its files, each with its name for messages, and the outcome of that release.
pub(super) struct Manifest {
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) outcome: Outcome,
    /// True if the deployer stored it under the name of this release.
    pub(super) certain: bool,
}

/// Returns the finding for a manifest that cannot be read.
pub(super) fn unreadable(what: &str, problem: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::UnreadablePrevious, format!("{what}: {problem}")).help(help.to_owned())
}
