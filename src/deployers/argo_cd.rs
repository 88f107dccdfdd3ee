//! Argo CD: phases contain waves, and each wave first prunes and then applies.
//!
//! It compares with the objects of this application in the cluster, whichever sync applied them.

use super::hooks::Phase;
use super::order;
use super::release::{Id, Member, Release};
use super::run::Run;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The objects that one wave prunes and applies.
#[derive(Default)]
struct Wave<'r> {
    pruned: Vec<Id>,
    applied: Vec<&'r Arc<Member>>,
}

/// Runs a sync. Returns true if it succeeds. `prune_last` is the option of the application.
pub(super) fn sync(run: &mut Run, owned: &mut BTreeSet<Id>, release: &Release, prune_last: bool) -> bool {
    let done = hooks(run, release, Phase::PreSync)
        && waves(run, owned, release, prune_last)
        && hooks(run, release, Phase::PostSync);
    if !done {
        hooks(run, release, Phase::SyncFail);
    }
    done
}

/// Deletes an application with everything that it owns. Returns true if its hooks succeed.
pub(super) fn delete(run: &mut Run, owned: &mut BTreeSet<Id>, last: Option<&Release>) -> bool {
    let during = |run: &mut Run, phase| last.is_none_or(|release| hooks(run, release, phase));
    if !during(run, Phase::PreDelete) {
        return false;
    }
    let mut ids: Vec<Id> = std::mem::take(owned).into_iter().collect();
    ids.sort_by(|a, b| order::rank(&b.kind).cmp(&order::rank(&a.kind)));
    run.prune(&ids, |keeping| keeping.argo_cd_after);
    during(run, Phase::PostDelete)
}

/// Applies the objects and sync hooks of a release, wave by wave. Every wave but the last must become healthy.
fn waves(run: &mut Run, owned: &mut BTreeSet<Id>, release: &Release, prune_last: bool) -> bool {
    let planned = plan(run, owned, release, prune_last);
    let more = release.members.iter().any(|member| member.hooks.during(Phase::PostSync));
    let last = planned.keys().next_back().copied();
    for (number, wave) in planned {
        run.prune(&wave.pruned, |keeping| keeping.argo_cd);
        if !apply(run, owned, &wave.applied) || ((more || Some(number) != last) && !run.wait()) {
            return false;
        }
        run.check();
    }
    true
}

/// Applies kind by kind. If an object is refused, the other objects of its kind are still applied, and later kinds are
/// not.
fn apply(run: &mut Run, owned: &mut BTreeSet<Id>, members: &[&Arc<Member>]) -> bool {
    let mut failed_at = None;
    for member in members {
        let rank = order::rank(&member.id.kind);
        if failed_at.is_some_and(|failed| failed != rank) {
            return false;
        }
        let done = if member.hooks.argo_cd.is_some() {
            run.hook(member)
        } else {
            run.apply(member, member.keeping.argo_cd_forces)
        };
        if done && member.hooks.argo_cd.is_none() {
            owned.insert(member.id.clone());
        }
        failed_at = failed_at.or((!done).then_some(rank));
    }
    failed_at.is_none()
}

fn plan<'r>(
    run: &Run,
    owned: &BTreeSet<Id>,
    release: &'r Release,
    prune_last: bool,
) -> BTreeMap<i64, Wave<'r>> {
    let mut planned: BTreeMap<i64, Wave<'_>> = BTreeMap::new();
    let wanted = |member: &Member| member.hooks.argo_cd.is_none() || member.hooks.during(Phase::Sync);
    let mut members = order::sorted(release.distinct(wanted));
    members.sort_by(|a, b| (order::rank(&a.id.kind), &a.id.name).cmp(&(order::rank(&b.id.kind), &b.id.name)));
    let now: BTreeSet<&Id> = members.iter().map(|member| &member.id).collect();
    for member in &members {
        planned.entry(member.hooks.wave).or_default().applied.push(member);
    }
    let behind = planned.keys().next_back().map_or(0, |last| last + 1);
    let mut gone: Vec<(i64, Id)> = Vec::new();
    for id in owned.iter().filter(|id| !now.contains(id)) {
        match run.cluster.get(id) {
            Some(live) if prune_last || live.keeping.prune_last => {
                planned.entry(behind).or_default().pruned.push(id.clone());
            }
            Some(live) => gone.push((live.hooks.wave, id.clone())),
            None => {}
        }
    }
    mirror(gone).into_iter().for_each(|(wave, id)| planned.entry(wave).or_default().pruned.push(id));
    planned
}

/// Reverses the waves of pruned objects: those of the highest wave are pruned in the lowest, and vice versa.
fn mirror(gone: Vec<(i64, Id)>) -> Vec<(i64, Id)> {
    let waves: Vec<i64> = gone.iter().map(|(wave, _)| *wave).collect::<BTreeSet<_>>().into_iter().collect();
    let mirrored: BTreeMap<i64, i64> = waves.iter().copied().zip(waves.iter().rev().copied()).collect();
    gone.into_iter().map(|(wave, id)| (mirrored.get(&wave).copied().unwrap_or(wave), id)).collect()
}

/// Runs the hooks of a phase by wave, kind and name. Returns false if one fails.
fn hooks(run: &mut Run, release: &Release, phase: Phase) -> bool {
    let mut members = release.distinct(|member| member.hooks.during(phase));
    members.sort_by(|a, b| {
        let key =
            |member: &Member| (member.hooks.wave, order::rank(&member.id.kind).0, member.id.name.clone());
        key(a).cmp(&key(b))
    });
    members.into_iter().all(|member| run.hook(member))
}
