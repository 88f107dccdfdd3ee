//! Reads a release from Helm: the last deployed revision and all revisions since.
//!
//! Calls `helm history` and `helm get manifest`, which only read.

use super::flags::Flags;
use super::manifest::{Manifest, unreadable};
use crate::ask::{Failure, ask};
use crate::helm::program::program;
use immutably::findings::diagnostic::Diagnostic;
use immutably::generations::Outcome;
use serde::Deserialize;
use std::process::Command;
use std::time::Duration;

/// The message of Helm 3 and 4 about a missing release.
const NOT_FOUND: &str = "release: not found";

/// An entry of the history.
#[derive(Debug, Deserialize)]
struct Revision {
    revision: u64,
    status: String,
}

/// Returns the manifests of a release that may be in use; none if the release does not exist.
pub(super) fn manifests(release: &str, flags: &Flags, wait: Duration) -> Result<Vec<Manifest>, Diagnostic> {
    let asked = Asked { release, flags, wait };
    if release.is_empty() || release.starts_with('-') {
        return Err(
            asked.finding("expected `helm:RELEASE`", "write the name of the release, such as `helm:web`")
        );
    }
    let Some(history) = asked.history()? else { return Ok(Vec::new()) };
    let mut manifests = Vec::new();
    for (revision, outcome) in needed(&history) {
        let number = revision.to_string();
        let bytes = asked.run(&["get", "manifest", release, "--revision", &number])?;
        if !bytes.trim_ascii().is_empty() {
            let name = format!("helm:{release} revision {revision}");
            manifests.push(Manifest { files: vec![(name, bytes)], outcome, certain: true });
        }
    }
    Ok(manifests)
}

/// Returns the revision with which Helm compares an upgrade, then the last one that was deployed and all later ones, which
/// failed or were interrupted. Ignores everything before an uninstall.
fn needed(history: &[Revision]) -> Vec<(u64, Outcome)> {
    let gone = |revision: &Revision| matches!(revision.status.as_str(), "uninstalled" | "uninstalling");
    let from = history.iter().rposition(gone).map_or(0, |at| at + 1);
    let alive = &history[from..];
    let last = |status: &str| alive.iter().rposition(|revision| revision.status == status);
    // After a failed first install or rollback, no revision has the status `deployed`. Then Helm takes the last one.
    let compared = last("deployed").unwrap_or(alive.len().saturating_sub(1));
    let good = last("deployed").or_else(|| last("superseded"));
    let outcome = |at: usize| {
        if at == compared || Some(at) == good { Outcome::Deployed } else { Outcome::Failed }
    };
    let mut needed: Vec<usize> = (good.unwrap_or(0)..alive.len()).collect();
    needed.sort_by_key(|at| *at != compared);
    needed.into_iter().map(|at| (alive[at].revision, outcome(at))).collect()
}

/// Queries about one release.
struct Asked<'a> {
    release: &'a str,
    flags: &'a Flags,
    wait: Duration,
}

impl Asked<'_> {
    /// Returns the revisions in ascending order; `None` if the release does not exist.
    fn history(&self) -> Result<Option<Vec<Revision>>, Diagnostic> {
        let answer = match self.ask(&["history", self.release, "--output", "json"]) {
            Err(Failure::Said(said)) if said.contains(NOT_FOUND) => return Ok(None),
            answer => answer.map_err(|failure| self.failed(failure))?,
        };
        let mut history: Vec<Revision> = serde_json::from_slice(&answer).map_err(|error| {
            self.finding(
                &format!("`helm history` wrote no list of revisions: {error}"),
                "check that HELM_BIN names Helm 3 or 4",
            )
        })?;
        history.sort_by_key(|revision| revision.revision);
        Ok(Some(history))
    }

    fn run(&self, args: &[&str]) -> Result<Vec<u8>, Diagnostic> {
        self.ask(args).map_err(|failure| self.failed(failure))
    }

    fn ask(&self, args: &[&str]) -> Result<Vec<u8>, Failure> {
        let mut command = Command::new(program());
        self.flags.apply(command.args(args));
        ask(&mut command, self.wait)
    }

    fn failed(&self, failure: Failure) -> Diagnostic {
        match failure {
            Failure::Absent(error) => {
                let problem = format!("{} does not start: {error}", program().display());
                self.finding(&problem, "put `helm` on the PATH, set HELM_BIN, or name a file")
            }
            Failure::Slow => {
                let problem = format!("Helm did not answer within {} seconds", self.wait.as_secs());
                self.finding(
                    &problem,
                    "check the connection to the cluster, or allow more time with `--previous-timeout`",
                )
            }
            Failure::Said(said) => self.finding(
                &said,
                "check `--namespace`, `--kube-context` and the permission to read the release's Secrets",
            ),
        }
    }

    fn finding(&self, problem: &str, help: &str) -> Diagnostic {
        unreadable(&format!("helm:{}", self.release), problem, help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(statuses: &[&str]) -> Vec<(u64, bool)> {
        let revision = |(revision, status): (u64, &&str)| Revision { revision, status: (*status).to_owned() };
        let history: Vec<Revision> = (1..).zip(statuses).map(revision).collect();
        needed(&history).into_iter().map(|(number, outcome)| (number, outcome == Outcome::Deployed)).collect()
    }

    #[test]
    fn the_last_good_one_and_what_failed_since_count() {
        assert_eq!(counted(&["superseded", "deployed"]), [(2, true)]);
        assert_eq!(
            counted(&["superseded", "failed", "deployed", "failed", "failed"]),
            [(3, true), (4, false), (5, false)]
        );
        assert_eq!(counted(&["deployed", "failed", "pending-upgrade"]), [(1, true), (2, false), (3, false)]);
    }

    #[test]
    fn without_a_good_one_all_that_failed_counts() {
        assert_eq!(counted(&["failed"]), [(1, true)]);
        assert_eq!(counted(&["failed", "failed"]), [(2, true), (1, false)]);
        assert_eq!(counted(&["superseded", "superseded", "failed"]), [(3, true), (2, true)]);
    }

    #[test]
    fn what_a_failed_rollback_supersedes_counts_as_failed() {
        assert_eq!(counted(&["deployed", "superseded", "failed"]), [(1, true), (2, false), (3, false)]);
    }

    #[test]
    fn nothing_before_an_uninstall_counts() {
        assert_eq!(counted(&["deployed", "uninstalled"]), []);
        assert_eq!(counted(&["deployed", "uninstalled", "deployed"]), [(3, true)]);
    }
}
