//! The revisions of a release, as deployers record them.

use super::release::Release;
use std::sync::Arc;

/// What became of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is the last that succeeded.
    Deployed,
    /// A later one took its place.
    Superseded,
    /// It failed.
    Failed,
}

/// A revision.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its number, from 1 on.
    pub number: u32,
    /// Its stream.
    pub release: Arc<Release>,
    /// What became of it.
    pub status: Status,
}

/// The revisions, the newest last.
#[derive(Clone, Debug, Default)]
pub struct History {
    revisions: Vec<Revision>,
}

impl History {
    /// Every revision, the newest last.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The newest revision, also a failed one.
    pub(super) fn newest(&self) -> Option<&Arc<Release>> {
        self.revisions.last().map(|revision| &revision.release)
    }

    /// What an upgrade compares with: the last revision that was deployed; where there is none, the newest.
    pub(super) fn compared_by_upgrade(&self) -> Option<&Arc<Release>> {
        let deployed = self.revisions.iter().rev().find(|revision| revision.status == Status::Deployed);
        deployed.or(self.revisions.last()).map(|revision| &revision.release)
    }

    /// What a rollback goes to, as number and stream, and what it compares with: the newest revision, also a failed one.
    pub(super) fn target_of_rollback(&self, to: Option<u32>) -> Option<(u32, Arc<Release>, Arc<Release>)> {
        let last = self.revisions.last()?;
        let wanted = to.unwrap_or(last.number.checked_sub(1)?);
        let target = self.revisions.iter().find(|revision| revision.number == wanted)?;
        Some((wanted, Arc::clone(&target.release), Arc::clone(&last.release)))
    }

    /// What a failed upgrade goes back to by itself.
    pub(super) fn newest_good(&self) -> Option<u32> {
        let good = |revision: &&Revision| revision.status != Status::Failed;
        self.revisions.iter().rev().find(good).map(|revision| revision.number)
    }

    /// Adds a revision. One that is deployed takes the place of all that were.
    pub(super) fn record(&mut self, release: &Arc<Release>, status: Status) {
        if status == Status::Deployed {
            let deployed = self.revisions.iter_mut().filter(|revision| revision.status == Status::Deployed);
            deployed.for_each(|revision| revision.status = Status::Superseded);
        }
        let number = self.revisions.last().map_or(1, |revision| revision.number + 1);
        self.revisions.push(Revision { number, release: Arc::clone(release), status });
    }

    /// What a rollback does that fails half way (pkg/action/rollback.go).
    pub(super) fn supersede_newest(&mut self) {
        if let Some(newest) = self.revisions.last_mut() {
            newest.status = Status::Superseded;
        }
    }

    pub(super) fn clear(&mut self) {
        self.revisions.clear();
    }
}
