//! What the model predicts for the deployment: refused updates, hooks that hang, objects that are deleted, left behind
//! or missing.
//!
//! Runs the model again without each hook that hangs, to see what would come after it.

use super::model::{Broken, Name};
use super::own::Own;
use super::reading::Reading;
use crate::deployers::{
    self, Cause, Deployer, Event, Fault, Id, Member, Need, Operation, Refusal, Release, State, Step, Trace,
    What,
};
use crate::kube::shown;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// The most hooks that hang. After that many, later ones are not searched for.
const MOST_HOOKS: usize = 20;

/// The predicted effects.
#[derive(Debug)]
pub(super) struct Effects {
    /// Updates that the API server refuses, by position in the new release.
    pub(super) refused: Vec<(usize, Refusal)>,
    /// Hooks that hang, with the objects that they need and do not find.
    pub(super) starving: Vec<(Id, Vec<Need>)>,
    /// Hooks that run.
    pub(super) ran: HashSet<Id>,
    /// Objects that lose something that they need.
    pub(super) broken: Vec<Broken>,
    /// Objects that are deleted.
    pub(super) deleted: HashSet<Id>,
    /// Objects that are in the cluster afterwards although the new release does not contain them.
    pub(super) left: Vec<Name>,
}

/// True if the deployer runs the object as a hook.
pub(super) fn is_hook(deployer: Deployer, member: &Member) -> bool {
    match deployer {
        Deployer::Helm3 | Deployer::Helm4 => member.hooks.helm.is_some(),
        Deployer::ArgoCd | Deployer::ArgoCdPruneLast => member.hooks.argo_cd.is_some(),
        _ => false,
    }
}

/// Deploys the old release and then the new one.
pub(super) fn effects(deployer: Deployer, old: &Reading, new: &Reading) -> Effects {
    let own = Own::of([&old.release, &new.release]);
    let state = deployed(deployer, &own.alone(&old.release));
    let mut release = own.alone(&new.release);
    let mut starving = Vec::new();
    let trace = loop {
        let trace = deployers::deploy(deployer, &state, &Operation::deploy(&release), None);
        let Some(hook) = hung(&trace).filter(|_| starving.len() < MOST_HOOKS) else { break trace };
        starving.push((hook.clone(), missing(&trace, &hook)));
        release = Arc::new(without(&release, &hook));
    };
    let with = |wanted: Event| -> HashSet<Id> {
        let ids = trace.steps.iter().filter_map(|step| match step {
            Step::Object(event, id) if *event == wanted => Some(id.clone()),
            _ => None,
        });
        ids.collect()
    };
    let known: HashSet<&Id> = new.release.members.iter().map(|member| &member.id).collect();
    let there = trace.state.cluster.objects().filter(|member| !known.contains(&member.id));
    Effects {
        refused: refused(deployer, &state, &new.release),
        starving,
        ran: with(Event::Ran),
        broken: broken(&trace),
        deleted: with(Event::Deleted),
        left: there.map(|member| Name::from(&member.id)).collect(),
    }
}

/// Returns a cluster after the deployment of the old release. It was deployed in reality, so if the model stops at a
/// hook, it runs again without hooks.
fn deployed(deployer: Deployer, release: &Arc<Release>) -> State {
    if release.members.is_empty() {
        return State::default();
    }
    let first = |release: &Arc<Release>| {
        deployers::deploy(deployer, &State::default(), &Operation::deploy(release), None)
    };
    let trace = first(release);
    if trace.succeeded {
        return trace.state.settled();
    }
    let members = release.members.iter().filter(|member| !is_hook(deployer, member)).cloned().collect();
    first(&Arc::new(Release { members })).state.settled()
}

/// Returns the hook at which the deployer stops.
fn hung(trace: &Trace) -> Option<Id> {
    trace.steps.iter().find_map(|step| match step {
        Step::Object(Event::Hung, id) => Some(id.clone()),
        _ => None,
    })
}

fn without(release: &Release, hook: &Id) -> Release {
    Release { members: release.members.iter().filter(|member| member.id != *hook).cloned().collect() }
}

fn missing(trace: &Trace, hook: &Id) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for fault in &trace.faults {
        match fault {
            Fault::Missing { of, need, cause: Cause::NotMade, .. }
                if of == hook && !need.optional && !needs.contains(need) =>
            {
                needs.push(need.clone());
            }
            _ => {}
        }
    }
    needs
}

fn refused(deployer: Deployer, state: &State, release: &Release) -> Vec<(usize, Refusal)> {
    let replaced = |member: &Member| match deployer {
        _ if is_hook(deployer, member) => member.hooks.deletes_before,
        Deployer::ArgoCd | Deployer::ArgoCdPruneLast => member.keeping.argo_cd_forces,
        Deployer::Flux => member.keeping.flux_forces,
        Deployer::Kapp => member.keeping.kapp_forces,
        _ => false,
    };
    let members = release.members.iter().enumerate().filter(|(_, member)| !replaced(member));
    members.filter_map(|(at, member)| Some((at, state.cluster.refuses(member)?))).collect()
}

fn broken(trace: &Trace) -> Vec<Broken> {
    let found: BTreeSet<Broken> = trace
        .faults
        .iter()
        .filter_map(|fault| {
            let (of, need, how) = match fault {
                Fault::Missing { of, need, what, cause: Cause::Deleted } => (of, need, lost(*what)),
                Fault::Revoked { of, need } => (of, need, "pods of before lose their access to it"),
                _ => return None,
            };
            Some(Broken { object: Name::from(of), needs: shown::name(&need.name).to_owned(), how })
        })
        .collect();
    found.into_iter().collect()
}

fn lost(what: What) -> &'static str {
    match what {
        What::Pods => "it is deleted while pods may still start with it",
        What::Object => "it is deleted while the object names it",
        What::Copies => "it is deleted while volumes made earlier name it",
    }
}
