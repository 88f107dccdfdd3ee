//! Running and starting consumers: pods by template, volumes, and objects that a controller reads.
//!
//! Knows the references of each, and finds the consumers of an object without a search. Deletes and creates
//! nothing by itself.

use super::release::{Digest, Id, Need, Place};
use crate::kube::object::TargetKind;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a runner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The object itself, which a controller reads.
    Object,
    /// Pods, running or about to be made.
    Pods,
    /// What was made from the object and keeps its names: volumes of a class, pods that a webhook filled in.
    Copies,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Runner {
    /// The object that it belongs to.
    pub of: Id,
    /// What it is.
    pub what: What,
    /// The template that it was made of.
    pub digest: Digest,
    /// What it names.
    pub needs: Vec<Need>,
    /// True when it never gets ready, whatever is there.
    pub broken: bool,
}

/// A number by which a runner is known.
pub(super) type Number = u64;

/// All runners.
#[derive(Clone, Debug, Default)]
pub(super) struct Runners {
    next: Number,
    all: BTreeMap<Number, Runner>,
    by_object: HashMap<Id, BTreeSet<Number>>,
    by_need: HashMap<(String, Place), BTreeSet<Number>>,
}

impl Runners {
    /// Adds one.
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

    /// Removes one.
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

    /// The one of this number, while it is there.
    pub(super) fn get(&self, number: Number) -> Option<&Runner> {
        self.all.get(&number)
    }

    /// The runners of an object, the newest last.
    pub(super) fn of(&self, id: &Id) -> Vec<Number> {
        self.by_object.get(id).map(|numbers| numbers.iter().copied().collect()).unwrap_or_default()
    }

    /// The pods of an object, by the template that they were made of, the newest last.
    pub(super) fn pods(&self, id: &Id) -> Vec<Number> {
        let is_pods = |number: &Number| self.all.get(number).is_some_and(|runner| runner.what == What::Pods);
        self.of(id).into_iter().filter(is_pods).collect()
    }

    /// Everything that names this ConfigMap or Secret, and how.
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
