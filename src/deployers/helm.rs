//! Helm: runs hooks, applies objects by kind, deletes objects that the new manifest omits, then waits.
//!
//! The previous manifest comes from a record of revisions, and differs between an upgrade and a rollback.

use super::history::{History, Status};
use super::hooks::Event;
use super::order;
use super::release::{Id, Member, Release};
use super::run::Run;
use super::trace::Step;
use std::collections::HashSet;
use std::sync::Arc;

/// The options of Helm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Helm {
    /// True for Nelm, and for Helm 4 from 4.2.0 on: a rollback adopts objects that the previous manifest does not
    /// contain.
    pub(super) adopts: bool,
    /// `--wait`.
    pub(super) waits: bool,
    /// `--rollback-on-failure`, formerly `--atomic`.
    pub(super) atomic: bool,
    /// True for Nelm: it prunes before it does anything else, and recreates a Job or Pod that cannot change.
    pub(super) nelm: bool,
}

impl Helm {
    /// Runs `helm upgrade --install`. Returns true if it succeeds.
    pub(super) fn deploy(self, run: &mut Run, history: &mut History, release: &Arc<Release>) -> bool {
        let before = history.compared_by_upgrade().cloned();
        let done = match &before {
            Some(before) => self.upgrade(run, before, release),
            None => self.install(run, release),
        };
        history.record(release, if done { Status::Deployed } else { Status::Failed });
        if !done && self.atomic {
            self.go_back(run, history);
        }
        done
    }

    /// Runs `helm rollback` to this revision or the one before the newest. Returns true if it succeeds.
    pub(super) fn roll_back(self, run: &mut Run, history: &mut History, to: Option<u32>) -> bool {
        let Some((number, target, last)) = history.target_of_rollback(to) else { return false };
        run.steps.push(Step::RollBack(number));
        if self.nelm {
            prune(run, &last, &target);
        }
        let hooked = hooks(run, &target, Event::PreRollback);
        if hooked && !self.update(run, &last, &target, self.adopts) {
            history.supersede_newest();
            history.record(&target, Status::Failed);
            return false;
        }
        let done = hooked && (!self.waits || run.wait()) && hooks(run, &target, Event::PostRollback);
        history.record(&target, if done { Status::Deployed } else { Status::Failed });
        done
    }

    /// Runs `helm uninstall`. Returns true if it succeeds.
    pub(super) fn uninstall(self, run: &mut Run, history: &mut History) -> bool {
        let Some(last) = history.newest().cloned() else { return false };
        if !hooks(run, &last, Event::PreDelete) {
            return false;
        }
        let mut members = order::sorted(manifest(&last));
        members.reverse();
        let ids: Vec<Id> = members.into_iter().map(|member| member.id.clone()).collect();
        run.prune(&ids, |keeping| keeping.helm);
        let done = hooks(run, &last, Event::PostDelete);
        history.clear();
        done
    }

    fn install(self, run: &mut Run, release: &Release) -> bool {
        hooks(run, release, Event::PreInstall)
            && order::sorted(manifest(release)).into_iter().all(|member| run.apply(member, false))
            && (!self.waits || run.wait())
            && hooks(run, release, Event::PostInstall)
    }

    fn upgrade(self, run: &mut Run, before: &Release, release: &Release) -> bool {
        if self.nelm {
            prune(run, before, release);
        }
        hooks(run, release, Event::PreUpgrade)
            && self.update(run, before, release, true)
            && (!self.waits || run.wait())
            && hooks(run, release, Event::PostUpgrade)
    }

    /// Applies everything, and then prunes if no object was refused. An object that is in the cluster but not in the
    /// previous manifest is adopted if `adopts` is set; otherwise Helm stops.
    fn update(self, run: &mut Run, before: &Release, release: &Release, adopts: bool) -> bool {
        let known: HashSet<&Id> = manifest(before).into_iter().map(|member| &member.id).collect();
        let target = order::sorted(manifest(release));
        let mut refused = false;
        for member in &target {
            let there = run.cluster.get(&member.id).is_some();
            if there && !adopts && !known.contains(&member.id) {
                run.unknown(&member.id);
                return false;
            }
            let made_anew = self.nelm && ["Job", "Pod"].contains(&member.id.kind.as_str());
            let taken = run.apply(member, made_anew);
            if !taken && !there {
                return false;
            }
            refused |= !taken;
        }
        if refused {
            return false;
        }
        prune(run, before, release);
        true
    }

    /// Rolls back as `--rollback-on-failure` does.
    fn go_back(self, run: &mut Run, history: &mut History) {
        // The failure belongs to the new release, not to the previous one.
        run.mishap = None;
        let Some(number) = history.newest_good() else { return };
        Helm { waits: true, atomic: false, ..self }.roll_back(run, history, Some(number));
    }
}

/// Deletes objects that the new manifest omits, unless the object in the cluster has an annotation that keeps it.
fn prune(run: &mut Run, before: &Release, release: &Release) {
    let now: HashSet<&Id> = manifest(release).into_iter().map(|member| &member.id).collect();
    let gone = order::sorted(manifest(before)).into_iter().filter(|member| !now.contains(&member.id));
    run.prune(&gone.map(|member| member.id.clone()).collect::<Vec<_>>(), |keeping| keeping.helm);
}

/// Returns the objects in the manifest of a revision. Hooks are not part of it.
fn manifest(release: &Release) -> Vec<&Arc<Member>> {
    release.distinct(|member| member.hooks.helm.is_none())
}

/// Runs the hooks of an event by weight, name and kind, each to completion. Returns false if one fails.
fn hooks(run: &mut Run, release: &Release, event: Event) -> bool {
    let mut members = release.distinct(|member| member.hooks.at(event));
    members.sort_by(|a, b| {
        let key = |member: &Member| (member.hooks.weight, member.id.name.clone());
        key(a).cmp(&key(b)).then_with(|| order::rank(&a.id.kind).cmp(&order::rank(&b.id.kind)))
    });
    members.into_iter().all(|member| run.hook(member))
}
