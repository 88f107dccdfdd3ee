//! Writes the output: to standard output, or to a file that is either complete or does not appear.

use crate::interrupted;
use immutably::options::settings::file::NAME;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// The size of the output buffer in bytes. Longer pieces bypass it.
const BUFFER: usize = 1 << 16;

/// The prefix for names of temporary files.
const PREFIX: &str = ".immutably-";

/// The most links in a row that are followed, as on Linux.
const MOST_LINKS: usize = 40;

/// A place to write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// `-`, `/dev/stdout`, or descriptor 1: the output is appended, and a file behind it is never replaced.
    Stdout,
    /// `/dev/stderr`.
    Stderr,
    /// Anything other than a regular file, or a descriptor: the output is appended directly.
    Stream(PathBuf),
    /// A regular file, which is replaced as a whole. Links are resolved.
    File(PathBuf),
}

impl Destination {
    /// Returns the destination for a path. Follows links, even if their target does not exist.
    pub(crate) fn of(path: &Path) -> Destination {
        let mut at = path.to_path_buf();
        for _ in 0..MOST_LINKS {
            match at.to_str().unwrap_or_default() {
                "-" | "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => return Destination::Stdout,
                "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => return Destination::Stderr,
                descriptor if descriptor.starts_with("/dev/fd/") || descriptor.starts_with("/proc/") => {
                    return Destination::Stream(at);
                }
                _ => {}
            }
            let Ok(target) = fs::read_link(&at) else { break };
            at = at.parent().unwrap_or(Path::new("")).join(target);
        }
        if fs::metadata(&at).is_ok_and(|there| !there.is_file()) {
            return Destination::Stream(at);
        }
        Destination::File(at)
    }

    /// True if both destinations are the same place: one output would replace the other, or get mixed with it.
    pub(crate) fn is(&self, other: &Destination) -> bool {
        let place = |file: &PathBuf| {
            let folder =
                file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(fs::canonicalize(folder).ok()?.join(file.file_name()?))
        };
        match (self, other) {
            (Destination::File(one), Destination::File(other)) => {
                one == other || place(one).is_some_and(|one| Some(one) == place(other))
            }
            (Destination::Stream(_), _) => false,
            _ => self == other,
        }
    }
}

/// Returns what is wrong if two flags write one file, or a flag replaces a file that is read, or a configuration file. `written`: flags with their
/// files.
pub(crate) fn clash(written: &[(&str, &Path)], read: &[PathBuf]) -> Option<String> {
    let files: Vec<(&str, &Path, Destination)> =
        written.iter().map(|(flag, path)| (*flag, *path, Destination::of(path))).collect();
    files.iter().enumerate().find_map(|(at, (flag, path, file))| {
        let is_here = |other: &Destination| matches!(other, Destination::File(_)) && other.is(file);
        if let Some((other, ..)) = files[..at].iter().find(|(_, _, other)| is_here(other)) {
            let both =
                if other == flag { format!("two `{flag}`") } else { format!("`{other}` and `{flag}`") };
            return Some(format!("{both} cannot write one file, {}: name two files", path.display()));
        }
        let is_config = path.file_name().is_some_and(|name| name == NAME) && path.is_file();
        let is_read = is_config || read.iter().any(|input| is_here(&Destination::of(input)));
        is_read
            .then(|| format!("`{flag}` would overwrite {}, which is read: name another file", path.display()))
    })
}

/// Writes to standard output.
pub(crate) fn stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    #[cfg(unix)]
    {
        // Rust's `stdout` ignores all output if the descriptor is not writable.
        use std::os::fd::AsFd;
        through(File::from(io::stdout().as_fd().try_clone_to_owned()?), write)
    }
    #[cfg(not(unix))]
    through(io::stdout().lock(), write)
}

fn through(out: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, out);
    write(&mut out)?;
    out.flush()
}

/// Writes to the destination for `path`. Replaces a regular file by renaming a temporary one, so that nobody sees half
/// of it.
pub(crate) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match Destination::of(path) {
        Destination::Stdout => stdout(write),
        Destination::Stderr => through(io::stderr().lock(), write),
        Destination::Stream(path) => through(fs::OpenOptions::new().append(true).open(path)?, write),
        Destination::File(path) => Staged::write(path, write)?.commit(),
    }
}

/// A complete file that is not yet in its final place. Dropping it deletes it.
pub(crate) struct Staged {
    file: File,
    /// `None` once the file is in its place.
    temporary: Option<TempPath>,
    target: PathBuf,
}

impl Staged {
    /// Writes the file in the same folder as its target, readable by its owner only.
    pub(crate) fn write(
        target: PathBuf,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Staged> {
        let folder =
            target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temporary = interrupted::make(|| tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder))?;
        let (file, temporary) = temporary.into_parts();
        let staged = Staged { file, temporary: Some(temporary), target };
        through(&staged.file, write)?;
        Ok(staged)
    }

    /// Moves the file to its target. It gets the permissions of the file that it replaces and, if possible, the owner.
    pub(crate) fn commit(mut self) -> io::Result<()> {
        // Until it is completely on the disk, which can take long, only its owner may read it.
        self.file.sync_all()?;
        permissions(&self.file, &self.target)?;
        let Some(temporary) = self.temporary.take() else { return Ok(()) };
        let path = temporary.to_path_buf();
        let done = temporary.persist(&self.target).map_err(|error| error.error);
        interrupted::forget(&path);
        done
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            interrupted::forget(&temporary);
        }
    }
}

/// Writes a value as indented JSON to a file that is either complete or does not appear.
pub(crate) fn json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    replace(path, |out| as_json(value, out))
}

/// Writes a value as indented JSON.
pub(crate) fn as_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}

#[cfg(not(unix))]
fn permissions(file: &File, target: &Path) -> io::Result<()> {
    let Ok(there) = fs::metadata(target) else { return Ok(()) };
    file.set_permissions(there.permissions())
}

/// Sets the permissions of the file that is replaced, or those of any new file. If the group cannot be kept, the new
/// group gets no more than others have.
#[cfg(unix)]
fn permissions(file: &File, target: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let Ok(there) = fs::metadata(target) else {
        let folder =
            target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // An empty probe file shows which permissions the umask leaves.
        let any = fs::Permissions::from_mode(0o666);
        let probe = interrupted::make(|| {
            tempfile::Builder::new().prefix(PREFIX).permissions(any).tempfile_in(folder)
        })?;
        let seen = probe.as_file().metadata();
        let path = probe.path().to_path_buf();
        drop(probe);
        interrupted::forget(&path);
        return file.set_permissions(seen?.permissions());
    };
    let mine = file.metadata()?;
    let mut mode = there.permissions().mode() & 0o7777;
    if mine.gid() != there.gid() && fchown(file, None, Some(there.gid())).is_err() {
        mode = (mode & !0o2070) | ((mode & 0o007) << 3 & mode);
    }
    if mine.uid() != there.uid() && fchown(file, Some(there.uid()), None).is_err() {
        mode &= !0o4000;
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}
