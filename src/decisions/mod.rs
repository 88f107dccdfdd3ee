//! What happens to each ConfigMap, Secret, Job and bare Pod, and why.
//!
//! Must not edit.

pub mod policy;
pub mod deployed;
pub mod early;
pub mod decide;
pub mod mentioned;
pub mod patterns;
pub mod lifetimes;
pub mod keys;
pub mod jobs;
mod hook_jobs;
mod value;

pub use value::Decisions;

use crate::links::Links;
use crate::links::resolve::Index;
use crate::options::Options;
use crate::rules::Rules;
use crate::survey::inventory::Inventory;
use crate::yaml::split::Stream;
use deployed::Deployed;

/// Makes the decision for every object, and chooses the names of Jobs.
pub fn decide(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &Links,
    rules: &Rules,
    (options, deployed): (&Options, &Deployed<'_>),
) -> Decisions {
    let input = jobs::Input { stream, inventory, links, rules, options, deployed };
    let mut survey = jobs::survey(input);
    let mut findings = std::mem::take(&mut survey.findings);
    let claims = survey.claims(input, index);
    let usage = claims.usage(&links.usage);
    let (of_targets, reasons) = decide::decide(inventory, index, &usage, (options, deployed));
    findings.extend(reasons);
    findings.extend(mentioned::report(inventory, &links.mentions, &of_targets));
    let early =
        early::Early { inventory, links: &links.of_references, decisions: &of_targets, deployed, options };
    let (earlier, starving) = early.choose();
    findings.extend(starving);
    findings.extend(early.unseen_hooks(stream.source));
    findings.extend(lifetimes::report(inventory, &links.of_references, &usage, (&of_targets, &earlier)));
    findings.extend(keys::findings(inventory, &of_targets, options));
    findings.extend(patterns::unmatched(inventory, options));
    let mut jobs = survey.decide(input, &claims, &of_targets);
    findings.append(&mut jobs.findings);
    let mut decisions = Decisions { of_targets, jobs, claims, earlier, findings };
    if !options.by_helm {
        let notes = hook_jobs::report(inventory, links, &decisions);
        decisions.findings.extend(notes);
    }
    decisions
}
