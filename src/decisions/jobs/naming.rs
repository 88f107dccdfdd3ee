//! Makes the new names of Jobs from their final templates, and finds the places that get these names.

use super::canonical::Canonical;
use super::claims::Claims;
use super::findings::{self, Case, Changed};
use super::order;
use super::survey::{Input, JobUse, Kept, Survey, claim, is_versioned, too_long};
use crate::decisions::policy;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::kube::job::{self, JobIndex, JobKind};
use crate::kube::suffix::{self, Suffix};
use crate::links::resolve::Link;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::ReferenceIndex;
use crate::survey::standing::Reason;
use crate::text::source::Span;
use crate::yaml::Site;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What happens to a Job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It gets this name.
    Version(String),
    /// It already has its own suffix.
    Keep,
    /// It keeps its name, and all objects that it uses keep theirs, for this reason.
    LeaveBoth(String),
    /// It keeps its name although its template changes. The reason is absent if the options ask for this.
    LeaveJob(Option<String>),
}

/// The decision for a Job that uses a versioned object, or whose objects keep their names because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The index of the Job in the inventory.
    pub job: JobIndex,
    /// What happens to it.
    pub decision: Decision,
}

/// A place that gets the new name of a Job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The place.
    pub site: Site,
    /// The name in the input.
    pub old: String,
    /// The name in the output.
    pub new: String,
    /// True for the Job's own `metadata.name`, false for a place that refers to the Job.
    pub own: bool,
}

/// The decisions for all Jobs.
#[derive(Debug, Default)]
pub struct JobDecisions {
    /// One for each Job that is affected, in the order of the stream.
    pub verdicts: Vec<Verdict>,
    /// The places that get new names.
    pub renames: Vec<Rename>,
    /// The findings about Jobs that keep their names.
    pub findings: Vec<Diagnostic>,
}

impl JobDecisions {
    /// Returns how many objects of this kind have a suffix in the output.
    pub fn versioned(&self, inventory: &Inventory<'_>, kind: JobKind) -> usize {
        let versioned = |verdict: &&Verdict| {
            matches!(verdict.decision, Decision::Version(_) | Decision::Keep)
                && inventory.jobs[verdict.job].kind == kind
        };
        self.verdicts.iter().filter(versioned).count()
    }
}

impl Survey {
    /// Makes the names of the Jobs from the decisions for the objects that they use.
    pub fn decide(
        mut self,
        input: Input<'_, '_>,
        claims: &Claims,
        decisions: &Arena<TargetIndex, policy::Decision>,
    ) -> JobDecisions {
        if self.in_use.is_empty() {
            return JobDecisions::default();
        }
        let naming = Naming::new(input, claims, decisions, &self);
        let renaming = naming.renaming();
        let (texts, mut findings) = naming.texts(&renaming);
        let (names, kept) = naming.names(&texts);
        let used = naming.used;
        kept.into_iter().for_each(|(job, kept)| self.keep(job, kept));
        let naming = Naming { input, claims, decisions, survey: &self, used };
        let (verdicts, reasons) = naming.verdicts(&names);
        findings.extend(reasons);
        let renames = naming.renames(&names);
        JobDecisions { verdicts, renames, findings }
    }
}

/// The names in the output of Jobs that have a suffix.
type Names = HashMap<JobIndex, String>;

/// The values that the names are made from.
pub(super) struct Naming<'a, 's> {
    pub(super) input: Input<'a, 's>,
    pub(super) claims: &'a Claims,
    pub(super) decisions: &'a Arena<TargetIndex, policy::Decision>,
    pub(super) survey: &'a Survey,
    /// For each Job, the first reference in its template to a versioned target, and that target.
    pub(super) used: HashMap<JobIndex, (ReferenceIndex, TargetIndex)>,
}

impl<'a, 's> Naming<'a, 's> {
    fn new(
        input: Input<'a, 's>,
        claims: &'a Claims,
        decisions: &'a Arena<TargetIndex, policy::Decision>,
        survey: &'a Survey,
    ) -> Self {
        let mut naming = Naming { input, claims, decisions, survey, used: HashMap::new() };
        for used in &survey.uses {
            if let Some(target) = naming.versioned(used.reference) {
                naming.used.entry(used.job).or_insert((used.reference, target));
            }
        }
        naming
    }

    /// Returns the Jobs that get a suffix: those that use a versioned object, and those whose template names such a
    /// Job.
    fn renaming(&self) -> HashSet<JobIndex> {
        let free = |job: JobIndex| {
            let kept = &self.survey.kept[job];
            kept.is_none() && is_versioned(&self.input.inventory.jobs[job], self.input.options)
        };
        let mut dependents: HashMap<JobIndex, Vec<JobIndex>> = HashMap::new();
        for edge in self.survey.edges() {
            dependents.entry(edge.named).or_default().push(edge.dependent);
        }
        let mut open: Vec<JobIndex> = self.used.keys().copied().filter(|job| free(*job)).collect();
        let mut found: HashSet<JobIndex> = HashSet::new();
        while let Some(job) = open.pop() {
            if found.insert(job) {
                let named_by = dependents.get(&job).into_iter().flatten();
                open.extend(named_by.copied().filter(|dependent| free(*dependent)));
            }
        }
        found
    }

    fn link(&self, reference: ReferenceIndex) -> &Link {
        self.claims.link(reference, &self.input.links.of_references)
    }

    /// Returns the versioned target that a reference points at.
    pub(super) fn versioned(&self, reference: ReferenceIndex) -> Option<TargetIndex> {
        let targets = self.link(reference).targets().iter();
        let left = |target: TargetIndex| matches!(self.decisions[target], policy::Decision::Leave(_));
        targets.copied().find(|target| !left(*target))
    }

    /// Makes the names. A Job comes after the Jobs that its template names. Returns the names, and why the other Jobs
    /// get none.
    fn names(&self, texts: &HashMap<JobIndex, Canonical>) -> (Names, Vec<(JobIndex, Kept)>) {
        let taken = self.taken();
        let (mut names, mut without) = (Names::new(), Vec::new());
        let (sorted, _) = order::order(self.input.inventory.jobs.len(), &self.survey.edges());
        for number in sorted {
            let Some(text) = texts.get(&number) else { continue };
            let names_others = text.names().any(|job| job != number && names.contains_key(&job));
            if !names_others && !self.used.contains_key(&number) {
                continue;
            }
            match self.name(number, text, &names, &taken) {
                Ok(name) => drop(names.insert(number, name)),
                Err(kept) => without.push((number, kept)),
            }
        }
        (names, without)
    }

    /// Returns the name with its suffix; the same name if it already has its suffix.
    fn name(
        &self,
        number: JobIndex,
        text: &Canonical,
        names: &Names,
        taken: &Taken<'_>,
    ) -> Result<String, Kept> {
        let job = &self.input.inventory.jobs[number];
        let name = job.id.name.as_ref();
        let suffix = |own: &str| -> Suffix {
            let named = |other: JobIndex| match names.get(&other) {
                _ if other == number => Cow::Owned(own.to_owned()),
                Some(name) => Cow::Borrowed(name.as_str()),
                None => Cow::Borrowed(self.input.inventory.jobs[other].id.name.as_ref()),
            };
            suffix::of_text(&text.filled(named))
        };
        if let Some((base, tail)) = name.rsplit_once('-')
            && suffix::looks_like_suffix(tail)
            && suffix(base).ends(name)
        {
            return Ok(name.to_owned());
        }
        let new = suffix(name).name(name);
        if let Some((problem, help)) = too_long(job.kind, new.len()) {
            return Err(Kept::Unfit(problem, help));
        }
        match taken.get(&(job.kind, self.home(number), new.as_str())) {
            Some(other) => Err(Kept::Taken(*other, new)),
            None => Ok(new),
        }
    }

    /// Returns the names in the input that look as if they had a suffix.
    fn taken(&self) -> Taken<'_> {
        let jobs = self.input.inventory.jobs.indexed();
        let suffixed = jobs.filter(|(_, job)| {
            job.id.name.rsplit_once('-').is_some_and(|(_, tail)| suffix::looks_like_suffix(tail))
        });
        let place = |(number, job): (JobIndex, &job::Job<'_>)| (job.kind, self.home(number), job.name.span);
        suffixed
            .map(|(number, job)| {
                let (kind, home, span) = place((number, job));
                ((kind, home, job.id.name.as_ref()), span)
            })
            .collect()
    }

    fn home(&self, job: JobIndex) -> Option<&str> {
        self.input.inventory.jobs[job].id.namespace.as_deref().or(self.input.options.namespace.as_deref())
    }

    fn verdicts(&self, names: &Names) -> (Vec<Verdict>, Vec<Diagnostic>) {
        let mut reasons = Vec::new();
        let (claimed, changes) = (self.claimed(), self.changes(names));
        let mut verdict = |job: JobIndex| {
            if let Some(name) = names.get(&job) {
                let same = *name == self.input.inventory.jobs[job].id.name;
                return Some(if same { Decision::Keep } else { Decision::Version(name.clone()) });
            }
            let changed = changes.get(&job);
            if changed.is_none() && !claimed.contains(&job) {
                return None;
            }
            let kept = self.survey.kept[job].as_ref();
            let case =
                Case { inventory: self.input.inventory, job: &self.input.inventory.jobs[job], kept, changed };
            reasons.extend(findings::finding(&case));
            let why = kept.map(|kept| findings::reason(kept, self.input.inventory));
            Some(match (changed, why) {
                (None, Some(why)) => Decision::LeaveBoth(why),
                (_, why) => Decision::LeaveJob(why),
            })
        };
        let verdicts = self.input.inventory.jobs.indices();
        let verdicts = verdicts.filter_map(|job| Some(Verdict { job, decision: verdict(job)? })).collect();
        (verdicts, reasons)
    }

    /// Returns the Jobs that caused an object to keep its name.
    fn claimed(&self) -> HashSet<JobIndex> {
        let for_its_sake = |used: &&JobUse| {
            let reason = claim(self.input.inventory.jobs[used.job].kind);
            let left = policy::Decision::Leave(Reason::Claimed(reason));
            let mut targets = self.link(used.reference).targets().iter();
            self.survey.in_use[used.job] && targets.any(|target| self.decisions[*target] == left)
        };
        self.survey.uses.iter().filter(for_its_sake).map(|used| used.job).collect()
    }

    /// Returns for each Job the first name that changes its template.
    fn changes(&self, names: &Names) -> HashMap<JobIndex, Changed> {
        let mut changes = HashMap::new();
        for (job, (reference, target)) in &self.used {
            let place = self.input.inventory.collected.references.at(*reference).site.span;
            let by = self.input.inventory.object(&self.input.inventory.targets[*target]).id.to_string();
            changes.insert(*job, Changed { place, by });
        }
        for place in self.survey.named.places.iter().filter(|place| names.contains_key(&place.job)) {
            let by = || self.input.inventory.jobs[place.job].id.to_string();
            if let Some(job) = place.within {
                changes.entry(job).or_insert_with(|| Changed { place: place.site.span, by: by() });
            }
        }
        changes
    }

    fn renames(&self, names: &Names) -> Vec<Rename> {
        let rename = |job: JobIndex, site: Site, own: bool| {
            let old = self.input.inventory.jobs[job].id.name.as_ref();
            let new = names.get(&job).filter(|new| *new != old)?;
            Some(Rename { site, old: old.to_owned(), new: new.clone(), own })
        };
        let own = self.input.inventory.jobs.indexed();
        let own = own.filter_map(|(number, job)| rename(number, job.name, true));
        let places = self.survey.named.places.iter();
        own.chain(places.filter_map(|place| rename(place.job, place.site, false))).collect()
    }
}

/// Names in the input, and where they are.
type Taken<'a> = HashMap<(JobKind, Option<&'a str>, &'a str), Span>;
