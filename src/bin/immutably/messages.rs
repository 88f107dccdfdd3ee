//! The destination of findings: standard error, or a file for callers that discard standard error.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;

/// The file of `--findings`.
static FILE: OnceLock<File> = OnceLock::new();

/// Redirects findings: from now on, they are appended to a file.
pub(crate) fn into(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().append(true).create(true).open(path)?;
    // `--findings` occurs once, so this is the first call.
    let _ = FILE.set(file);
    Ok(())
}

/// Returns the destination of findings, with colours only on a terminal that shows them.
pub(crate) fn out() -> Box<dyn Write> {
    match FILE.get().and_then(|file| file.try_clone().ok()) {
        Some(file) => Box::new(anstream::AutoStream::auto(file)),
        None => Box::new(anstream::stderr()),
    }
}
