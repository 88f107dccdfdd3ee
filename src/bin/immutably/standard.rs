//! Standard input and output that the parent process closed.
//!
//! The runtime of Rust opens `/dev/null` for reading and writing in their place, so that an input seems empty and an
//! output is lost. Linux says how a descriptor was opened; elsewhere nothing is noticed.

use std::io;

/// Fails when standard input is closed.
pub(crate) fn input() -> io::Result<()> {
    check(0, "standard input is closed, or /dev/null opened for writing too")
}

/// Fails when standard output is closed.
pub(crate) fn output() -> io::Result<()> {
    check(
        1,
        "standard output is closed, or /dev/null opened for reading too; `-o /dev/null` discards the output",
    )
}

#[cfg(target_os = "linux")]
fn check(descriptor: u32, problem: &str) -> io::Result<()> {
    use std::fs;
    // The bits that say how a file was opened (`O_ACCMODE`), and what they are for reading and writing (`O_RDWR`).
    let both = |flags: u32| flags & 0o3 == 0o2;
    let path = fs::read_link(format!("/proc/self/fd/{descriptor}"));
    let facts = fs::read_to_string(format!("/proc/self/fdinfo/{descriptor}")).unwrap_or_default();
    let flags = facts.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    let closed = path.is_ok_and(|path| path.as_os_str() == "/dev/null") && flags.is_some_and(both);
    if closed { Err(io::Error::other(problem.to_owned())) } else { Ok(()) }
}

#[cfg(not(target_os = "linux"))]
fn check(_descriptor: u32, _problem: &str) -> io::Result<()> {
    Ok(())
}
