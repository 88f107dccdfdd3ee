//! Folders in which the program runs.

use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Creates a folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder is made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder.path())).expect("its folder is made");
        fs::write(path, text).expect("the file is written");
    }
    folder
}

/// Returns the text of a file in a folder.
pub(crate) fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the names in a folder, sorted.
pub(crate) fn names(folder: &TempDir) -> Vec<String> {
    names_in(folder.path())
}

/// Returns the names in a folder, sorted.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is read").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
