//! Determines the number of threads for an input. The output is the same for any number.

use immutably::Source;
use std::ffi::OsStr;
use std::num::NonZero;

/// The environment variable that limits the number of threads.
const MOST: &str = "IMMUTABLY_THREADS";

/// The bytes of input for which another thread pays off.
const WORTH_A_THREAD: usize = 1 << 20;

/// Returns the number of threads for a stream: one for each MiB, up to the limit in the environment, or else up to the
/// cores that the process may use.
pub(crate) fn of(source: &Source) -> usize {
    for_size(source.text().len())
}

/// Like [`of`], for an input of this many bytes.
pub(crate) fn for_size(bytes: usize) -> usize {
    let worth = (bytes / WORTH_A_THREAD).max(1);
    if worth == 1 {
        return 1;
    }
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    worth.min(limit().ok().flatten().unwrap_or_else(cores))
}

/// Returns the limit in the environment, if set.
///
/// # Errors
/// Returns what is wrong with the value.
pub(crate) fn limit() -> Result<Option<usize>, String> {
    std::env::var_os(MOST).filter(|value| !value.is_empty()).map(|value| number(&value)).transpose()
}

fn number(value: &OsStr) -> Result<usize, String> {
    let number = value.to_str().and_then(|text| text.parse::<NonZero<usize>>().ok());
    number.map(NonZero::get).ok_or_else(|| {
        format!("the environment variable {MOST} must be a number of threads, 1 or more: correct it, or unset it to use every core")
    })
}
