//! Writes to the standard error of the parent process, because Helm 4 and kustomize 5 discard that of a plugin.
//!
//! Linux only. Does nothing if the standard error of the parent is not accessible.

/// Replaces standard error by that of the parent process.
#[cfg(not(target_os = "linux"))]
pub(crate) fn take_standard_error() {}

/// Replaces standard error by that of the parent process.
#[cfg(target_os = "linux")]
pub(crate) fn take_standard_error() {
    linux::take();
}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};
    use std::fs::{self, File, OpenOptions};
    use std::io::{self, Write};
    use std::os::fd::{AsFd, OwnedFd};
    use std::path::Path;

    const STANDARD_ERROR: i32 = 2;

    /// The length of a blank line. It is longer than Helm's message about a failed plugin.
    const ROOM: usize = 512;

    pub(super) fn take() {
        let parent = std::os::unix::process::parent_id();
        let folder = Path::new("/proc").join(parent.to_string());
        let link = folder.join("fd").join(STANDARD_ERROR.to_string());
        let facts = folder.join("fdinfo").join(STANDARD_ERROR.to_string());
        if let Ok(shared) = shared(parent) {
            replace(&shared);
        } else if let Ok(opened) = opened(&link, &fs::read_to_string(facts).unwrap_or_default()) {
            replace(&opened);
        }
    }

    fn replace(descriptor: impl AsFd) {
        // On failure, findings are lost, as they would be without this module.
        let _ = rustix::stdio::dup2_stderr(descriptor);
    }

    /// Duplicates the descriptor of the parent. This also works for a socket, which cannot be opened, and a duplicate
    /// shares the file offset. The kernel refuses it if this process may not trace the parent.
    fn shared(parent: u32) -> io::Result<OwnedFd> {
        let parent = i32::try_from(parent).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::NotFound)?;
        let process = pidfd_open(parent, PidfdFlags::empty())?;
        Ok(pidfd_getfd(process, STANDARD_ERROR, PidfdGetfdFlags::empty())?)
    }

    /// Opens the same file, terminal or pipe. The parent has another file offset and would overwrite our text.
    /// Therefore a file first gets a blank line that the parent can overwrite.
    pub(super) fn opened(link: &Path, facts: &str) -> io::Result<File> {
        let mut file = OpenOptions::new().append(true).open(link)?;
        if file.metadata()?.is_file() && !appends(facts) {
            file.write_all(format!("{:ROOM$}\n", "").as_bytes())?;
        }
        Ok(file)
    }

    /// True if the descriptor always appends, according to its `fdinfo`.
    fn appends(facts: &str) -> bool {
        const APPEND: u32 = 0o2000;
        let flags = facts.lines().find_map(|line| line.strip_prefix("flags:"));
        flags
            .and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok())
            .is_some_and(|flags| flags & APPEND != 0)
    }

    #[cfg(test)]
    mod tests {
        #![allow(clippy::unwrap_used)] // a test fails by panicking

        use super::*;
        use std::os::unix::fs::FileExt;

        const HELM: &str = "Error: plugin \"immutably\" exited with error\n";

        #[test]
        fn a_file_that_its_owner_overwrites_still_holds_everything() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("err.log");
            let theirs = File::create(&path).unwrap();
            opened(&path, "pos:\t0\nflags:\t0100001\n").unwrap().write_all(b"finding\n").unwrap();
            theirs.write_all_at(HELM.as_bytes(), 0).unwrap();
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with(HELM) && text.ends_with(" \nfinding\n"), "{text}");
        }

        #[test]
        fn a_file_that_its_owner_appends_to_gets_no_blank_line() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("err.log");
            File::create(&path).unwrap();
            opened(&path, "pos:\t0\nflags:\t0102001\n").unwrap().write_all(b"finding\n").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "finding\n");
        }

        #[test]
        fn what_cannot_be_opened_is_no_failure() {
            let folder = tempfile::tempdir().unwrap();
            let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
            assert!(opened(&folder.path().join("socket"), "").is_err());
            assert!(opened(&folder.path().join("absent"), "").is_err());
        }
    }
}
