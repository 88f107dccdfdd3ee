//! The fuzz targets: each accepts any bytes and panics if a promise of docs/design.md is broken.
//!
//! `cargo fuzz` runs them through `fuzz_targets/`; `cargo test --test fuzz_targets` runs them on the seeds and the
//! fixtures. An input is a line of characters that select the options, and streams with a line `=====` between them.

#![allow(clippy::expect_used, clippy::panic)] // a target panics at a broken promise
#![allow(dead_code)] // each binary runs one of them

mod input;
mod promises;
mod reading;
mod suffix;
mod witness;

use immutably::deployers::Deployer;
use immutably::findings::diagnostic::Severity;
use immutably::garbage::{self, Criteria as Garbage};
use immutably::generations::Previous;
use immutably::options::settings;
use immutably::output::audit::{Criteria, Profile};
use immutably::output::formats::{github, junit, sarif};
use immutably::output::graph::{build, dot, html, json, mermaid, text};
use immutably::output::krm::Envelope;
use immutably::output::plan as views;
use immutably::rules::read_file;
use immutably::{Options, Outcome, Source, rewrite, rewrite_after};
use input::Input;

/// The name of a target and its function.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: [Target; 8] = [
    ("filter", filter),
    ("previous", previous),
    ("rules", rules),
    ("krm", krm),
    ("gc", gc),
    ("plan", plan),
    ("audit", audit),
    ("reader", reader),
];

/// Runs the filter with any options.
pub(crate) fn filter(data: &[u8]) {
    let Some(input) = Input::read(data) else { return };
    let outcome = rewrite(&input.streams[0], &input.options);
    promises::of_a_run(&outcome, &input);
    let graph = build::graph(&outcome.report(), input.options.namespace.as_deref());
    let mut out = Vec::new();
    text::write(&graph, &mut out).expect("a vector");
    dot::write(&graph, &mut out).expect("a vector");
    html::write(&graph, &mut out).expect("a vector");
    json::write(&graph, &mut out).expect("a vector");
    mermaid::draw(&graph);
}

/// Runs the filter after an earlier release.
pub(crate) fn previous(data: &[u8]) {
    let Some(input) = Input::read(data) else { return };
    let earlier = earlier(&input);
    promises::of_a_run(&rewrite_after(&input.streams[0], &earlier, &input.options), &input);
}

/// Reads a rules file, and runs the filter with its rules.
pub(crate) fn rules(data: &[u8]) {
    let Some(mut input) = Input::read(data) else { return };
    for stream in &input.streams {
        let _ = settings::Configuration::read(stream);
    }
    let Ok(rules) = read_file(&input.streams[0]) else { return };
    if input.streams.len() < 2 {
        return;
    }
    let with =
        Input { options: Options { rules, ..input.options }, streams: vec![input.streams.swap_remove(1)] };
    promises::of_a_run(&rewrite(&with.streams[0], &with.options), &with);
}

/// Runs a KRM function: reads its configuration, and adds its results.
pub(crate) fn krm(data: &[u8]) {
    let Some(input) = Input::read(data) else { return };
    let source = &input.streams[0];
    let Ok(Some(envelope)) = Envelope::of(source) else { return };
    let mut options = input.options.clone();
    if let Some(config) = &envelope.function_config
        && let Ok(settings) = settings::read(&config.text)
    {
        settings.apply(&mut options);
    }
    let outcome = rewrite(source, &options);
    let results = envelope.results(&outcome.findings().collect::<Vec<_>>());
    let mut out = Vec::new();
    outcome.write_with(results, &mut out).expect("a vector");
    if !outcome.refused() {
        let again = Source::new("again", String::from_utf8(out).expect("UTF-8")).expect("small");
        assert!(matches!(Envelope::of(&again), Ok(Some(_))), "the output is no ResourceList");
    }
}

/// Finds the versions in an export that nothing uses.
pub(crate) fn gc(data: &[u8]) {
    let Some(input) = Input::read(data) else { return };
    let source = &input.streams[0];
    let criteria = Garbage { keep: 0, older_than: 0, now: 2_000_000_000, allow_no_pods: true };
    let sorted = garbage::sort(source, &input.options, &criteria);
    let mut out = Vec::new();
    sorted.write(&mut out).expect("a vector");
    assert!(!sorted.refused() || out.is_empty(), "an export that is refused deletes something");
    promises::of_a_deletion(&String::from_utf8(out).expect("text"), source);
}

/// Plans a deployment for several deployers.
pub(crate) fn plan(data: &[u8]) {
    let Some(input) = Input::read(data) else { return };
    let earlier = earlier(&input);
    let outcome = rewrite_after(&input.streams[0], &earlier, &input.options);
    if outcome.refused() {
        return;
    }
    for deployer in [Deployer::Helm3, Deployer::Helm4, Deployer::ArgoCd, Deployer::Flux] {
        let Ok(plan) = outcome.plan(deployer, &input.options) else { continue };
        views::text(&plan, true);
        views::markdown(&plan, 2000);
        serde_json::to_string(&plan).expect("it is JSON");
    }
}

/// Runs the audit in every profile and format.
pub(crate) fn audit(data: &[u8]) {
    let Some(input) = Input::read(data) else { return };
    for profile in [Profile::Stream, Profile::Filtered, Profile::Live] {
        let criteria = Criteria { profile: Some(profile), closed: true, ..Criteria::default() };
        let audit = immutably::audit(&input.streams[0], &input.options, &criteria);
        let mut out = Vec::new();
        junit::write(&audit.findings, &audit.waived, &audit.objects, Severity::Note, &mut out)
            .expect("a vector");
        github::write(&audit.findings, &mut out).expect("a vector");
        sarif::log(&audit.findings, "x");
        assert!(std::str::from_utf8(&out).is_ok());
    }
}

/// Compares the fast reader with the complete grammar, and with the witness.
pub(crate) fn reader(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    reading::is_one(text);
    reading::is_the_witness(text);
}

fn earlier(input: &Input) -> Vec<Previous> {
    let filtered = |source: &Source| {
        let outcome: Outcome<'_> = rewrite(source, &input.options);
        let mut out = Vec::new();
        outcome.write(&mut out).expect("a vector");
        let text =
            if outcome.refused() { source.text().to_owned() } else { String::from_utf8(out).expect("UTF-8") };
        Source::new("earlier", text).expect("it is small")
    };
    input.streams.iter().skip(1).map(|source| filtered(source).into()).collect()
}
