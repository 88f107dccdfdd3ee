//! `kubectl apply`: follows the order of the stream. With `--prune`, it deletes objects that it applied earlier and
//! that are missing now.
//!
//! Hooks are ordinary objects here.

use super::release::{Id, Release};
use super::run::Run;
use std::collections::BTreeSet;

/// The kinds that `kubectl apply --prune` deletes by default.
const PRUNED: [&str; 14] = [
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Ingress",
    "Job",
    "Namespace",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "ReplicationController",
    "Secret",
    "Service",
    "StatefulSet",
];

/// Runs `kubectl apply`. Returns true if no object is refused. After a refusal the other objects are still applied, but
/// nothing is pruned.
pub(super) fn apply(run: &mut Run, owned: &mut BTreeSet<Id>, release: &Release, prune: bool) -> bool {
    let mut taken = true;
    for member in &release.members {
        if run.apply(member, false) {
            owned.insert(member.id.clone());
        } else {
            taken = false;
        }
    }
    run.check();
    if taken && prune {
        let now: BTreeSet<&Id> = release.members.iter().map(|member| &member.id).collect();
        let gone = owned.iter().filter(|id| !now.contains(id) && PRUNED.contains(&id.kind.as_str()));
        let gone: Vec<Id> = gone.cloned().collect();
        run.prune(&gone, |_| false);
        for id in &gone {
            owned.remove(id);
        }
    }
    taken
}

/// Runs `kubectl delete` on the last stream. Objects that only earlier streams contained stay.
pub(super) fn delete(run: &mut Run, owned: &mut BTreeSet<Id>, last: Option<&Release>) -> bool {
    let ids: Vec<Id> =
        last.iter().flat_map(|release| &release.members).map(|member| member.id.clone()).collect();
    run.prune(&ids, |_| false);
    for id in &ids {
        owned.remove(id);
    }
    true
}

/// Runs `kubectl rollout undo` for every workload.
pub(super) fn undo(run: &mut Run) -> bool {
    let ids: Vec<Id> = run.cluster.objects().map(|member| member.id.clone()).collect();
    ids.iter().for_each(|id| run.undo(id));
    run.wait()
}
