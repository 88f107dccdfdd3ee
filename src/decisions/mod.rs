//! What happens to each ConfigMap, Secret, Job and bare Pod, and why.
//!
//! Must not edit.

pub mod policy;
pub mod decide;
pub mod mentioned;
pub mod patterns;
pub mod lifetimes;
pub mod jobs;
mod hook_jobs;

use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::links::Links;
use crate::links::resolve::{Index, Link};
use crate::options::Options;
use crate::rules::Rules;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::ReferenceIndex;
use crate::yaml::split::Stream;
use jobs::{Claims, JobDecisions};
use policy::Decision;

/// What happens to every object that can get a suffix.
#[derive(Debug)]
pub struct Decisions {
    /// The decision for each ConfigMap and Secret.
    pub of_targets: Arena<TargetIndex, Decision>,
    /// The decisions for Jobs and bare Pods.
    pub jobs: JobDecisions,
    /// What Jobs that keep their names ask of the objects that they use.
    pub claims: Claims,
    /// The reasons, where a person has to know them.
    pub findings: Vec<Diagnostic>,
}

impl Decisions {
    /// What a reference points at, unless it goes on to use the original of an object.
    pub fn link<'l>(&self, reference: ReferenceIndex, links: &'l Links) -> &'l Link {
        self.claims.link(reference, &links.of_references)
    }
}

/// Decides for every object, and chooses the names of Jobs.
pub fn decide(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &Links,
    rules: &Rules,
    options: &Options,
) -> Decisions {
    let input = jobs::Input { stream, inventory, links, rules, options };
    let mut survey = jobs::survey(input);
    let mut findings = std::mem::take(&mut survey.findings);
    let claims = survey.claims(input, index);
    let usage = claims.usage(&links.usage);
    let (of_targets, reasons) = decide::decide(inventory, index, &usage, options);
    findings.extend(reasons);
    findings.extend(mentioned::report(inventory, &links.mentions, &of_targets));
    findings.extend(lifetimes::report(inventory, &links.of_references, &usage, &of_targets));
    findings.extend(patterns::unmatched(inventory, options));
    let mut jobs = survey.decide(input, &claims, &of_targets);
    findings.append(&mut jobs.findings);
    let mut decisions = Decisions { of_targets, jobs, claims, findings };
    if !options.by_helm {
        let notes = hook_jobs::report(inventory, links, &decisions);
        decisions.findings.extend(notes);
    }
    decisions
}
