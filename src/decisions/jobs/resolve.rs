//! Resolves the name of a Job or Pod by kind, name and namespace, like other references.

use crate::kube::content::key_hash;
use crate::kube::job::{JobIndex, JobKind};
use crate::kube::object::{TargetKind, View};
use crate::kube::scope::is_cluster_scoped;
use crate::survey::inventory::Inventory;
use crate::survey::moments::Moment;
use crate::text::source::Span;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// An index of the Jobs to look for, by name.
pub(super) struct Jobs<'i> {
    inventory: &'i Inventory<'i>,
    by_name: HashMap<&'i str, Vec<JobIndex>>,
    /// Every Job of the stream by its span, and by the alias through which a list contains it.
    by_place: HashMap<(Span, Option<u32>), JobIndex>,
    /// The names that no other object has.
    lonely: HashSet<&'i str>,
    fallback: Option<&'i str>,
}

/// The object whose text is searched.
pub(super) struct Owner<'s> {
    /// Its index, if it is a Job.
    pub(super) job: Option<JobIndex>,
    /// Its kind, if it is a ConfigMap or Secret.
    pub(super) target: Option<TargetKind>,
    /// When a deployer creates it, if it states that.
    pub(super) moment: Option<Moment>,
    namespace: Option<Cow<'s, str>>,
    /// True for a cluster-scoped object.
    anywhere: bool,
}

impl<'s> Owner<'s> {
    /// Reads the owner from an object.
    pub(super) fn of(view: &View<'_, 's>, jobs: &Jobs<'_>) -> Owner<'s> {
        let id = view.id();
        Owner {
            job: jobs.at(view.tree.node(view.root).span, view.via),
            target: view.target_kind(),
            moment: Moment::of(view, None),
            anywhere: id.namespace.is_none() && is_cluster_scoped(&id.kind),
            namespace: id.namespace,
        }
    }
}

impl<'i> Jobs<'i> {
    /// Indexes the Jobs for which `wanted` returns true.
    pub(super) fn new(
        inventory: &'i Inventory<'i>,
        fallback: Option<&'i str>,
        wanted: impl Fn(JobIndex) -> bool,
    ) -> Jobs<'i> {
        let mut by_name: HashMap<&str, Vec<JobIndex>> = HashMap::new();
        for (number, job) in inventory.jobs.indexed().filter(|(number, _)| wanted(*number)) {
            by_name.entry(&job.id.name).or_default().push(number);
        }
        let lonely = lonely(inventory, &by_name);
        let by_place = inventory.jobs.indexed().map(|(number, job)| ((job.span, job.name.via), number));
        Jobs { inventory, by_name, by_place: by_place.collect(), lonely, fallback }
    }

    /// Returns the Job with this span.
    pub(super) fn at(&self, span: Span, via: Option<u32>) -> Option<JobIndex> {
        self.by_place.get(&(span, via)).copied()
    }

    /// True if one of the indexed Jobs has this name.
    pub(super) fn is_wanted(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// True if only indexed Jobs have this name.
    pub(super) fn is_lonely(&self, name: &str) -> bool {
        self.lonely.contains(name)
    }

    /// Returns the Jobs that a name refers to, of the given kind or of either. Jobs in the namespace in force come
    /// first. If there are none, a name without a namespace or in a cluster-scoped object matches Jobs in any
    /// namespace, and other names match Jobs without a namespace.
    pub(super) fn named(
        &self,
        kind: Option<JobKind>,
        name: &str,
        owner: &Owner<'_>,
        given: Option<&str>,
    ) -> Vec<JobIndex> {
        let bearers = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let of_kind = |number: &JobIndex| kind.is_none_or(|kind| self.inventory.jobs[*number].kind == kind);
        let all: Vec<JobIndex> = bearers.iter().copied().filter(of_kind).collect();
        let wanted = given.or(owner.namespace.as_deref()).or(self.fallback);
        let within = |wanted: Option<&str>| -> Vec<JobIndex> {
            all.iter().copied().filter(|number| self.namespace(*number) == wanted).collect()
        };
        let exact = within(wanted);
        if !exact.is_empty() {
            return exact;
        }
        let any = wanted.is_none() || (owner.anywhere && given.is_none());
        if any { all } else { within(None) }
    }

    /// True if an object that is created at this moment runs before a Job is created.
    pub(super) fn is_later(&self, number: JobIndex, moment: &Moment) -> bool {
        let own = self.inventory.jobs[number].object.and_then(|object| self.inventory.moments.get(&object));
        let with_release = Moment { in_release: true, ..Moment::default() };
        moment.is_before(own.unwrap_or(&with_release))
    }

    /// Returns the kind of a Job.
    pub(super) fn kind(&self, number: JobIndex) -> JobKind {
        self.inventory.jobs[number].kind
    }

    /// Returns the namespace of a Job: its own, or that of the options.
    pub(super) fn namespace(&self, number: JobIndex) -> Option<&str> {
        self.inventory.jobs[number].id.namespace.as_deref().or(self.fallback)
    }

    /// Returns the groups of Jobs that have the same kind, namespace and name.
    pub(super) fn repeated(&self) -> Vec<Vec<JobIndex>> {
        let mut groups: HashMap<(JobKind, Option<&str>, &str), Vec<JobIndex>> = HashMap::new();
        for (name, bearers) in self.by_name.iter().filter(|(_, bearers)| bearers.len() > 1) {
            for number in bearers {
                let kind = self.inventory.jobs[*number].kind;
                groups.entry((kind, self.namespace(*number), name)).or_default().push(*number);
            }
        }
        groups.into_values().filter(|group| group.len() > 1).collect()
    }
}

/// Returns the names that only indexed Jobs have.
fn lonely<'i>(inventory: &Inventory<'_>, by_name: &HashMap<&'i str, Vec<JobIndex>>) -> HashSet<&'i str> {
    let mut others: HashMap<u32, usize> = by_name.keys().map(|name| (key_hash(name), 0)).collect();
    let targets = inventory.targets.iter().map(|target| key_hash(inventory.name(target)));
    for hash in inventory.other_names.iter().copied().chain(targets) {
        others.entry(hash).and_modify(|count| *count += 1);
    }
    let own = |name: &str, bearers: &[JobIndex]| others.get(&key_hash(name)) == Some(&bearers.len());
    by_name.iter().filter(|(name, bearers)| own(name, bearers)).map(|(name, _)| *name).collect()
}
