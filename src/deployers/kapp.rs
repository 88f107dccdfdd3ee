//! kapp: deletions do not wait for changes of other objects, so in the model they come first. Then kapp applies what
//! pods need, then the rest, and then it waits.
//!
//! It compares with the objects of this application in the cluster.

use super::order;
use super::release::{Id, Member, Release};
use super::run::Run;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Runs `kapp deploy`. Returns true if it succeeds.
pub(super) fn deploy(run: &mut Run, owned: &mut BTreeSet<Id>, release: &Release) -> bool {
    let members = release.distinct(|_| true);
    let now: BTreeSet<&Id> = members.iter().map(|member| &member.id).collect();
    let gone: Vec<Id> = owned.iter().filter(|id| !now.contains(id)).cloned().collect();
    run.prune(&gone, |keeping| keeping.kapp);
    // An object that is kept no longer belongs to the application.
    for id in &gone {
        owned.remove(id);
    }
    let (first, rest): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| order::kapp_first(member));
    apply(run, owned, &first) && apply(run, owned, &rest) && run.wait()
}

/// Runs `kapp delete`.
pub(super) fn delete(run: &mut Run, owned: &mut BTreeSet<Id>) -> bool {
    let mut ids: Vec<Id> = std::mem::take(owned).into_iter().collect();
    ids.sort_by(|a, b| order::rank(&b.kind).cmp(&order::rank(&a.kind)));
    run.prune(&ids, |keeping| keeping.kapp);
    true
}

fn apply(run: &mut Run, owned: &mut BTreeSet<Id>, members: &[&Arc<Member>]) -> bool {
    for member in members {
        if !run.apply(member, member.keeping.kapp_forces) {
            return false;
        }
        owned.insert(member.id.clone());
    }
    run.check();
    true
}
