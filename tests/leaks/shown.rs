//! Everything that a run shows: messages, excerpts, reports, diffs, plans, graphs, audits, and the text that edits add
//! to the output.

use immutably::deployers::Deployer;
use immutably::edits::edit::Cause;
use immutably::findings::diagnostic::{Diagnostic, Severity};
use immutably::garbage::{self, Criteria as Garbage};
use immutably::generations::Previous;
use immutably::options::Known;
use immutably::options::settings;
use immutably::output::audit::{Criteria, Profile};
use immutably::output::excerpt::{excerpt, masked};
use immutably::output::explain;
use immutably::output::formats::{github, junit, sarif};
use immutably::output::graph::{build, dot, html, json, mermaid, text};
use immutably::output::krm::Envelope;
use immutably::output::plan;
use immutably::rules::{read_annotation, read_file};
use immutably::yaml::split;
use immutably::{Options, Outcome, Source, audit, rewrite_after};

/// The name of an output, and its text.
pub(crate) type Shown = Vec<(&'static str, String)>;

/// Returns what the filter shows, and what `plan`, `graph`, `audit`, `explain` and `gc` show for the same input.
pub(crate) fn everything(source: &Source, previous: &[Previous], options: &Options) -> Shown {
    let outcome = rewrite_after(source, previous, options);
    let mut shown = findings(&outcome);
    shown.push(("report", json_of(&outcome.report())));
    shown.push(("SARIF", sarif::log(&outcome.placed(), "x").to_string()));
    shown.push(("diff", diff(source)));
    shown.extend(envelope(source, &outcome));
    shown.extend(put_in_place(&outcome));
    shown.extend(planned(&outcome, options));
    shown.extend(graphs(&outcome));
    shown.extend(explained(&outcome));
    shown.extend(audited(source, options));
    shown.extend(collected(source, options));
    shown
}

/// Returns what is shown if a user names the file by mistake as another kind of file.
pub(crate) fn as_other_files(source: &Source) -> Shown {
    let mut shown = Shown::new();
    if let Err(finding) = read_file(source) {
        shown.push(("rules", told(source, &finding)));
    }
    if let Err(problem) = read_annotation(source.text()) {
        shown.push(("annotation", problem));
    }
    if let Err(problem) = settings::read(source.text()) {
        shown.push(("configuration", problem));
    }
    if let Err(finding) = settings::Configuration::read(source) {
        shown.push(("configuration file", told(source, &finding)));
    }
    if let Err((_, problem)) = Known::read(source.text()) {
        shown.push(("known", problem));
    }
    shown
}

fn findings(outcome: &Outcome<'_>) -> Shown {
    let told = |finding| ("finding", told(outcome.source_of(finding), finding));
    outcome.diagnostics().iter().map(told).collect()
}

fn told(source: &Source, finding: &Diagnostic) -> String {
    let mut told = format!("{} {:?}", finding.message, finding.help);
    for label in &finding.labels {
        let line = excerpt(source, label.span);
        if let Some(line) = &line {
            assert!(line.text.get(line.place.clone()).is_some(), "{line:?}");
        }
        told += &format!("\n{} {:?}", label.text, line.map(|line| line.text));
    }
    told
}

/// Returns the text that `--diff` compares.
fn diff(source: &Source) -> String {
    split::split(source).documents.iter().map(|document| masked(source.slice(document.span))).collect()
}

fn envelope(source: &Source, outcome: &Outcome<'_>) -> Shown {
    match Envelope::of(source) {
        Ok(Some(envelope)) => {
            let config =
                envelope.function_config.as_ref().and_then(|config| settings::read(&config.text).err());
            let results = envelope.results(&outcome.findings().collect::<Vec<_>>());
            vec![("KRM results", format!("{results:?}")), ("functionConfig", config.unwrap_or_default())]
        }
        Ok(None) => Shown::new(),
        Err(finding) => vec![("KRM", told(source, &finding))],
    }
}

/// Returns the text that edits write, except copies of whole objects, and values that are only written in another
/// style.
fn put_in_place(outcome: &Outcome<'_>) -> Shown {
    if outcome.refused() {
        return Shown::new();
    }
    let own =
        outcome.edits().filter(|(edit, _)| !matches!(edit.cause, Cause::Addition(_) | Cause::OldText(_)));
    own.map(|(_, text)| ("output", text)).collect()
}

fn planned(outcome: &Outcome<'_>, options: &Options) -> Shown {
    if outcome.refused() {
        return Shown::new();
    }
    match outcome.plan(Deployer::Helm4, options) {
        Ok(made) => vec![
            ("plan", plan::text(&made, false)),
            ("plan as Markdown", plan::markdown(&made, 60_000)),
            ("plan as JSON", json_of(&made)),
        ],
        Err(finding) => vec![("plan", finding.message.to_string())],
    }
}

fn graphs(outcome: &Outcome<'_>) -> Shown {
    let graph = build::graph(&outcome.report(), Some("prod"));
    let drawn = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("a graph is text")
    };
    vec![
        ("graph", drawn(&|out| text::write(&graph, out).expect("a vector"))),
        ("graph as DOT", drawn(&|out| dot::write(&graph, out).expect("a vector"))),
        ("graph as JSON", drawn(&|out| json::write(&graph, out).expect("a vector"))),
        ("graph as HTML", drawn(&|out| html::write(&graph, out).expect("a vector"))),
        ("graph as Mermaid", mermaid::draw(&graph).unwrap_or_default()),
    ]
}

fn explained(outcome: &Outcome<'_>) -> Shown {
    let report = outcome.report();
    let one = |entry: &immutably::output::report::Entry<'_>| {
        explain::object(&report, entry.namespace, entry.kind, entry.name)
    };
    report.objects.iter().filter_map(one).map(|text| ("explain", text)).collect()
}

/// Returns the audit in every format. The length of the input selects the profile.
fn audited(source: &Source, options: &Options) -> Shown {
    let profile = [Profile::Stream, Profile::Filtered, Profile::Live][source.text().len() % 3];
    let criteria = Criteria { profile: Some(profile), closed: true, ..Criteria::default() };
    let audit = audit(source, options, &criteria);
    let (mut cases, mut lines) = (Vec::new(), Vec::new());
    junit::write(&audit.findings, &audit.waived, &audit.objects, Severity::Note, &mut cases)
        .expect("a vector");
    github::write(&audit.findings, &mut lines).expect("a vector");
    vec![
        (
            "audit as JSON",
            json_of(&(&audit.findings, &audit.waived, &audit.objects, &audit.sums, &audit.unjudged)),
        ),
        ("audit as SARIF", sarif::log(&audit.findings, "x").to_string()),
        ("audit as JUnit", String::from_utf8(cases).expect("text")),
        ("audit as annotations", String::from_utf8(lines).expect("text")),
    ]
}

fn collected(source: &Source, options: &Options) -> Shown {
    let criteria = Garbage { keep: 0, older_than: 0, now: 2_000_000_000, allow_no_pods: true };
    let sorted = garbage::sort(source, options, &criteria);
    let mut shown: Shown = sorted.diagnostics.iter().map(|finding| ("gc", told(source, finding))).collect();
    let mut out = Vec::new();
    sorted.write(&mut out).expect("a vector");
    shown.push(("gc output", String::from_utf8(out).expect("text")));
    shown.extend(
        sorted.objects.iter().map(|object| ("gc table", format!("{} {}", object.namespace, object.name))),
    );
    shown
}

fn json_of(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("it is JSON")
}
