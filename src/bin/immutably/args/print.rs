//! Prints help texts and errors of the command line.

/// Prints a help text or an error; returns the exit status.
pub(super) fn print(error: &clap::Error) -> u8 {
    // There is no way to report a failure to print.
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
}
