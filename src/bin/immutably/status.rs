//! The exit status of the program, and the finding that explains it.

use crate::args::Format;
use crate::render;
use immutably::Source;
use immutably::findings::diagnostic::{Code, Diagnostic};
use std::io;

/// Refused because of this finding alone.
pub(crate) fn refused(format: Format, source: &Source, finding: &Diagnostic) -> u8 {
    render::lone_finding(finding, source, format);
    1
}

/// A reader that has had enough is no failure: `immutably ... | head` ends quietly.
pub(crate) fn written(format: Format, result: io::Result<()>) -> u8 {
    match result {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => failed(format, &format!("cannot write the output: {error}")),
    }
}

/// Failed at something outside the stream.
pub(crate) fn failed(format: Format, message: &str) -> u8 {
    refused(format, &Source::default(), &unwritable(message))
}

/// The finding of something that cannot be written.
pub(crate) fn unwritable(message: &str) -> Diagnostic {
    Diagnostic::new(Code::UnwritableOutput, message)
        .help("check the path, its permissions and the free disk space")
}
