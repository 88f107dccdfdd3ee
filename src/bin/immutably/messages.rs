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
        Some(file) => Box::new(Kept(anstream::AutoStream::auto(file))),
        None => Box::new(anstream::stderr()),
    }
}

/// The file. What it does not take, such as on a full disk, goes to standard error.
struct Kept(anstream::AutoStream<File>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).or_else(|_| anstream::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().or_else(|_| anstream::stderr().flush())
    }
}
