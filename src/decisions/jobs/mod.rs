//! Jobs and bare Pods that use versioned objects. Their templates are immutable, so they get suffixes too.
//!
//! Before any decision, [`survey()`] finds which of them can take a new name. The others keep their names and claim the
//! objects that they use. After the decisions, [`Survey::decide`] makes the names. For a stream without such Jobs, both
//! return at once.

mod canonical;
mod claims;
mod findings;
mod search;
mod order;
mod places;
mod position;
mod resolve;
mod naming;
mod survey;
mod templates;
mod texts;
mod walk;
mod words;

pub use canonical::canonical_text;
pub use claims::Claims;
pub use naming::{Decision, JobDecisions, Rename, Verdict};
pub use survey::{Input, Survey};

use crate::decisions::policy;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::MODE;
use crate::kube::arena::Arena;
use crate::kube::job::{Job, JobIndex, Mode};
use crate::kube::object::ObjectIndex;
use crate::kube::suffix::{LENGTH, looks_like_suffix};
use crate::links::resolve::{Index, Link};
use crate::options::{self, Options};
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::ReferenceIndex;
use crate::text::source::Span;
use crate::yaml::shared::{self, Wish};
use std::collections::HashMap;
use survey::{JobUse, Kept, claim, is_versioned, too_long};

/// The new name of the Job with this index, as a wish for a place.
#[derive(Clone, Copy, Debug)]
struct JobName(JobIndex);

impl Wish for JobName {
    type Key = JobIndex;

    fn key(self) -> JobIndex {
        self.0
    }
}

/// Surveys all Jobs. Returns at once if none uses a target that may be versioned.
pub fn survey(input: Input<'_, '_>) -> Survey {
    let Input { inventory, options, .. } = input;
    let findings: Vec<Diagnostic> = inventory.jobs.iter().filter_map(unknown_mode).collect();
    let uses = uses(inventory, &input.links.of_references);
    let in_use = in_use(input, &uses);
    if !in_use.contains(&true) {
        return Survey { findings, ..Survey::default() };
    }
    let mut survey = Survey { uses, in_use, findings, ..Survey::default() };
    survey.kept = inventory.jobs.iter().map(|job| told(job, options)).collect();
    let wanted = |job: JobIndex| is_versioned(&inventory.jobs[job], options);
    if survey.in_use.indexed().any(|(job, used)| *used && wanted(job)) {
        let jobs = resolve::Jobs::new(inventory, options.namespace.as_deref(), wanted);
        survey.named = search::find(input, &jobs);
        survey.findings.append(&mut survey.named.findings);
        survey.keep_early(input);
        survey.keep_names(inventory, &jobs, options);
    }
    survey
}

/// Returns for each Job whether it uses a target that is likely to be versioned.
fn in_use(input: Input<'_, '_>, uses: &[JobUse]) -> Arena<JobIndex, bool> {
    let Input { inventory, links, .. } = input;
    let versioned = |target: &TargetIndex| {
        let usage = links.usage[*target];
        let decision = policy::decide(&inventory.targets[*target], usage, None, inventory, input.options);
        !matches!(decision, policy::Decision::Leave(_))
    };
    let mut found = inventory.jobs.iter().map(|_| false).collect::<Arena<JobIndex, bool>>();
    for used in uses {
        found[used.job] |= links.of_references[used.reference].targets().iter().any(versioned);
    }
    found
}

fn told(job: &Job<'_>, options: &Options) -> Option<Kept> {
    if job.mode == Mode::Version {
        return None;
    }
    let named = &options.named_in_hooks;
    let in_hook = !named.is_empty() && named.contains(&format!("{}/{}", job.kind.as_str(), job.id.name));
    match options.jobs {
        options::Jobs::Original => Some(Kept::ByOptions),
        _ => in_hook.then_some(Kept::Hook),
    }
}

/// Returns the references in the templates of Jobs: a new name in such a reference changes the template.
fn uses(inventory: &Inventory<'_>, links: &Arena<ReferenceIndex, Link>) -> Vec<JobUse> {
    let jobs: HashMap<ObjectIndex, JobIndex> =
        inventory.jobs.indexed().filter_map(|(number, job)| Some((job.object?, number))).collect();
    if jobs.is_empty() {
        return Vec::new();
    }
    let indexed = inventory.collected.references.indexed().zip(links);
    let linked = indexed.filter(|(_, link)| link.follows());
    let of_jobs = linked.filter_map(|((reference, found), _)| {
        let job = *jobs.get(&found.object)?;
        // Text reached through an alias is part of the template, although its span is elsewhere.
        let template = inventory.jobs[job].template;
        let within = found.site.via.is_some() || template.contains(found.site.span);
        within.then_some(JobUse { job, reference })
    });
    of_jobs.collect()
}

impl Survey {
    /// Claims the objects that Jobs with unchanged names use. If an object is also kept under its original name, the
    /// Job continues to use the original.
    pub fn claims(&self, input: Input<'_, '_>, index: &Index<'_>) -> Claims {
        let Input { inventory, links, .. } = input;
        let mut claims = Claims::default();
        for used in &self.uses {
            let job = used.job;
            if !self.in_use[job] || !self.kept.get(job).is_some_and(Option::is_some) {
                continue;
            }
            let reason = claim(inventory.jobs[job].kind);
            let link = &links.of_references[used.reference];
            // An original that stays for one release only is of no use to the Job.
            let has_original = |target: &TargetIndex| {
                let usage = claims.added_to(*target, links.usage[*target]);
                let target = &inventory.targets[*target];
                let decision = policy::decide(target, usage, None, inventory, input.options);
                decision.original().is_some()
            };
            if link.targets().iter().all(has_original) {
                claims.to_originals.insert(used.reference);
                continue;
            }
            for target in link.targets() {
                for twin in twins(inventory, index, *target) {
                    claims.kept.entry(twin).or_insert(reason);
                }
            }
        }
        claims
    }

    /// Records why Jobs keep their names.
    fn keep_names(&mut self, inventory: &Inventory<'_>, jobs: &resolve::Jobs<'_>, options: &Options) {
        let numbered = self.kept.iter_mut().zip(&inventory.jobs);
        for (kept, job) in numbered.filter(|(_, job)| is_versioned(job, options)) {
            let unfit = || unfit(job).map(|(problem, help)| Kept::Unfit(problem, help));
            *kept = kept.take().or_else(unfit);
        }
        for group in jobs.repeated() {
            for (at, job) in group.iter().enumerate() {
                let other = group[usize::from(at == 0)];
                self.keep(*job, Kept::Twice(inventory.jobs[other].name.span));
            }
        }
        let (_, circle) = order::order(inventory.jobs.len(), &self.edges());
        circle.into_iter().for_each(|job| self.keep(job, Kept::Circle));
        self.keep_shared(inventory, options);
        self.keep_mentioned(inventory);
        self.keep_named_in_templates(inventory);
    }

    /// Keeps the names of Jobs whose name is in an anchored text that an alias uses in a place that needs another text.
    fn keep_shared(&mut self, inventory: &Inventory<'_>, options: &Options) {
        if inventory.aliased.is_empty() {
            return;
        }
        let named = self.named.places.iter().map(|place| (place.job, place.site));
        let own = inventory.jobs.indexed().filter(|(_, job)| is_versioned(job, options));
        let own = own.map(|(number, job)| (number, job.name));
        let mut uses: Vec<shared::Use<JobName>> =
            named.chain(own).map(|(job, site)| shared::Use { site, wish: Some(JobName(job)) }).collect();
        uses.sort_by_key(|place| place.site.span);
        for shared in &inventory.aliased {
            let first = uses.partition_point(|place| place.site.span.start < shared.span.start);
            let behind = uses.partition_point(|place| place.site.span.start < shared.span.end);
            for (edit, alias) in shared::conflicts(&shared.anchored, &uses[first..behind]) {
                if let Some(JobName(job)) = edit.wish {
                    self.keep(job, Kept::Shared(alias));
                }
            }
        }
    }

    /// Keeps the names of Jobs to which something refers that runs before they are created.
    fn keep_early(&mut self, input: Input<'_, '_>) {
        for (number, place) in std::mem::take(&mut self.named.early) {
            let job = &input.inventory.jobs[number];
            if job.mode != Mode::Version {
                let home = job.id.namespace.as_deref().or(input.options.namespace.as_deref());
                let there = input.deployed.job(job.kind, &job.id.name, home);
                self.keep(number, Kept::Early(place, there.map(str::to_owned)));
            }
        }
    }

    fn keep_mentioned(&mut self, inventory: &Inventory<'_>) {
        let mut mentions: HashMap<JobIndex, (Span, usize)> = HashMap::new();
        for (job, place) in &self.named.mentions {
            mentions.entry(*job).or_insert((*place, 0)).1 += 1;
        }
        for (job, (place, count)) in mentions {
            if inventory.jobs[job].mode != Mode::Version {
                self.keep(job, Kept::Mentioned(place, count));
            }
        }
    }

    /// Keeps the names of Jobs that are named in the template of another Job that keeps its name: that template cannot
    /// change.
    fn keep_named_in_templates(&mut self, inventory: &Inventory<'_>) {
        let mut by_dependent: HashMap<JobIndex, Vec<(JobIndex, Span)>> = HashMap::new();
        for place in &self.named.places {
            let dependent = place.within.filter(|dependent| *dependent != place.job);
            if let Some(dependent) = dependent {
                by_dependent.entry(dependent).or_default().push((place.job, place.site.span));
            }
        }
        let kept = self.kept.indexed().filter(|(_, kept)| kept.is_some()).map(|(job, _)| job);
        let mut open: Vec<JobIndex> = kept.collect();
        while let Some(dependent) = open.pop() {
            for (job, place) in by_dependent.remove(&dependent).unwrap_or_default() {
                let free = self.kept[job].is_none();
                if free && inventory.jobs[job].mode != Mode::Version {
                    self.keep(job, Kept::InTemplate(place, dependent));
                    open.push(job);
                }
            }
        }
    }
}

/// Returns the target and its copies. Hooks and other objects do not count as copies of each other.
fn twins(inventory: &Inventory<'_>, index: &Index<'_>, target: TargetIndex) -> Vec<TargetIndex> {
    let hook = |index: TargetIndex| inventory.object(&inventory.targets[index]).hook;
    let mut twins = index.twins_of(inventory, target);
    twins.retain(|twin| hook(*twin) == hook(target));
    twins
}

/// Returns why the name cannot get a suffix, and the cure.
fn unfit(job: &Job<'_>) -> Option<(String, String)> {
    let name = job.id.name.as_ref();
    // A suffix that is already in the name may be that of this program.
    let base =
        name.rsplit_once('-').filter(|(_, tail)| looks_like_suffix(tail)).map_or(name, |(base, _)| base);
    if let Err((_, problem, help)) = crate::kube::names::check(base) {
        return Some((problem, help));
    }
    too_long(job.kind, base.len() + 1 + LENGTH).or_else(|| names_hosts(job))
}

/// Other pods may look for host names that contain the name.
fn names_hosts(job: &Job<'_>) -> Option<(String, String)> {
    let kind = job.kind.as_str();
    let problem =
        format!("it has a `subdomain`, so the host names of its pods contain the name of the {kind}");
    let help = format!(
        "if nothing looks for these host names, annotate the {kind} with `{MODE}: version`; otherwise annotate the objects the {kind} uses with `{MODE}: leave`"
    );
    (job.names_hosts && job.mode != Mode::Version).then_some((problem, help))
}

fn unknown_mode(job: &Job<'_>) -> Option<Diagnostic> {
    let Mode::Unknown(span) = job.mode else { return None };
    let message = format!("{}: the annotation `{MODE}` has an unknown value", job.id);
    let finding = Diagnostic::new(Code::InvalidMode, message).in_document(job.document);
    let finding = finding.at(span, "expected `version` or `leave`");
    Some(finding.help("use `version` to rename the object in any case, or `leave` to keep its name"))
}
