//! Runs Helm, and meanwhile shows the findings that the filter writes to a file.

use super::signals::Forwarded;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

/// The interval at which the file is read.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs a command. Forwards signals to it, so that Helm can finish or undo its work.
pub(super) fn run(command: &mut Command, findings: &Path) -> io::Result<ExitStatus> {
    let signals = Forwarded::listen()?;
    let mut child = command.spawn()?;
    let mut shown = Shown { path: findings.to_path_buf(), file: None };
    let status = loop {
        // Check the status before reading: after the end of Helm, the file is complete.
        let ended = signals.look(&mut child)?;
        shown.more();
        match ended {
            Some(status) => break status,
            None => std::thread::sleep(PAUSE),
        }
    };
    Ok(status)
}

/// Runs a command like [`run`], and also returns its standard output.
pub(super) fn read(command: &mut Command, findings: &Path) -> io::Result<(ExitStatus, Vec<u8>)> {
    let (mut pipe, end) = io::pipe()?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).map(|_| bytes)
    });
    let status = run(command.stdout(end), findings)?;
    // `command` still owns the write end of the pipe, and the reader waits until all copies are closed.
    command.stdout(std::process::Stdio::null());
    let bytes = reader.join().unwrap_or_else(|_| Err(io::Error::other("its output cannot be read")))?;
    Ok((status, bytes))
}

/// The file with the findings; its read position marks what was shown so far.
struct Shown {
    path: PathBuf,
    file: Option<File>,
}

impl Shown {
    fn more(&mut self) {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let Some(file) = &mut self.file else { return };
        let mut text = Vec::new();
        // What cannot be read now is read next time. If standard error cannot be written, there is no way to report
        // that.
        let _ = file.read_to_end(&mut text);
        let _ = io::stderr().write_all(&text);
    }
}

/// Returns the exit status of Helm; for a signal, 128 plus its number, as in a shell.
pub(super) fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().or(signal.map(|signal| 128 + signal)).unwrap_or(1);
    // A status outside the range of `u8` must not become success.
    u8::try_from(code).unwrap_or(1)
}
