//! Reads the input: standard input, files, and the manifests in directories.

#[cfg(unix)]
use crate::large_file;
use crate::standard;
use immutably::Source;
use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::options::Known;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The extensions of the files that are read in a directory, as with `kubectl apply -f DIR`.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// The most bytes that are read in total.
const LARGEST: u64 = u32::MAX as u64;

/// Reads all paths in order; standard input if there are none. `recursive`: include subdirectories.
///
/// Reads each file only after the previous one is appended to the stream, so that no file is in memory twice.
pub(crate) fn read(paths: &[PathBuf], recursive: bool) -> Result<Source, Diagnostic> {
    let (mut room, mut failed) = (LARGEST, None);
    let files = listed(paths, recursive)?.into_iter().map_while(|path| match one(&path, room) {
        Ok((name, bytes)) => {
            room -= bytes.len() as u64;
            Some((name, bytes))
        }
        Err(finding) => {
            failed = Some(finding);
            None
        }
    });
    let source = Source::join(files);
    failed.map_or(source.map_err(Diagnostic::from), Err)
}

/// Returns the files to read, `-` for standard input. Replaces a directory by the manifests in it.
fn listed(paths: &[PathBuf], recursive: bool) -> Result<Vec<PathBuf>, Diagnostic> {
    if paths.is_empty() {
        return Ok(vec![PathBuf::from("-")]);
    }
    let mut listed = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" || !path.is_dir() {
            listed.push(path.clone());
            continue;
        }
        let found = manifests(path, recursive).map_err(|error| unreadable(path, &error))?;
        if found.is_empty() {
            return Err(no_manifests(path, recursive));
        }
        listed.extend(found);
    }
    Ok(listed)
}

/// Returns the paths, and after each directory its subdirectories with manifests.
pub(crate) fn with_folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        found.push(path.clone());
        // Reading the input reports a directory that cannot be read.
        let manifests = if path.is_dir() { manifests(path, true).unwrap_or_default() } else { Vec::new() };
        for folder in manifests.iter().filter_map(|manifest| manifest.parent()) {
            if found.last().is_none_or(|last| last != folder) {
                found.push(folder.to_path_buf());
            }
        }
    }
    found
}

/// Returns the manifests that are read because a directory is named.
pub(crate) fn in_folders(paths: &[PathBuf], recursive: bool) -> Vec<PathBuf> {
    let folders = paths.iter().filter(|path| path.is_dir());
    folders.flat_map(|path| manifests(path, recursive).unwrap_or_default()).collect()
}

fn one(path: &Path, room: u64) -> Result<(String, Vec<u8>), Diagnostic> {
    if path.as_os_str() == "-" { stdin(room) } else { file(path, room) }
}

/// Reads the manifests that were deployed before, each path as a separate source. If `optional`, skips missing ones.
pub(crate) fn previous(
    paths: &[PathBuf],
    recursive: bool,
    optional: bool,
) -> Result<Vec<Source>, Diagnostic> {
    let nothing = |path: &PathBuf| is_nothing(path, recursive);
    let there = |path: &&PathBuf| !optional || !nothing(path);
    let read = |path: &PathBuf| {
        read(std::slice::from_ref(path), recursive).map_err(|finding| not_readable(finding, nothing(path)))
    };
    paths.iter().filter(there).map(read).collect()
}

/// True for a missing file and for a directory without manifests.
fn is_nothing(path: &Path, recursive: bool) -> bool {
    let missing = path.as_os_str() != "-" && path.try_exists().is_ok_and(|there| !there);
    missing || (path.is_dir() && manifests(path, recursive).is_ok_and(|found| found.is_empty()))
}

fn not_readable(finding: Diagnostic, nothing: bool) -> Diagnostic {
    let finding = Diagnostic { code: Code::UnreadablePrevious, ..finding };
    if !nothing {
        return finding;
    }
    finding.help("name the last deployed manifest; on a first release, add `--previous-optional`")
}

fn stdin(room: u64) -> Result<(String, Vec<u8>), Diagnostic> {
    let name = Path::new("<stdin>");
    let open = || -> io::Result<Vec<u8>> {
        standard::input()?;
        #[cfg(unix)]
        {
            // Rust's `stdin` treats an unreadable input as an empty one.
            use std::os::fd::AsFd;
            contents(fs::File::from(io::stdin().as_fd().try_clone_to_owned()?), room, 0)
        }
        #[cfg(not(unix))]
        read_into(io::stdin().lock(), room, Vec::new())
    };
    Ok(("<stdin>".to_owned(), open().map_err(|error| unreadable(name, &error))?))
}

fn file(path: &Path, room: u64) -> Result<(String, Vec<u8>), Diagnostic> {
    let bytes = bytes(path, room).map_err(|error| unreadable(path, &error))?;
    Ok((path.display().to_string(), bytes))
}

/// Reads a file, up to this many bytes.
pub(crate) fn at_most(path: &Path, room: u64) -> io::Result<Vec<u8>> {
    bytes(path, room)
}

/// Reads a file that is not part of the input, such as rules.
pub(crate) fn whole(path: &Path) -> io::Result<Vec<u8>> {
    bytes(path, LARGEST)
}

/// Reads a file. Checks its size before reading.
fn bytes(path: &Path, room: u64) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    if size > room {
        return Err(too_large());
    }
    contents(file, room, usize::try_from(size).unwrap_or(usize::MAX))
}

/// Reads a file from its current position. `expected`: its size if it is known.
fn contents(file: fs::File, room: u64, expected: usize) -> io::Result<Vec<u8>> {
    #[cfg(unix)]
    if let Some(bytes) = large_file::read(&file, room) {
        // Also reads what was added to the file in the meantime.
        return read_into(file, room, bytes);
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(expected)?;
    read_into(file, room, bytes)
}

/// Reads up to `room` bytes, with those in `bytes`. Too little memory is an error, not a panic.
fn read_into(from: impl Read, room: u64, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    from.take((room + 1).saturating_sub(bytes.len() as u64)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > room { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "the input would be 4 GiB or larger")
}

/// Returns the manifests in a directory, sorted by name, including its subdirectories if `recursive`. Like kubectl,
/// does not follow links to directories.
fn manifests(directory: &Path, recursive: bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(path) = open.pop() {
        if path == directory || (recursive && fs::symlink_metadata(&path)?.is_dir()) {
            let mut entries = Vec::new();
            for entry in fs::read_dir(&path)? {
                entries.push(entry?.path());
            }
            entries.sort_by(|one, other| other.cmp(one));
            open.extend(entries);
        } else if is_manifest(&path)? {
            found.push(path);
        }
    }
    Ok(found)
}

/// True for a file name that is read as part of its directory.
pub(crate) fn is_called_manifest(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_config = path.file_name().is_some_and(|name| name == crate::config::NAME);
    ending.is_some_and(|ending| ENDINGS.contains(&ending)) && !is_config
}

/// True for a file that is read as part of its directory.
fn is_manifest(path: &Path) -> io::Result<bool> {
    if !is_called_manifest(path) || path.is_dir() {
        return Ok(false);
    }
    if !fs::metadata(path).map_err(|error| named(path, &error))?.is_file() {
        return Err(named(path, &"it is no plain file: name it on the command line to read it"));
    }
    Ok(true)
}

/// Returns an error that names the file within the directory.
fn named(path: &Path, problem: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {problem}", path.file_name().unwrap_or_default().display()))
}

fn no_manifests(path: &Path, recursive: bool) -> Diagnostic {
    let message = format!("the directory {} holds no manifests: no *.yaml, *.yml or *.json", path.display());
    let help = if recursive { "check the path" } else { "to also read its subdirectories, add `-R`" };
    Diagnostic::new(Code::UnreadableInput, message).help(help)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let finding = Diagnostic::new(Code::UnreadableInput, format!("cannot read {}: {error}", path.display()));
    if error.kind() == io::ErrorKind::NotFound && crate::args::is_command(path) {
        let name = path.display();
        return finding.help(format!("a subcommand comes before its options: `immutably {name} ...`"));
    }
    finding.help(cure(error))
}

/// Returns the advice about a file that cannot be read.
pub(crate) fn cure(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::FileTooLarge => "split the input into smaller streams",
        io::ErrorKind::OutOfMemory => "raise the memory limit, or split the input into smaller streams",
        _ => "check the path and its permissions",
    }
}

/// Reads the lists of objects that exist outside the input.
pub(crate) fn known(paths: &[PathBuf]) -> Result<Vec<Known>, Diagnostic> {
    let mut known = Vec::new();
    for path in paths {
        let name = path.display();
        let read = whole(path)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8 text")));
        let text = read.map_err(|error| {
            Diagnostic::new(Code::UnreadableInput, format!("cannot read {name}: {error}")).help(cure(&error))
        })?;
        known.extend(Known::read(&text).map_err(|(line, problem)| {
            Diagnostic::new(Code::InvalidConfiguration, format!("{name}, line {line}: {problem}"))
                .help("correct the line, or comment it out with `#`")
        })?);
    }
    Ok(known)
}
