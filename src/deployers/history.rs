//! The revisions of a release, as deployers record them.

use super::release::Release;
use std::sync::Arc;

/// The status of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is the last one that succeeded.
    Deployed,
    /// A later revision replaced it.
    Superseded,
    /// It failed.
    Failed,
}

/// A revision.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its number, starting at 1.
    pub number: u32,
    /// Its stream.
    pub release: Arc<Release>,
    /// Its status.
    pub status: Status,
}

/// The revisions, the newest last.
#[derive(Clone, Debug, Default)]
pub struct History {
    revisions: Vec<Revision>,
}

impl History {
    /// Returns every revision, the newest last.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Returns the newest revision, even if it failed.
    pub(super) fn newest(&self) -> Option<&Arc<Release>> {
        self.revisions.last().map(|revision| &revision.release)
    }

    /// Returns the release that an upgrade compares with: the last that was deployed, or else the newest.
    pub(super) fn compared_by_upgrade(&self) -> Option<&Arc<Release>> {
        let deployed = self.revisions.iter().rev().find(|revision| revision.status == Status::Deployed);
        deployed.or(self.revisions.last()).map(|revision| &revision.release)
    }

    /// Returns the target of a rollback as number and release, and the release that it compares with: the newest, even
    /// if it failed.
    pub(super) fn target_of_rollback(&self, to: Option<u32>) -> Option<(u32, Arc<Release>, Arc<Release>)> {
        let last = self.revisions.last()?;
        let wanted = to.unwrap_or(last.number.checked_sub(1)?);
        let target = self.revisions.iter().find(|revision| revision.number == wanted)?;
        Some((wanted, Arc::clone(&target.release), Arc::clone(&last.release)))
    }

    /// Returns the revision to which a failed upgrade rolls back by itself.
    pub(super) fn newest_good(&self) -> Option<u32> {
        let good = |revision: &&Revision| revision.status != Status::Failed;
        self.revisions.iter().rev().find(good).map(|revision| revision.number)
    }

    /// Adds a revision. A deployed revision supersedes all earlier ones that were deployed.
    pub(super) fn record(&mut self, release: &Arc<Release>, status: Status) {
        if status == Status::Deployed {
            let deployed = self.revisions.iter_mut().filter(|revision| revision.status == Status::Deployed);
            deployed.for_each(|revision| revision.status = Status::Superseded);
        }
        let number = self.revisions.last().map_or(1, |revision| revision.number + 1);
        self.revisions.push(Revision { number, release: Arc::clone(release), status });
    }

    /// Marks the newest revision as superseded, as a rollback does that fails while it applies objects
    /// (pkg/action/rollback.go).
    pub(super) fn supersede_newest(&mut self) {
        if let Some(newest) = self.revisions.last_mut() {
            newest.status = Status::Superseded;
        }
    }

    pub(super) fn clear(&mut self) {
        self.revisions.clear();
    }
}
