//! Reads a committed file with `git show REV:PATH`, or the manifests of a committed folder.

use super::folder::Folder;
use super::manifest::{Manifest, unreadable};
use crate::ask::{Failure, ask};
use immutably::findings::diagnostic::Diagnostic;
use immutably::generations::Outcome;
use std::process::Command;
use std::time::Duration;

/// Returns the committed file, or the manifests of the committed folder, with those in its subfolders if `recursive`;
/// `None` if it is optional and the commit does not contain it.
pub(super) fn manifest(
    object: &str,
    recursive: bool,
    optional: bool,
    wait: Duration,
) -> Result<Option<Manifest>, Diagnostic> {
    let name = format!("git:{object}");
    let parts = object.split_once(':').filter(|(commit, path)| !commit.is_empty() && !path.is_empty());
    let Some((_, path)) = parts.filter(|(commit, _)| !commit.starts_with('-')) else {
        let help = "write a commit and a path, such as `git:HEAD:deploy/prod.yaml`";
        return Err(unreadable(&name, "expected `git:REV:PATH`", help));
    };
    let git = |words: &[&str]| ask(&mut command(words), wait);
    let bytes = match git(&["show", object]) {
        Ok(bytes) => bytes,
        Err(Failure::Said(said)) if is_missing(&said, path) => return missing(&name, optional),
        Err(failure) => return Err(failed(&name, failure, wait)),
    };
    if !is_folder(&bytes, object) {
        return Ok(Some(Manifest { files: vec![(name, bytes)], outcome: Outcome::Deployed, certain: false }));
    }
    let files = folder(&name, object, recursive, git, wait)?;
    match files.is_empty() {
        true if optional => Ok(None),
        true => Err(no_manifests(&name, recursive)),
        false => Ok(Some(Manifest { files, outcome: Outcome::Deployed, certain: false })),
    }
}

/// Returns the manifests of a folder, each with its name for messages.
fn folder(
    name: &str,
    object: &str,
    recursive: bool,
    git: impl Fn(&[&str]) -> Result<Vec<u8>, Failure>,
    wait: Duration,
) -> Result<Vec<(String, Vec<u8>)>, Diagnostic> {
    let depth = if recursive { "-r" } else { "--full-tree" };
    let ask = |words: &[&str]| git(words).map_err(|failure| failed(name, failure, wait));
    let folder = Folder::listed(&ask(&["ls-tree", "-z", "--full-tree", depth, object])?);
    if let Some(link) = folder.link {
        let problem =
            format!("{link} is a symbolic link, and the commit does not hold the file that it leads to");
        return Err(unreadable(name, &problem, "commit the file itself, or name the file that is deployed"));
    }
    let named = |path: &str| format!("{}/{path}", name.trim_end_matches('/'));
    let read = |(path, hash): (String, String)| Ok((named(&path), ask(&["cat-file", "blob", &hash])?));
    folder.manifests.into_iter().map(read).collect()
}

/// The error text is parsed, so it must be in English.
fn command(words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(words).env("LC_ALL", "C").env("GIT_PAGER", "cat");
    command
}

/// True for what `git show` writes about a folder.
fn is_folder(bytes: &[u8], object: &str) -> bool {
    bytes
        .strip_prefix(b"tree ")
        .and_then(|rest| rest.strip_prefix(object.as_bytes()))
        .is_some_and(|rest| rest.starts_with(b"\n\n"))
}

fn no_manifests(name: &str, recursive: bool) -> Diagnostic {
    let help = if recursive { "check the path" } else { "to also read its subfolders, add `-R`" };
    unreadable(name, "this folder of the commit holds no manifests: no *.yaml, *.yml or *.json", help)
}

/// True for `path 'a' does not exist in 'HEAD'` and `path 'a' exists on disk, but not in 'HEAD'`.
fn is_missing(said: &str, path: &str) -> bool {
    let path = path.trim_start_matches("./");
    said.contains(path)
        && (said.contains("' does not exist in '") || said.contains("' exists on disk, but not in '"))
}

fn missing(name: &str, optional: bool) -> Result<Option<Manifest>, Diagnostic> {
    if optional {
        return Ok(None);
    }
    let help = "check the path, which git takes from the root of the repository; for a first release, which has nothing before it, add `--previous-optional`";
    Err(unreadable(name, "the commit holds no such file or folder", help))
}

fn failed(name: &str, failure: Failure, wait: Duration) -> Diagnostic {
    match failure {
        Failure::Absent(error) => {
            unreadable(name, &format!("git does not start: {error}"), "install git, or name a file")
        }
        Failure::Slow => {
            let problem = format!("git did not answer within {} seconds", wait.as_secs());
            unreadable(name, &problem, "allow more time with `--previous-timeout`")
        }
        Failure::Said(said) => unreadable(name, &said, "check the commit, and that this is its repository"),
    }
}
