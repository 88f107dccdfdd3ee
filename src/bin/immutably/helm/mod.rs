//! `immutably helm`: calls Helm with this program as its post-renderer.
//!
//! Helm gets its own arguments unchanged. This module determines what a post-renderer needs and Helm does not pass on:
//! the release, its namespace and its cluster.

mod call;
mod flags;
mod hooks;
mod plan;
pub(crate) mod program;
mod relay;
mod release;
mod renderer;
mod signals;
mod words;

use crate::args::{self, ForPlan, Helm};
use call::{Call, Problem, not_started};
use release::Verb;

/// Runs the command; returns the exit status.
pub(crate) fn run(words: &[String]) -> u8 {
    let (first, rest) = words.split_first().map_or(("", words), |(first, rest)| (first.as_str(), rest));
    let (helms, filters) = match rest.iter().position(|word| word == "--") {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &[][..]),
    };
    match first {
        "install" => deploy(Verb::Install, helms, filters),
        "upgrade" => deploy(Verb::Upgrade, helms, filters),
        "template" => deploy(Verb::Template, helms, filters),
        "plan" | "diff" => planned(helms, filters),
        _ => args::wrong_for_helm(&format!(
            "`{first}` is not a command that renders a chart: expected upgrade, install, template, plan or diff; everything else works without the filter: call `helm {first}`"
        )),
    }
}

fn deploy(verb: Verb, helms: &[String], filters: &[String]) -> u8 {
    let mut call = match Call::read(verb, helms, filters) {
        Ok(call) => call,
        Err(problem) => return problem.report(),
    };
    let filter = match Helm::filter(&call.filters) {
        Ok(filter) => filter,
        Err(status) => return status,
    };
    if let Err(problem) = call.agrees(&filter) {
        return problem.report();
    }
    call.filters.extend(hooks::originals(&call));
    let started = call.prepare(&filter).and_then(|(renderer, mut command)| {
        relay::run(&mut command, &renderer.findings()).map_err(|error| not_started(&error))
    });
    started.map_or_else(|problem| Problem::Outside(problem).report(), relay::code)
}

fn planned(helms: &[String], filters: &[String]) -> u8 {
    let mut call = match Call::read(Verb::Upgrade, helms, filters) {
        Ok(call) => call,
        Err(problem) => return problem.report(),
    };
    if call.words.is_on("hide-secret") {
        let problem = "`--hide-secret` cannot be given to plan: without the Secrets, it would show them as deleted; it never shows their values";
        return Problem::Words(problem.to_owned()).report();
    }
    // Rejects wrong words before Helm renders the chart.
    let wanted = match ForPlan::parse_words(&call.filters) {
        Ok(wanted) => wanted,
        Err(status) => return status,
    };
    if let Err(problem) = call.agrees(&wanted.filter) {
        return problem.report();
    }
    call.filters.extend(hooks::originals(&call));
    let wanted = match ForPlan::parse_words(&call.filters) {
        Ok(wanted) => wanted,
        Err(status) => return status,
    };
    call.filters = ForPlan::for_filter(&call.filters);
    plan::run(&call, &wanted).unwrap_or_else(|problem| Problem::Outside(problem).report())
}
