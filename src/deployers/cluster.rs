//! A cluster: its objects, what runs, and what the API server and the controllers do by themselves.
//!
//! Decides which updates are refused and what happens to pods. The deployers decide the order.

use super::release::{Id, Member, Need, Place, Rolls, Template};
use super::runners::{Number, Runner, Runners, What};
use crate::kube::object::TargetKind;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Why the API server refuses an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// A field that can never change has another value.
    Fixed,
    /// The object is immutable, and its content differs.
    Immutable,
}

/// The state of a cluster, as far as it matters to one application.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    objects: BTreeMap<Id, Arc<Member>>,
    runners: Runners,
    /// Objects with pods of an older template, or with pods that are not ready or not done.
    moving: BTreeSet<Id>,
    /// The templates that each object had, the newest last. In a real cluster they are ReplicaSets or
    /// ControllerRevisions.
    templates: HashMap<Id, Vec<Template>>,
}

impl Cluster {
    /// Returns the objects in the cluster, by kind and name.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Member>> {
        self.objects.values()
    }

    /// Returns an object.
    pub fn get(&self, id: &Id) -> Option<&Arc<Member>> {
        self.objects.get(id)
    }

    /// Returns every runner that refers to this object, with the reference.
    pub fn users(&self, id: &Id) -> impl Iterator<Item = (&Runner, &Need)> + '_ {
        self.runners.users(id)
    }

    /// Returns a runner; `None` if it no longer exists.
    pub(super) fn runner(&self, number: Number) -> Option<&Runner> {
        self.runners.get(number)
    }

    /// True if the cluster contains an object that the reference may refer to.
    pub fn has(&self, need: &Need) -> bool {
        !self.found(need).is_empty()
    }

    /// Returns the existing objects that a reference may refer to.
    pub fn found(&self, need: &Need) -> Vec<&Id> {
        let of_kind = |kind: TargetKind| {
            let (first, namespace) = match &need.place {
                Place::In(namespace) => (Id::target(kind, &need.name, namespace.as_deref()), Some(namespace)),
                Place::Anywhere => (Id::target(kind, &need.name, None), None),
            };
            let same = move |id: &Id| {
                id.kind == kind.as_str()
                    && id.name == need.name
                    && id.group.is_empty()
                    && namespace.is_none_or(|namespace| *namespace == id.namespace)
            };
            self.objects.range(first..).map(|(id, _)| id).take_while(move |id| same(id))
        };
        need.kinds.iter().flat_map(of_kind).collect()
    }

    /// Returns why this object cannot replace the existing one.
    pub fn refuses(&self, member: &Member) -> Option<Refusal> {
        let live = self.objects.get(&member.id)?;
        if live.fixed.refuses(&member.fixed) {
            return Some(Refusal::Fixed);
        }
        (live.frozen.is_some() && live.frozen != member.frozen).then_some(Refusal::Immutable)
    }

    /// Creates or updates an object. Returns the numbers of its new pods. If `broken`, these never get ready.
    pub(super) fn put(&mut self, member: &Arc<Member>, broken: bool) -> Vec<Number> {
        let id = &member.id;
        let before = self.objects.insert(id.clone(), Arc::clone(member));
        let mut new = Vec::new();
        if before.as_ref().is_none_or(|before| before.reads != member.reads) {
            self.stop(id, |what| what == What::Object);
            new.extend(self.start(member, What::Object, &member.reads));
        }
        if before.as_ref().is_none_or(|before| before.copied != member.copied) && member.is_copied() {
            new.extend(self.start(member, What::Copies, &member.copied));
        }
        if let Some(template) = &member.template {
            new.extend(self.roll(id, template, broken));
        }
        new
    }

    /// Deletes an object and its pods. Volumes that were created from a class remain.
    pub(super) fn delete(&mut self, id: &Id) -> Option<Arc<Member>> {
        let gone = self.objects.remove(id)?;
        self.stop(id, |what| what != What::Copies);
        self.moving.remove(id);
        self.templates.remove(id);
        Some(gone)
    }

    /// Continues every rollout as far as possible. Returns true if everything is ready and every Job is done.
    pub(super) fn settle(&mut self) -> bool {
        let moving: Vec<Id> = self.moving.iter().cloned().collect();
        for id in moving {
            if self.finish(&id) {
                self.moving.remove(&id);
            }
        }
        self.moving.is_empty()
    }

    /// Runs the pods of a hook to completion. Returns false if they do not complete.
    pub(super) fn run_to_end(&mut self, id: &Id) -> bool {
        let pods = self.runners.pods(id);
        let done = pods.last().is_none_or(|newest| self.is_ready(*newest));
        if done {
            pods.iter().for_each(|number| self.runners.remove(*number));
            self.moving.remove(id);
        }
        done
    }

    /// Restores the previous template of an object, as `kubectl rollout undo` does. Returns the pods that start.
    pub(super) fn undo(&mut self, id: &Id) -> Vec<Number> {
        let Some(member) = self.objects.get(id).cloned() else { return Vec::new() };
        let earlier =
            self.templates.get(id).and_then(|all| all.len().checked_sub(2).map(|at| all[at].clone()));
        let (Some(template), Some(_)) = (earlier, &member.template) else { return Vec::new() };
        let undone = Member { template: Some(template.clone()), ..Member::clone(&member) };
        self.objects.insert(id.clone(), Arc::new(undone));
        self.roll(id, &template, false)
    }

    /// True if these pods are ready or no longer exist.
    fn is_ready(&self, number: Number) -> bool {
        let Some(runner) = self.runners.get(number) else { return true };
        !runner.broken && runner.needs.iter().all(|need| need.optional || self.has(need))
    }

    /// Finishes the rollout of one object. Returns false if it hangs.
    fn finish(&mut self, id: &Id) -> bool {
        let pods = self.runners.pods(id);
        let Some((newest, older)) = pods.split_last() else { return true };
        if !self.is_ready(*newest) {
            return false;
        }
        match self.objects.get(id).and_then(|member| member.template.as_ref()).map(|template| template.rolls)
        {
            Some(Rolls::Rolling) => older.iter().for_each(|number| self.runners.remove(*number)),
            Some(Rolls::Once) => pods.iter().for_each(|number| self.runners.remove(*number)),
            _ => {}
        }
        true
    }

    /// Starts pods of a template, unless the newest pods already have it.
    fn roll(&mut self, id: &Id, template: &Template, broken: bool) -> Vec<Number> {
        let known = self.templates.entry(id.clone()).or_default();
        if known.last().is_some_and(|last| last.digest == template.digest) {
            return Vec::new();
        }
        known.retain(|earlier| earlier.digest != template.digest);
        known.push(template.clone());
        let pods = self.runners.pods(id);
        let same = |number: &&Number| {
            self.runners
                .get(**number)
                .is_some_and(|runner| runner.digest == template.digest && !runner.broken)
        };
        // Older pods of the same template that still run become the newest, with the references that they had.
        let running =
            pods.iter().find(same).and_then(|number| Some((*number, self.runners.get(*number)?.clone())));
        self.moving.insert(id.clone());
        if let Some((number, runner)) = running {
            self.runners.remove(number);
            return vec![self.runners.add(runner)];
        }
        let needs = self.needs(template);
        let rolling = template.rolls == Rolls::Rolling || template.rolls == Rolls::Slowly;
        let pods = Runner {
            of: id.clone(),
            what: What::Pods,
            digest: template.digest,
            needs,
            broken: broken && rolling,
        };
        vec![self.runners.add(pods)]
    }

    /// Returns the references of pods that are created now: admission adds the current pull secrets of their
    /// ServiceAccount.
    fn needs(&self, template: &Template) -> Vec<Need> {
        let account = template.account.as_ref().and_then(|account| self.objects.get(account));
        let copied = account.map_or(&[][..], |account| &account.copied[..]);
        template.needs.iter().chain(copied).cloned().collect()
    }

    fn start(&mut self, member: &Member, what: What, needs: &[Need]) -> Option<Number> {
        let (of, needs) = (member.id.clone(), needs.to_vec());
        let runner = Runner { of, what, digest: member.digest, needs, broken: false };
        (!runner.needs.is_empty()).then(|| self.runners.add(runner))
    }

    fn stop(&mut self, id: &Id, which: impl Fn(What) -> bool) {
        for number in self.runners.of(id) {
            if self.runners.get(number).is_some_and(|runner| which(runner.what)) {
                self.runners.remove(number);
            }
        }
    }
}
