//! Finds the configuration file: in the folder of the input, or in a folder above it within the repository.
//!
//! The repository may not be trustworthy. Therefore a link is not followed, and the search stops below a folder that
//! several users share.

use immutably::findings::diagnostic::{Code, Diagnostic};
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the file.
pub(crate) use immutably::options::settings::file::NAME;

/// A name that looks right and is not read.
const OTHER_NAME: &str = ".immutably.yml";

/// The entry that marks the top folder of a repository.
const REPOSITORY: &str = ".git";

/// Returns the configuration file for these inputs: the nearest one above each input, or else above the working
/// directory. `None` if there is none.
pub(super) fn find(inputs: &[PathBuf]) -> Result<Option<PathBuf>, Diagnostic> {
    let here = above(Path::new("."))?;
    let mut chosen: Option<(&Path, Option<PathBuf>)> = None;
    for input in inputs {
        let found = match folder(input) {
            Some(folder) => above(&folder)?.or(here.clone()),
            None => here.clone(),
        };
        match &chosen {
            Some((first, other)) if *other != found => {
                return Err(several((first, other.as_deref()), (input, found.as_deref())));
            }
            _ => chosen = Some((input, found)),
        }
    }
    Ok(chosen.map_or(here, |(_, found)| found).map(shortened))
}

/// Returns the folder of an input; `None` for standard input and for a missing file, which another module reports.
fn folder(input: &Path) -> Option<PathBuf> {
    if input.as_os_str() == "-" {
        return None;
    }
    if fs::metadata(input).ok()?.is_dir() {
        return Some(input.to_path_buf());
    }
    let parent = input.parent()?;
    Some(if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_path_buf() })
}

/// Returns the file in this folder, or in the nearest folder above it.
fn above(folder: &Path) -> Result<Option<PathBuf>, Diagnostic> {
    // A folder that cannot be opened contains no input either.
    let Ok(start) = fs::canonicalize(folder) else { return Ok(None) };
    for folder in start.ancestors() {
        if folder != start && is_shared(folder) {
            break;
        }
        let file = folder.join(NAME);
        let other = folder.join(OTHER_NAME);
        if fs::symlink_metadata(&other).is_ok() {
            return Err(misnamed(&other));
        }
        match fs::symlink_metadata(&file) {
            Ok(there) if there.is_file() => return Ok(Some(file)),
            Ok(_) => return Err(no_file(&file)),
            Err(_) if fs::symlink_metadata(folder.join(REPOSITORY)).is_ok() => break,
            Err(_) => {}
        }
    }
    Ok(None)
}

/// True for a folder such as /tmp that several users share: everyone may create files, but delete only their own.
#[cfg(unix)]
fn is_shared(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(folder).map_or(true, |there| there.permissions().mode() & 0o1002 == 0o1002)
}

#[cfg(not(unix))]
fn is_shared(_folder: &Path) -> bool {
    false
}

/// Returns the path as a person would write it: relative to the working directory if the file is below it.
fn shortened(file: PathBuf) -> PathBuf {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    let relative = here.ok().and_then(|here| file.strip_prefix(here).ok().map(Path::to_path_buf));
    relative.unwrap_or(file)
}

fn no_file(path: &Path) -> Diagnostic {
    let message = format!("{} is a link or a folder, so it is not read", path.display());
    Diagnostic::new(Code::InvalidConfiguration, message)
        .help("replace it with a plain file, name its target with `--config`, or add `--no-config`")
}

fn misnamed(path: &Path) -> Diagnostic {
    let message = format!("{} is not read as the configuration, because of its name", path.display());
    Diagnostic::new(Code::InvalidConfiguration, message)
        .help(format!("rename it to `{NAME}`, or add `--no-config`"))
}

fn several(one: (&Path, Option<&Path>), other: (&Path, Option<&Path>)) -> Diagnostic {
    let uses = |(input, file): (&Path, Option<&Path>)| match file {
        Some(file) => format!("{} uses {}", input.display(), shortened(file.to_path_buf()).display()),
        None => format!("{} uses none", input.display()),
    };
    let message = format!("the inputs have different configurations: {}, {}", uses(one), uses(other));
    Diagnostic::new(Code::InvalidConfiguration, message)
        .help("run the program once for each, or choose one configuration with `--config` or `--no-config`")
}
