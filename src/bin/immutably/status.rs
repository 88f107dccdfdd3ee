//! The exit statuses of the program, and the findings that explain them.

use crate::args::Format;
use crate::render;
use immutably::Source;
use immutably::findings::diagnostic::{Code, Diagnostic};
use std::io;

/// Reports the only finding about a refused input; returns the exit status.
pub(crate) fn refused(format: Format, source: &Source, finding: &Diagnostic) -> u8 {
    render::lone_finding(finding, source, format);
    1
}

/// Returns the exit status after writing. A reader that closes the pipe early is not a failure: `immutably ... | head`
/// ends quietly.
pub(crate) fn written(format: Format, result: io::Result<()>) -> u8 {
    match result {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => failed(format, &format!("cannot write the output: {error}")),
    }
}

/// Reports a failure outside the stream; returns the exit status.
pub(crate) fn failed(format: Format, message: &str) -> u8 {
    refused(format, &Source::default(), &unwritable(message))
}

/// Returns the finding for an output that cannot be written.
pub(crate) fn unwritable(message: &str) -> Diagnostic {
    Diagnostic::new(Code::UnwritableOutput, message)
        .help("check the path, its permissions and the free disk space")
}
