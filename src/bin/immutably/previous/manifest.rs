//! A previously deployed manifest, or the reason why it cannot be read.

use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::generations::Outcome;

/// A manifest: what to call it, its bytes, and how that release went.
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) outcome: Outcome,
}

/// The finding of what cannot be read.
pub(super) fn unreadable(what: &str, problem: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::UnreadablePrevious, format!("{what}: {problem}")).help(help.to_owned())
}
