//! Resolves the name of a Job or Pod by kind, name and namespace, like other references.

use crate::kube::content::key_hash;
use crate::kube::job::{JobIndex, JobKind};
use crate::kube::object::{TargetKind, View};
use crate::kube::scope::is_cluster_scoped;
use crate::survey::inventory::Inventory;
use crate::text::source::Span;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The Jobs that are looked for, by name.
pub(super) struct Jobs<'i> {
    inventory: &'i Inventory<'i>,
    by_name: HashMap<&'i str, Vec<JobIndex>>,
    /// Every Job of the stream by its place, and by the alias through which a list holds it.
    by_place: HashMap<(Span, Option<u32>), JobIndex>,
    /// Those of the names that no object of another kind has.
    lonely: HashSet<&'i str>,
    fallback: Option<&'i str>,
}

/// The object that contains a name.
pub(super) struct Owner<'s> {
    /// The Job that it is.
    pub(super) job: Option<JobIndex>,
    /// ConfigMap or Secret, when it is one.
    pub(super) target: Option<TargetKind>,
    namespace: Option<Cow<'s, str>>,
    /// True when it is in no namespace.
    anywhere: bool,
}

impl<'s> Owner<'s> {
    /// Looks at an object.
    pub(super) fn of(view: &View<'_, 's>, jobs: &Jobs<'_>) -> Owner<'s> {
        let id = view.id();
        Owner {
            job: jobs.at(view.tree.node(view.root).span, view.via),
            target: view.target_kind(),
            anywhere: id.namespace.is_none() && is_cluster_scoped(&id.kind),
            namespace: id.namespace,
        }
    }
}

impl<'i> Jobs<'i> {
    /// The Jobs for which `wanted` is true.
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

    /// The Job with these bytes.
    pub(super) fn at(&self, span: Span, via: Option<u32>) -> Option<JobIndex> {
        self.by_place.get(&(span, via)).copied()
    }

    /// True for the name of one of them.
    pub(super) fn is_wanted(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// True for a name that no other object has.
    pub(super) fn is_lonely(&self, name: &str) -> bool {
        self.lonely.contains(name)
    }

    /// The Jobs that a name means, as `kind` or as either kind. A namespace that is absent on one side matches absent
    /// first, then whatever else there is.
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

    /// Which of the two kinds a Job is.
    pub(super) fn kind(&self, number: JobIndex) -> JobKind {
        self.inventory.jobs[number].kind
    }

    /// The namespace in force for a Job.
    pub(super) fn namespace(&self, number: JobIndex) -> Option<&str> {
        self.inventory.jobs[number].id.namespace.as_deref().or(self.fallback)
    }

    /// The names that occur more than once with the same kind and namespace, each with all who have it.
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

/// The names that are nowhere but on Jobs that are looked for.
fn lonely<'i>(inventory: &Inventory<'_>, by_name: &HashMap<&'i str, Vec<JobIndex>>) -> HashSet<&'i str> {
    let mut others: HashMap<u32, usize> = by_name.keys().map(|name| (key_hash(name), 0)).collect();
    let targets = inventory.targets.iter().map(|target| key_hash(&inventory.object(target).id.name));
    for hash in inventory.other_names.iter().copied().chain(targets) {
        others.entry(hash).and_modify(|count| *count += 1);
    }
    let own = |name: &str, bearers: &[JobIndex]| others.get(&key_hash(name)) == Some(&bearers.len());
    by_name.iter().filter(|(name, bearers)| own(name, bearers)).map(|(name, _)| *name).collect()
}
