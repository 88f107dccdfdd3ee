//! Standard input that the parent process closed.
//!
//! The runtime of Rust opens `/dev/null` for reading and writing in its place, so that an input seems empty. Linux says
//! how a descriptor was opened; elsewhere nothing is noticed. A closed output cannot be told from one that a program
//! discards in this way, as Python's `subprocess.DEVNULL` does, and such a program must not fail.

use std::io;

/// Fails when standard input is closed.
pub(crate) fn input() -> io::Result<()> {
    check("standard input is closed, or /dev/null opened for writing too")
}

#[cfg(target_os = "linux")]
fn check(problem: &str) -> io::Result<()> {
    use std::fs;
    // The bits that say how a file was opened (`O_ACCMODE`), and what they are for reading and writing (`O_RDWR`).
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
