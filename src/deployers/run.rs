//! One operation of a deployer on a cluster: the steps on single objects that all deployers share.
//!
//! Records each failure when it happens. The deployers decide the order of objects.

use super::cluster::{Cluster, Refusal};
use super::keeping::Keeping;
use super::release::{Id, Member, Need};
use super::runners::{Number, What};
use super::trace::{Cause, Event, Fault, Step};
use std::sync::Arc;

/// An injected failure that does not depend on the names of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// New pods never get ready, for example because their image does not exist.
    NeverReady,
    /// The API server refuses this object.
    Refused(Id),
    /// The first hook fails.
    HookFails,
}

/// An operation in progress.
#[derive(Debug)]
pub(super) struct Run {
    /// The current cluster.
    pub(super) cluster: Cluster,
    /// The steps so far.
    pub(super) steps: Vec<Step>,
    /// The faults so far.
    pub(super) faults: Vec<Fault>,
    /// The injected failure.
    pub(super) mishap: Option<Mishap>,
    /// Runners that have started and are not checked yet. The objects that they refer to may be created a moment later.
    started: Vec<Number>,
}

impl Run {
    pub(super) fn new(cluster: Cluster, mishap: Option<Mishap>) -> Run {
        Run { cluster, steps: Vec::new(), faults: Vec::new(), mishap, started: Vec::new() }
    }

    /// True if the API server would accept the object, as a dry run shows.
    pub(super) fn would_take(&self, member: &Member) -> bool {
        !self.is_refused(&member.id) && self.cluster.refuses(member).is_none()
    }

    /// Applies an object. Returns false if it is refused. With `force`, an object that cannot change is deleted first.
    pub(super) fn apply(&mut self, member: &Arc<Member>, force: bool) -> bool {
        let live = self.cluster.get(&member.id).map(|live| live.digest);
        let event = match (self.cluster.refuses(member), live) {
            _ if self.is_refused(&member.id) => Event::Refused,
            (Some(refusal), _) if !force => {
                self.refused(&member.id, refusal);
                Event::Refused
            }
            (Some(_), _) => Event::Replaced,
            (None, None) => Event::Created,
            (None, Some(live)) if live == member.digest => Event::Unchanged,
            (None, Some(_)) => Event::Updated,
        };
        if event == Event::Replaced {
            self.remove(&member.id);
        }
        self.note(event, &member.id);
        if event != Event::Refused {
            self.put(member);
        }
        event != Event::Refused
    }

    /// Deletes existing objects, except for those with an annotation that keeps them. Objects that are deleted together
    /// do not miss each other.
    pub(super) fn prune(&mut self, ids: &[Id], keeps: impl Fn(&Keeping) -> bool) {
        self.check();
        let mut gone = Vec::new();
        for id in ids {
            match self.cluster.get(id).map(|live| keeps(&live.keeping)) {
                Some(true) => self.note(Event::Kept, id),
                Some(false) => {
                    self.cluster.delete(id);
                    self.note(Event::Deleted, id);
                    gone.push(id);
                }
                None => {}
            }
        }
        gone.into_iter().for_each(|id| self.miss(id));
    }

    /// Runs a hook to completion. Returns false if it does not complete.
    pub(super) fn hook(&mut self, member: &Arc<Member>) -> bool {
        self.check();
        if member.hooks.deletes_before {
            self.remove(&member.id);
        }
        if matches!(self.mishap, Some(Mishap::HookFails)) {
            self.mishap = None;
            self.note(Event::Hung, &member.id);
            return false;
        }
        if let Some(refusal) = self.cluster.refuses(member) {
            self.refused(&member.id, refusal);
            self.note(Event::Refused, &member.id);
            return false;
        }
        self.put(member);
        self.check();
        let done = self.cluster.run_to_end(&member.id);
        self.note(if done { Event::Ran } else { Event::Hung }, &member.id);
        if done && member.hooks.deletes_after {
            self.remove(&member.id);
        }
        done
    }

    /// Restores the previous template of an object.
    pub(super) fn undo(&mut self, id: &Id) {
        let started = self.cluster.undo(id);
        if !started.is_empty() {
            self.note(Event::Updated, id);
        }
        self.started.extend(started);
    }

    /// Waits until everything is ready. Returns false if that never happens.
    pub(super) fn wait(&mut self) -> bool {
        self.check();
        let ready = self.cluster.settle();
        self.steps.push(Step::Wait(ready));
        ready
    }

    /// Records a fault for each reference of a started runner to an object that does not exist.
    pub(super) fn check(&mut self) {
        for number in std::mem::take(&mut self.started) {
            let Some(runner) = self.cluster.runner(number) else { continue };
            let missing = runner.needs.iter().filter(|need| !self.cluster.has(need));
            let faults = missing.map(|need| Fault::Missing {
                of: runner.of.clone(),
                what: runner.what,
                need: need.clone(),
                cause: Cause::NotMade,
            });
            self.faults.extend(faults.collect::<Vec<_>>());
        }
    }

    /// Records that Helm does not know an object.
    pub(super) fn unknown(&mut self, id: &Id) {
        self.faults.push(Fault::Unknown { id: id.clone() });
        self.note(Event::Refused, id);
    }

    fn is_refused(&self, id: &Id) -> bool {
        matches!(&self.mishap, Some(Mishap::Refused(refused)) if refused == id)
    }

    fn note(&mut self, event: Event, id: &Id) {
        self.steps.push(Step::Object(event, id.clone()));
    }

    fn refused(&mut self, id: &Id, refusal: Refusal) {
        self.faults.push(Fault::Refused { id: id.clone(), refusal });
    }

    fn put(&mut self, member: &Arc<Member>) {
        self.revoke(member);
        let broken = matches!(self.mishap, Some(Mishap::NeverReady));
        self.started.extend(self.cluster.put(member, broken));
    }

    /// Records a fault for each name that a changed grant no longer contains and that pods of earlier templates still
    /// use.
    fn revoke(&mut self, member: &Member) {
        let Some(before) = self.cluster.get(&member.id) else { return };
        let lost =
            before.grants.iter().filter(|need| !member.grants.contains(need) && self.cluster.has(need));
        let still_named = |need: &&Need| {
            let found = self.cluster.found(need);
            found.iter().any(|id| self.cluster.users(id).any(|(runner, _)| runner.what == What::Pods))
        };
        let faults =
            lost.filter(still_named).map(|need| Fault::Revoked { of: member.id.clone(), need: need.clone() });
        self.faults.extend(faults.collect::<Vec<_>>());
    }

    /// Deletes an object.
    fn remove(&mut self, id: &Id) {
        if self.cluster.delete(id).is_some() {
            self.miss(id);
        }
    }

    /// Records a fault for each runner that refers to a deleted object.
    fn miss(&mut self, id: &Id) {
        let missing = self.cluster.users(id).filter(|(_, need)| !self.cluster.has(need));
        let faults = missing.map(|(runner, need)| Fault::Missing {
            of: runner.of.clone(),
            what: runner.what,
            need: need.clone(),
            cause: Cause::Deleted,
        });
        self.faults.extend(faults.collect::<Vec<_>>());
    }
}
