//! How many threads work on an input. The output is the same for any number.

use immutably::Source;
use std::ffi::OsStr;
use std::num::NonZero;

/// The environment variable that sets the most threads.
const MOST: &str = "IMMUTABLY_THREADS";

/// Below this many bytes a thread costs more than it brings.
const WORTH_A_THREAD: usize = 1 << 20;

/// How many threads a stream is worth: one for each MiB, up to what the environment sets, or else to the cores that the
/// process may use.
pub(crate) fn of(source: &Source) -> usize {
    let worth = (source.text().len() / WORTH_A_THREAD).max(1);
    if worth == 1 {
        return 1;
    }
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    worth.min(limit().ok().flatten().unwrap_or_else(cores))
}

/// The most threads that the environment sets.
///
/// # Errors
/// What is wrong with the value.
pub(crate) fn limit() -> Result<Option<usize>, String> {
    std::env::var_os(MOST).filter(|value| !value.is_empty()).map(|value| number(&value)).transpose()
}

fn number(value: &OsStr) -> Result<usize, String> {
    let number = value.to_str().and_then(|text| text.parse::<NonZero<usize>>().ok());
    number.map(NonZero::get).ok_or_else(|| {
        format!("the environment variable {MOST} must be a number of threads, 1 or more: correct it, or unset it to use every core")
    })
}
