//! What is read: standard input, files, and the manifests of directories.

use immutably::Source;
use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::options::Known;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Endings of the files that a directory stands for, as for `kubectl apply -f DIR`.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Below this many bytes a second thread costs more than it brings.
const WORTH_THREADS: usize = 1 << 20;

/// Reads everything named, in order; standard input when nothing is.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Source, Diagnostic> {
    let mut files = Vec::new();
    if paths.is_empty() {
        files.push(stdin()?);
    }
    for path in paths {
        if path.as_os_str() == "-" {
            files.push(stdin()?);
        } else if path.is_dir() {
            let found = manifests(path).map_err(|error| unreadable(path, &error))?;
            if found.is_empty() {
                return Err(no_manifests(path));
            }
            for path in found {
                files.push(file(&path)?);
            }
        } else {
            files.push(file(path)?);
        }
    }
    Source::join(files).map_err(Diagnostic::from)
}

/// Reads what was deployed before, each of the paths for itself. What is optional may be missing.
pub(crate) fn previous(paths: &[PathBuf], optional: bool) -> Result<Vec<Source>, Diagnostic> {
    let there = |path: &&PathBuf| !optional || !is_nothing(path);
    let read =
        |path: &PathBuf| read(std::slice::from_ref(path)).map_err(|finding| not_readable(path, finding));
    paths.iter().filter(there).map(read).collect()
}

/// How many threads a stream is worth.
pub(crate) fn threads(source: &Source) -> usize {
    if source.text().len() < WORTH_THREADS {
        1
    } else {
        std::thread::available_parallelism().map_or(1, Into::into)
    }
}

/// Nothing there, or a directory without manifests.
fn is_nothing(path: &Path) -> bool {
    let missing = path.as_os_str() != "-" && path.try_exists().is_ok_and(|there| !there);
    missing || (path.is_dir() && manifests(path).is_ok_and(|found| found.is_empty()))
}

fn not_readable(path: &Path, finding: Diagnostic) -> Diagnostic {
    let finding = Diagnostic { code: Code::UnreadablePrevious, ..finding };
    if !is_nothing(path) {
        return finding;
    }
    finding.help("name what was deployed last; for a first release, which has nothing before it, add `--previous-optional`")
}

fn stdin() -> Result<(String, Vec<u8>), Diagnostic> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| unreadable(Path::new("<stdin>"), &error))?;
    Ok(("<stdin>".to_owned(), bytes))
}

fn file(path: &Path) -> Result<(String, Vec<u8>), Diagnostic> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    Ok((path.display().to_string(), bytes))
}

/// The manifests directly in a directory, sorted by name.
fn manifests(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| ENDINGS.contains(&ending)) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn no_manifests(path: &Path) -> Diagnostic {
    let message = format!("the directory {} holds no manifests: no *.yaml, *.yml or *.json", path.display());
    Diagnostic::new(Code::UnreadableInput, message)
        .help("directories below it are not looked into: name them too")
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::UnreadableInput, format!("cannot read {}: {error}", path.display()))
        .help("check the path and its permissions")
}

/// Reads the lists of objects outside the input that exist.
pub(crate) fn known(paths: &[PathBuf]) -> Result<Vec<Known>, Diagnostic> {
    let mut known = Vec::new();
    for path in paths {
        let name = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Diagnostic::new(Code::UnreadableInput, format!("cannot read {name}: {error}"))
                .help("check the path and its permissions")
        })?;
        known.extend(Known::read(&text).map_err(|(line, problem)| {
            Diagnostic::new(Code::InvalidConfiguration, format!("{name}, line {line}: {problem}"))
                .help("correct the line, or begin it with `#`")
        })?);
    }
    Ok(known)
}
