//! The manifests of a committed folder, out of what `git ls-tree -z` lists.

use crate::input;
use std::path::Path;

/// Entries of a folder that are manifests by their names.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Path and hash of each file.
    pub(super) manifests: Vec<(String, String)>,
    /// The path of the first that is a symbolic link.
    pub(super) link: Option<String>,
}

impl Folder {
    /// Reads entries such as `100644 blob 6b584e8...<tab>web.yaml`, each of which ends with a zero byte.
    pub(super) fn listed(listing: &[u8]) -> Folder {
        let mut folder = Folder::default();
        for entry in String::from_utf8_lossy(listing).split_terminator('\0') {
            let Some((about, path)) = entry.split_once('\t') else { continue };
            let mut words = about.split(' ');
            let (Some(mode), Some("blob"), Some(hash)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            if !input::is_called_manifest(Path::new(path)) {
                continue;
            }
            if mode == "120000" {
                folder.link.get_or_insert_with(|| path.to_owned());
            } else {
                folder.manifests.push((path.to_owned(), hash.to_owned()));
            }
        }
        folder
    }
}
