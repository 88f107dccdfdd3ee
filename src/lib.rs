//! Rendered Kubernetes manifests in, the same bytes out, except that every ConfigMap and Secret carries the hash of its
//! content in its name, is immutable, and everything that refers to it uses the new name.
//!
//! ```
//! use immutably::{Options, Source, rewrite};
//!
//! let input = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: b\n";
//! let source = Source::new("web.yaml", input)?;
//! let outcome = rewrite(&source, &Options::default());
//! let mut output = Vec::new();
//! outcome.write(&mut output)?;
//! assert!(String::from_utf8(output)?.contains("kind: ConfigMap\nimmutable: true\nmetadata:\n  name: web-4h2mbtbbt6\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The library never prints, exits or reads the environment. Its modules stand in the order of the pipeline, and each
//! imports only what stands above it.

pub mod text;
pub mod findings;
pub mod yaml;
pub mod kube;
pub mod rules;
pub mod options;
pub mod survey;
pub mod links;
pub mod decisions;
pub mod edits;
pub mod generations;
pub mod deployers;
pub mod output;
pub mod garbage;

pub use options::Options;
pub use output::report::Report;
pub use text::source::Source;

use decisions::jobs::Settled;
use decisions::policy::Decision;
use edits::edit::{Cause, Why};
use edits::plan::Plan;
use findings::diagnostic::{Diagnostic, Severity};
use generations::{Generation, Generations, Previous, Stream};
use kube::arena::Arena;
use kube::job::JobKind;
use links::resolve::Index;
use output::report::{Finding, Summary};
use rules::Rules;
use std::io::{self, Write};
use survey::inventory::{Inventory, TargetIndex};
use text::source::Span;

/// Reads a stream and plans every edit. Nothing is changed and nothing is written yet.
pub fn rewrite<'s>(source: &'s Source, options: &Options) -> Outcome<'s> {
    rewrite_after(source, &[], options)
}

/// Like [`rewrite`], with what was deployed before: its versions that the stream does not hold any more are carried
/// forward.
pub fn rewrite_after<'s>(source: &'s Source, previous: &'s [Previous], options: &Options) -> Outcome<'s> {
    let mut diagnostics = Vec::new();
    let documents = yaml::split::split(source, &mut diagnostics);
    let rules = Rules::new(&options.rules);
    let mut inventory = survey::inventory::take(source, &documents, &rules, options);
    diagnostics.append(&mut inventory.diagnostics);
    let index = Index::new(&inventory, options.namespace.as_deref());
    let mut links = links::resolve::resolve(&inventory, &index, options);
    let mut usage = links::usage::usage(&inventory, &index, &links, options.namespace.as_deref());
    let mentions = links::mentions::mentions(source, &documents, &inventory, &usage, &rules);
    mentions.iter().for_each(|mention| usage[mention.target].mentioned = true);
    links::near_misses::find(&inventory, &index, &links, &mut usage, options, &mut diagnostics);
    let jobs_stream = decisions::jobs::Stream {
        source,
        documents: &documents,
        inventory: &inventory,
        rules: &rules,
        options,
    };
    let survey = decisions::jobs::survey(jobs_stream, &links, &usage, &mut diagnostics);
    survey.claim(&inventory, &index, &mut links, &mut usage, options);
    let decisions = decisions::decide::decide(&inventory, &index, &usage, options, &mut diagnostics);
    decisions::mentioned::report(&inventory, &mentions, &decisions, &mut diagnostics);
    diagnostics.extend(decisions::patterns::unmatched(&inventory, options));
    drop(index);
    let decided = (&decisions, &links);
    let mut additions =
        edits::stamps::stamps(source, &documents, &inventory, decided, options, &mut diagnostics);
    additions.extend(edits::originals::originals(
        source,
        &documents,
        &inventory,
        &decisions,
        &mut diagnostics,
    ));
    additions.extend(edits::helm_text::helm_text(
        source,
        &documents,
        &inventory,
        &decisions,
        &mut diagnostics,
    ));
    let jobs = survey.settle(jobs_stream, &links, &decisions, &mut diagnostics);
    additions.extend(edits::job_names::job_names(&jobs));
    let mut plan = edits::plan::plan(&inventory, &decisions, &links, additions, source, &mut diagnostics);
    let stream = Stream { source, documents: &documents, inventory: &inventory, decisions: &decisions };
    let (generations, additions) = generations::carry(stream, previous, options, &mut diagnostics);
    plan.append(additions);
    let place = |finding: &Diagnostic| finding.labels.first().map(|label| label.span.start);
    diagnostics.sort_by_key(|finding| (finding.previous, place(finding)));
    let worst = if options.strict { Severity::Warning } else { Severity::Error };
    Outcome {
        source,
        previous,
        inventory,
        decisions,
        jobs,
        plan,
        generations,
        diagnostics,
        refused_from: worst,
    }
}

/// What is to be done with a stream, and what was found in it.
#[derive(Debug)]
pub struct Outcome<'s> {
    source: &'s Source,
    previous: &'s [Previous],
    inventory: Inventory<'s>,
    decisions: Arena<TargetIndex, Decision>,
    jobs: Settled,
    plan: Plan,
    generations: Generations,
    diagnostics: Vec<Diagnostic>,
    refused_from: Severity,
}

impl Outcome<'_> {
    /// True when a finding is so bad that nothing may be written.
    pub fn refused(&self) -> bool {
        self.diagnostics.iter().any(|finding| self.refuses(finding))
    }

    /// True when this finding alone would refuse the stream.
    pub fn refuses(&self, finding: &Diagnostic) -> bool {
        finding.severity >= self.refused_from
    }

    /// The findings, in the order of the source.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The source that a finding is about: the stream, or what was deployed before.
    pub fn source_of(&self, finding: &Diagnostic) -> &Source {
        let previous = finding.previous.and_then(|index| self.previous.get(index as usize));
        previous.map_or(self.source, |previous| &previous.source)
    }

    /// The source that holds an earlier version.
    pub fn previous(&self, generation: &Generation) -> &Source {
        self.previous.get(generation.previous as usize).map_or(self.source, |previous| &previous.source)
    }

    /// True for an edit that carries an earlier version forward.
    pub fn is_carried(&self, edit: &edits::edit::Edit) -> bool {
        let Cause::Addition(index) = edit.cause else { return false };
        self.plan.additions.get(index).is_some_and(|addition| addition.why == Why::Carried)
    }

    /// What becomes of the versions of earlier releases.
    pub fn generations(&self) -> &Generations {
        &self.generations
    }

    /// The edits, in the order of the source, each with the text that it puts in place.
    pub fn edits(&self) -> impl Iterator<Item = (edits::edit::Edit, String)> + '_ {
        self.plan.edits.iter().map(|edit| (*edit, self.plan.text(edit, &self.inventory, self.source)))
    }

    /// Writes the output: the source with every edit made. Nothing at all when the stream is refused.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write(&self, out: impl Write) -> io::Result<()> {
        self.write_with(None, out)
    }

    /// Writes the output with one more insertion, such as the results of a KRM function.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_with(&self, insertion: Option<(Span, String)>, out: impl Write) -> io::Result<()> {
        if self.refused() {
            return Ok(());
        }
        let at = insertion.as_ref().map_or(u32::MAX, |(span, _)| span.start);
        let edits = |before: bool| {
            let replacements = self.edits().map(|(edit, text)| (edit.span, text));
            replacements.filter(move |(span, _)| (span.start <= at) == before)
        };
        text::splice::splice(self.source.text(), edits(true).chain(insertion).chain(edits(false)), out)
    }

    /// True when the output differs from the input.
    pub fn changes(&self) -> bool {
        !self.plan.edits.is_empty()
    }

    /// The sums.
    pub fn summary(&self) -> Summary {
        let summary = output::report::summary(&self.decisions, &self.plan, &self.diagnostics);
        let carried_forward = self.generations.carried().count();
        let count = |kind| self.jobs.versioned(&self.inventory, kind);
        let (jobs, pods) = (count(JobKind::Job), count(JobKind::Pod));
        Summary { jobs, pods, carried_forward, refused: self.refused(), ..summary }
    }

    /// The findings with their places looked up.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        self.diagnostics.iter().map(|finding| Finding::new(finding, self.source_of(finding)))
    }

    /// Everything that happened, as data.
    pub fn report(&self) -> Report<'_> {
        Report {
            summary: self.summary(),
            objects: output::report::entries(&self.inventory, &self.decisions, &self.plan),
            jobs: output::report::jobs(&self.inventory, &self.jobs),
            generations: (!self.previous.is_empty()).then(|| output::report::generations(&self.generations)),
            findings: self.findings().collect(),
        }
    }
}
