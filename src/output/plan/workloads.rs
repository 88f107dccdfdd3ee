//! What happens to each object with a pod template, and why.

use super::causes::{causes, new_names};
use super::configurations::{is_configuration, named};
use super::effects::{Effects, is_hook};
use super::model::{Cause, Name, Verdict, Workload};
use super::pairs::Pairs;
use super::reading::Reading;
use super::verdicts::{pods, verdict};
use crate::deployers::{Deployer, Id, Member, Need, Place};
use crate::kube::shown;
use std::collections::{HashMap, HashSet};

/// The ConfigMaps and Secrets of the new release, for lookup by reference.
pub(super) struct Directory<'r> {
    by_id: HashMap<&'r Id, &'r Member>,
    by_name: HashMap<(&'r str, &'r str), &'r Member>,
}

impl<'r> Directory<'r> {
    pub(super) fn of(new: &'r Reading) -> Directory<'r> {
        let mut directory = Directory { by_id: HashMap::new(), by_name: HashMap::new() };
        for member in new.release.members.iter().filter(|member| is_configuration(&member.id)) {
            directory.by_id.insert(&member.id, member);
            directory.by_name.insert((&member.id.kind, &member.id.name), member);
        }
        directory
    }

    /// Returns the object that a reference points to.
    pub(super) fn find(&self, need: &Need) -> Option<&'r Member> {
        need.kinds.iter().find_map(|kind| match &need.place {
            Place::In(namespace) => {
                self.by_id.get(&Id::target(kind, &need.name, namespace.as_deref())).copied()
            }
            Place::Anywhere => self.by_name.get(&(kind.as_str(), need.name.as_str())).copied(),
        })
    }

    /// Returns the objects that refer to each ConfigMap and Secret.
    pub(super) fn users(&self, new: &Reading) -> HashMap<Id, Vec<Name>> {
        let mut users: HashMap<Id, Vec<Name>> = HashMap::new();
        for member in &new.release.members {
            let of_pods = member.template.iter().flat_map(|template| &template.needs);
            for used in of_pods.chain(&member.reads).chain(&member.copied).filter_map(|need| self.find(need))
            {
                let (known, name) = (users.entry(used.id.clone()).or_default(), Name::from(&member.id));
                if known.last() != Some(&name) {
                    known.push(name);
                }
            }
        }
        users
    }
}

/// Returns every object with a pod template; those that are gone come last.
pub(super) fn workloads(
    deployer: Deployer,
    old: &Reading,
    new: &Reading,
    pairs: &Pairs,
    directory: &Directory<'_>,
    effects: &Effects,
) -> Vec<Workload> {
    let refused: HashSet<usize> = effects.refused.iter().map(|(at, _)| *at).collect();
    let hung: HashSet<&Id> = effects.starving.iter().map(|(hook, _)| hook).collect();
    let in_place = in_place(old, new, pairs);
    let mut all = Vec::new();
    for (at, (member, details)) in new.members().enumerate() {
        if member.template.is_none() {
            continue;
        }
        let before = pairs.old_of[at].map(|at| (&*old.release.members[at], &old.details[at]));
        let mut found = verdict(before.map(|(before, _)| before), member, &details.rollout);
        let mut why = Vec::new();
        if let Some((_, earlier)) = before.filter(|_| found != Verdict::Unchanged) {
            why = causes(
                &member.id.kind,
                earlier,
                details,
                &bases(before.map(|(before, _)| before), member, directory),
            );
        }
        if refused.contains(&at) {
            found = Verdict::Refused;
        } else if is_hook(deployer, member) {
            let runs = effects.ran.contains(&member.id) || hung.contains(&member.id);
            found = if runs { Verdict::RunsAgain } else { Verdict::Unchanged };
        } else if found == Verdict::Unchanged {
            why = read_in_place(member, directory, &in_place);
            found = if why.is_empty() { Verdict::Unchanged } else { Verdict::InPlace };
        }
        all.push(Workload {
            object: Name::from(&member.id),
            verdict: found,
            pods: pods(member, found, &details.rollout),
            partition: details.rollout.partition.filter(|_| found == Verdict::RollsPartly),
            suspended: details.rollout.suspended && member.id.kind == "CronJob",
            causes: why,
        });
    }
    all.extend(gone(old, pairs));
    all
}

fn gone(old: &Reading, pairs: &Pairs) -> impl Iterator<Item = Workload> {
    let gone =
        pairs.gone.iter().map(|at| &old.release.members[*at]).filter(|member| member.template.is_some());
    gone.map(|member| Workload {
        object: Name::from(&member.id),
        verdict: Verdict::Gone,
        pods: None,
        partition: None,
        suspended: false,
        causes: Vec::new(),
    })
}

/// Returns the base name for each name that the template did not refer to before.
fn bases<'m>(
    before: Option<&Member>,
    member: &'m Member,
    directory: &Directory<'_>,
) -> HashMap<&'m str, String> {
    let new: HashSet<&str> = new_names(before, member).collect();
    let needs = member.template.iter().flat_map(|template| &template.needs);
    let needs = needs.filter(|need| new.contains(need.name.as_str()));
    let base = |need: &Need| match directory.find(need) {
        Some(used) => format!("{} {}", used.id.kind, named(used).name),
        None => shown::name(&need.name).to_owned(),
    };
    needs.map(|need| (need.name.as_str(), base(need))).collect()
}

/// Returns the ConfigMaps and Secrets that change under the same name.
fn in_place<'r>(old: &Reading, new: &'r Reading, pairs: &Pairs) -> HashSet<&'r Id> {
    let changes =
        |(at, (member, details)): (usize, (&'r std::sync::Arc<Member>, &super::reading::Details))| {
            let before = pairs.old_of[at]?;
            let same =
                old.release.members[before].id == member.id && old.details[before].keys != details.keys;
            (same && member.frozen.is_none() && is_configuration(&member.id)).then_some(&member.id)
        };
    new.members().enumerate().filter_map(changes).collect()
}

fn read_in_place(member: &Member, directory: &Directory<'_>, in_place: &HashSet<&Id>) -> Vec<Cause> {
    let needs = member.template.iter().flat_map(|template| &template.needs);
    let read = needs.filter_map(|need| directory.find(need)).filter(|used| in_place.contains(&used.id));
    let mut names: Vec<String> = read.map(|used| format!("{} {}", used.id.kind, named(used).name)).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| Cause::InPlace { name }).collect()
}
