//! Removes incomplete files when a signal ends the program.
//!
//! Handles SIGINT, SIGTERM and SIGHUP, except those that the parent process set to be ignored. SIGKILL cannot be
//! handled.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::NamedTempFile;

/// The files to remove.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Creates a temporary file that is removed on a signal. Holds the lock, so that a signal waits until the file is in
/// the list.
pub(crate) fn make(make: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<NamedTempFile> {
    #[cfg(unix)]
    listen();
    let mut files = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let file = make()?;
    files.push(file.path().to_path_buf());
    Ok(file)
}

/// Removes a file that is complete or deleted from the list.
pub(crate) fn forget(path: &Path) {
    if let Ok(mut files) = UNFINISHED.lock() {
        files.retain(|file| file != path);
    }
}

/// Makes a write beyond the file size limit (`ulimit -f`) fail like a full disk. Its signal would end the program without a
/// message, and leave a file behind.
#[cfg(unix)]
pub(crate) fn survive_limits() {
    // Without the handler, the signal ends the program, and nothing worse.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}

/// Starts the handler with the first file, because most runs write none.
#[cfg(unix)]
fn listen() {
    static LISTENING: std::sync::Once = std::sync::Once::new();
    LISTENING.call_once(|| {
        // Without the thread a signal leaves the file behind, and nothing worse.
        let Ok(mut signals) = signal_hook::iterator::Signals::new(heeded()) else { return };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                // The lock is never released, so that no file is completed or created in the meantime.
                let files = UNFINISHED.lock();
                files.iter().flat_map(|files| files.iter()).for_each(|file| drop(std::fs::remove_file(file)));
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
        });
    });
}

/// The signals that end the program. A signal that is ignored stays ignored: with a handler, it would end a program
/// that this one starts.
#[cfg(unix)]
pub(crate) fn heeded() -> impl Iterator<Item = i32> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    [SIGHUP, SIGINT, SIGTERM].into_iter().filter(move |signal| ignored & (1 << (signal - 1)) == 0)
}

/// The signals that are ignored, as bits; none where the system does not say.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
}
