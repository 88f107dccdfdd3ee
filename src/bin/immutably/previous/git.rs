//! Reads a committed file with `git show REV:PATH`.

use super::manifest::{Manifest, unreadable};
use crate::ask::{Failure, ask};
use immutably::findings::diagnostic::Diagnostic;
use immutably::generations::Outcome;
use std::process::Command;
use std::time::Duration;

/// Returns the committed file; `None` if it is optional and the commit does not contain it.
pub(super) fn manifest(object: &str, optional: bool, wait: Duration) -> Result<Option<Manifest>, Diagnostic> {
    let name = format!("git:{object}");
    let parts = object.split_once(':').filter(|(commit, path)| !commit.is_empty() && !path.is_empty());
    let Some((_, path)) = parts.filter(|(commit, _)| !commit.starts_with('-')) else {
        let help = "write a commit and a path, such as `git:HEAD:deploy/prod.yaml`";
        return Err(unreadable(&name, "expected `git:REV:PATH`", help));
    };
    // The error text is parsed, so it must be in English.
    let mut command = Command::new("git");
    command.args(["show", object]).env("LC_ALL", "C").env("GIT_PAGER", "cat");
    match ask(&mut command, wait) {
        Ok(bytes) => Ok(Some(Manifest { name, bytes, outcome: Outcome::Deployed })),
        Err(Failure::Said(said)) if is_missing(&said, path) => missing(&name, optional),
        Err(failure) => Err(failed(&name, failure, wait)),
    }
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
    Err(unreadable(name, "the commit holds no such file", help))
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
