//! Flux's kustomize-controller: stages, each with a dry run before it is applied, then pruning, then health checks.
//!
//! It compares with its inventory, which it writes only after it has applied everything.

use super::order;
use super::release::{Id, Member, Release};
use super::run::Run;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Runs a reconciliation. Returns true if it succeeds.
pub(super) fn reconcile(run: &mut Run, inventory: &mut BTreeSet<Id>, release: &Release) -> bool {
    let members = order::sorted(release.distinct(|_| true));
    for stage in 0..=2 {
        let of_stage: Vec<_> =
            members.iter().filter(|member| order::flux_stage(member) == stage).copied().collect();
        if !apply(run, &of_stage) {
            return false;
        }
    }
    let now: BTreeSet<Id> = members.iter().map(|member| member.id.clone()).collect();
    let gone: Vec<Id> = inventory.difference(&now).cloned().collect();
    *inventory = now;
    run.prune(&gone, |keeping| keeping.flux);
    run.wait()
}

/// Deletes a Kustomization with `prune: true`.
pub(super) fn delete(run: &mut Run, inventory: &mut BTreeSet<Id>) -> bool {
    let mut ids: Vec<Id> = std::mem::take(inventory).into_iter().collect();
    ids.sort_by(|a, b| order::rank(&b.kind).cmp(&order::rank(&a.kind)));
    run.prune(&ids, |keeping| keeping.flux);
    true
}

/// Applies a stage. If the dry run of any object is refused, nothing in the stage is applied.
fn apply(run: &mut Run, members: &[&Arc<Member>]) -> bool {
    let refused: Vec<_> =
        members.iter().filter(|member| !member.keeping.flux_forces && !run.would_take(member)).collect();
    if refused.is_empty() {
        members.iter().for_each(|member| {
            run.apply(member, member.keeping.flux_forces);
        });
        run.check();
        return true;
    }
    refused.into_iter().for_each(|member| {
        run.apply(member, false);
    });
    false
}
