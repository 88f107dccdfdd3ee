//! Detects that the parent process closed standard input.
//!
//! In that case, the Rust runtime opens `/dev/null` for reading and writing, and the input seems empty. On Linux, the
//! mode of the descriptor reveals this; elsewhere it goes unnoticed. Standard output is not checked: a program may
//! discard output in the same way, as Python's `subprocess.DEVNULL` does, and must not fail.

use std::io;

/// Fails if standard input is closed.
pub(crate) fn input() -> io::Result<()> {
    check("standard input is closed, or /dev/null opened for writing too")
}

#[cfg(target_os = "linux")]
fn check(problem: &str) -> io::Result<()> {
    use std::fs;
    // The access mode is in the bits `O_ACCMODE`; `O_RDWR` is the mode for reading and writing.
    let both = |flags: u32| flags & 0o3 == 0o2;
    let path = fs::read_link("/proc/self/fd/0");
    let facts = fs::read_to_string("/proc/self/fdinfo/0").unwrap_or_default();
    let flags = facts.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    let closed = path.is_ok_and(|path| path.as_os_str() == "/dev/null") && flags.is_some_and(both);
    if closed { Err(io::Error::other(problem.to_owned())) } else { Ok(()) }
}

#[cfg(not(target_os = "linux"))]
fn check(_problem: &str) -> io::Result<()> {
    Ok(())
}
