//! Early readers of objects that the release before has as versions only.
//!
//! When such a reader runs, neither the original nor the version of this release exists. It gets the name of the version
//! that does exist. From the next release on, it finds the original.

use super::decide::new_name;
use super::deployed::Deployed;
use super::policy::{Because, Decision};
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::arena::Arena;
use crate::kube::helm_text::is_from_helm_4;
use crate::kube::object::ObjectIndex;
use crate::kube::shown;
use crate::links::resolve::{Link, namespace};
use crate::options::Options;
use crate::rules::shapes::Strength;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::references::{Reference, ReferenceIndex};
use crate::text::source::Source;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The names of earlier versions, by the references that get them.
pub type Earlier = HashMap<ReferenceIndex, String>;

/// What the names are chosen from.
pub(super) struct Early<'i, 's> {
    pub(super) inventory: &'i Inventory<'s>,
    pub(super) links: &'i Arena<ReferenceIndex, Link>,
    pub(super) decisions: &'i Arena<TargetIndex, Decision>,
    pub(super) deployed: &'i Deployed<'i>,
    pub(super) options: &'i Options,
}

impl Early<'_, '_> {
    /// Chooses the names, and reports readers that find no object at all.
    pub(super) fn choose(&self) -> (Earlier, Vec<Diagnostic>) {
        let (mut earlier, mut findings) = (Earlier::default(), Vec::new());
        if self.inventory.moments.is_empty() {
            return (earlier, findings);
        }
        let jobs: HashSet<ObjectIndex> = self.inventory.jobs.iter().filter_map(|job| job.object).collect();
        let mut told: HashSet<(ObjectIndex, TargetIndex)> = HashSet::new();
        for ((index, reference), link) in self.inventory.collected.references.indexed().zip(self.links) {
            let Link::Plain(targets) = link else { continue };
            let Some(there) = self.there(reference, targets) else { continue };
            match self.chosen(reference, targets, (&there, &jobs)) {
                Ok(name) => drop(earlier.insert(index, name)),
                Err(why) => {
                    let needed = reference.strength == Strength::Strong && !reference.optional;
                    if needed && told.insert((reference.object, targets[0])) {
                        findings.push(self.starving(reference, targets[0], &there, why));
                    }
                }
            }
        }
        (earlier, findings)
    }

    /// Notes for Helm 3, which passes no hooks to a post-renderer: the objects whose original this release creates first.
    pub(super) fn unseen_hooks(&self, source: &Source) -> Vec<Diagnostic> {
        if !self.options.by_helm || !self.deployed.has_versions() || is_from_helm_4(source) {
            return Vec::new();
        }
        let targets = self.inventory.targets.iter().zip(self.decisions);
        let wanted = targets.filter(|(_, decision)| **decision == Decision::Both(Because::Requested));
        let note = |(target, _): (&Target, &Decision)| {
            let object = self.inventory.object(target);
            let home = namespace(self.inventory, target, self.options.namespace.as_deref());
            let there = self.deployed.versions(target.kind, object.id.name, home);
            let version = shown::name(there.first()?).to_owned();
            let message = format!(
                "{} gets its original name with this release, and the release before has only a version of it (`{version}`), so a hook that runs before the release (`pre-upgrade`) does not find it",
                object.id
            );
            let finding = Diagnostic::new(Code::EarlyHook, message).in_document(object.document);
            Some(finding.at(target.name.span, "").help(
                "if such a hook reads it, deploy this release once with `--no-hooks`: the next release finds the original name in the cluster",
            ))
        };
        wanted.filter_map(note).collect()
    }

    /// Returns the versions of the release before that the reference may mean. `None` if the plain name exists, if nothing
    /// is known about the object, or if the reader reads nothing at a deployment.
    fn there(&self, reference: Reference<'_>, targets: &[TargetIndex]) -> Option<BTreeSet<&str>> {
        let moment = self.inventory.moments.get(&reference.object);
        // The pods of a hook copy the pull secrets of its ServiceAccount at once. Others copy names for later.
        let hook = self.inventory.objects.at(reference.object);
        let copies_now = hook.hook && hook.id.kind == "ServiceAccount";
        if (reference.lifetime().keeps_name() && !copies_now)
            || moment.is_some_and(|moment| !moment.is_at_a_deployment())
        {
            return None;
        }
        let mut there = BTreeSet::new();
        for target in targets {
            let target = &self.inventory.targets[*target];
            let home = namespace(self.inventory, target, self.options.namespace.as_deref());
            there.extend(self.deployed.versions(target.kind, self.inventory.name(target), home));
        }
        Some(there).filter(|there| !there.is_empty())
    }

    /// Returns the name that the reference gets, or why it gets none.
    fn chosen(
        &self,
        reference: Reference<'_>,
        targets: &[TargetIndex],
        (there, jobs): (&BTreeSet<&str>, &HashSet<ObjectIndex>),
    ) -> Result<String, &'static str> {
        let stays = self.options.keep.0 > 0 || self.inventory.objects.at(reference.object).hook;
        if !stays {
            return Err("`--keep 0` carries no version forward for its pods");
        }
        if jobs.contains(&reference.object) {
            return Err("its template cannot change again in the next release");
        }
        let new = |target: &TargetIndex| {
            new_name(self.inventory, &self.inventory.targets[*target], self.decisions[*target])
        };
        let unchanged = targets.iter().filter_map(new).find(|name| there.contains(name.as_str()));
        let single = || there.first().filter(|_| there.len() == 1).map(|name| (*name).to_owned());
        unchanged.or_else(single).ok_or("the release before has several versions of it")
    }

    fn starving(
        &self,
        reference: Reference<'_>,
        target: TargetIndex,
        there: &BTreeSet<&str>,
        why: &str,
    ) -> Diagnostic {
        let reader = self.inventory.objects.at(reference.object);
        let target = &self.inventory.targets[target];
        let version = shown::name(there.first().copied().unwrap_or_default());
        let message = format!(
            "{} reads {} before this release creates it, and the release before has only a version of it (`{version}`), so the reader waits for an object that does not exist; it cannot use that version instead: {why}",
            reader.id,
            self.inventory.object(target).id,
        );
        Diagnostic::new(Code::EarlyHook, message)
            .with_severity(Severity::Warning)
            .in_document(reader.document)
            .at(reference.site.span, "read here")
            .at(target.name.span, "created later")
            .help("deploy this release once without the reader: the next release finds the original name in the cluster")
    }
}
