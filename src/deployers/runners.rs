//! Running and starting consumers: pods by template, volumes, and objects that a controller reads.
//!
//! Stores the references of each, and finds the consumers of an object by index. Must not delete or create anything by
//! itself.

use super::release::{Digest, Id, Need, Place};
use crate::kube::object::TargetKind;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The kind of a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The object itself, which a controller reads.
    Object,
    /// Pods that run or are about to be created.
    Pods,
    /// Copies that keep the references of the object: volumes of a class, pods that a webhook filled in.
    Copies,
}

/// A consumer of objects.
#[derive(Clone, Debug)]
pub struct Runner {
    /// The object that it belongs to.
    pub of: Id,
    /// Its kind.
    pub what: What,
    /// The digest of the template or object that it was created from.
    pub digest: Digest,
    /// Its references.
    pub needs: Vec<Need>,
    /// True if it never gets ready, even if all its objects exist.
    pub broken: bool,
}

/// The number that identifies a runner.
pub(super) type Number = u64;

/// All runners, indexed by their object and by their references.
#[derive(Clone, Debug, Default)]
pub(super) struct Runners {
    next: Number,
    all: BTreeMap<Number, Runner>,
    by_object: HashMap<Id, BTreeSet<Number>>,
    by_need: HashMap<(String, Place), BTreeSet<Number>>,
}

impl Runners {
    /// Adds a runner. Returns its number.
    pub(super) fn add(&mut self, runner: Runner) -> Number {
        let number = self.next;
        self.next += 1;
        self.by_object.entry(runner.of.clone()).or_default().insert(number);
        for need in &runner.needs {
            self.by_need.entry((need.name.clone(), need.place.clone())).or_default().insert(number);
        }
        self.all.insert(number, runner);
        number
    }

    /// Removes a runner.
    pub(super) fn remove(&mut self, number: Number) {
        let Some(runner) = self.all.remove(&number) else { return };
        if let Some(numbers) = self.by_object.get_mut(&runner.of) {
            numbers.remove(&number);
        }
        for need in runner.needs {
            if let Some(numbers) = self.by_need.get_mut(&(need.name, need.place)) {
                numbers.remove(&number);
            }
        }
    }

    /// Returns the runner with this number; `None` if it no longer exists.
    pub(super) fn get(&self, number: Number) -> Option<&Runner> {
        self.all.get(&number)
    }

    /// Returns the runners of an object, the newest last.
    pub(super) fn of(&self, id: &Id) -> Vec<Number> {
        self.by_object.get(id).map(|numbers| numbers.iter().copied().collect()).unwrap_or_default()
    }

    /// Returns the pods of an object, one runner for each template, the newest last.
    pub(super) fn pods(&self, id: &Id) -> Vec<Number> {
        let is_pods = |number: &Number| self.all.get(number).is_some_and(|runner| runner.what == What::Pods);
        self.of(id).into_iter().filter(is_pods).collect()
    }

    /// Returns every runner that refers to this ConfigMap or Secret, with the reference.
    pub(super) fn users(&self, id: &Id) -> impl Iterator<Item = (&Runner, &Need)> + '_ {
        let kind =
            [TargetKind::ConfigMap, TargetKind::Secret].into_iter().find(|kind| kind.as_str() == id.kind);
        let kind = kind.filter(|_| id.group.is_empty());
        let places = [Place::In(id.namespace.clone()), Place::Anywhere];
        let name = id.name.clone();
        let keys = places.into_iter().map(move |place| (name.clone(), place));
        let found = keys.filter_map(|key| Some((self.by_need.get(&key)?, key)));
        found.flat_map(move |(numbers, (name, place))| {
            let runners = numbers.iter().filter_map(|number| self.all.get(number));
            runners.flat_map(move |runner| {
                let (name, place) = (name.clone(), place.clone());
                let means = move |need: &&Need| {
                    need.name == name && need.place == place && need.kinds.iter().any(|of| Some(of) == kind)
                };
                runner.needs.iter().filter(means).map(move |need| (runner, need))
            })
        })
    }
}
