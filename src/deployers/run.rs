//! One operation of a deployer on a cluster: the steps on single objects that all deployers share.
//!
//! Records each failure when it happens. The deployers decide the order of objects.

use super::cluster::{Cluster, Refusal};
use super::keeping::Keeping;
use super::release::{Id, Member, Need};
use super::runners::{Number, What};
use super::trace::{Cause, Event, Fault, Step};
use std::sync::Arc;

/// Something that goes wrong by itself, whatever objects are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// New pods never get ready, as with an image that is not there.
    NeverReady,
    /// The API server refuses this object.
    Refused(Id),
    /// The first hook fails.
    HookFails,
}

/// An operation while it goes on.
#[derive(Debug)]
pub(super) struct Run {
    /// The current cluster.
    pub(super) cluster: Cluster,
    /// What has happened so far.
    pub(super) steps: Vec<Step>,
    /// What has gone wrong so far.
    pub(super) faults: Vec<Fault>,
    /// What goes wrong by itself.
    pub(super) mishap: Option<Mishap>,
    /// Started, and not looked at yet: what it names may come a moment later.
    started: Vec<Number>,
}

impl Run {
    pub(super) fn new(cluster: Cluster, mishap: Option<Mishap>) -> Run {
        Run { cluster, steps: Vec::new(), faults: Vec::new(), mishap, started: Vec::new() }
    }

    /// True when the API server would take the object; what a dry run tells.
    pub(super) fn would_take(&self, member: &Member) -> bool {
        !self.is_refused(&member.id) && self.cluster.refuses(member).is_none()
    }

    /// Writes an object; false when it is refused. `force` deletes it first where it cannot change.
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

    /// Deletes objects that are there, but for those that say that they are to stay. What goes together misses nothing
    /// of each other.
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

    /// Runs a hook to its end; false when it does not get there.
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

    /// Gives an object the template back that it had before.
    pub(super) fn undo(&mut self, id: &Id) {
        let started = self.cluster.undo(id);
        if !started.is_empty() {
            self.note(Event::Updated, id);
        }
        self.started.extend(started);
    }

    /// Waits until everything is ready; false when it never is.
    pub(super) fn wait(&mut self) -> bool {
        self.check();
        let ready = self.cluster.settle();
        self.steps.push(Step::Wait(ready));
        ready
    }

    /// Looks whether everything that started finds what it names.
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

    /// Notes that Helm does not know an object.
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

    /// What a changed grant takes away from pods of earlier templates.
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

    /// Takes an object away.
    fn remove(&mut self, id: &Id) {
        if self.cluster.delete(id).is_some() {
            self.miss(id);
        }
    }

    /// Notes everything that names an object which is gone.
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
