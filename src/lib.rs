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
//! The library never prints, exits or reads the environment. The modules below are in the order of the data, and each
//! imports only modules above it.

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

use decisions::Decisions;
use deployers::Deployer;
use edits::edit::{Cause, Why};
use edits::grants::Carried;
use edits::plan::Plan;
use edits::texts::Input;
use findings::diagnostic::{Diagnostic, Severity};
use generations::{Generation, Generations, Previous};
use kube::job::JobKind;
use links::Links;
use links::resolve::Index;
use options::External;
use output::audit::{Audit, Criteria};
use output::placed::{Placed, Placer};
use output::relations::{Relation, relations};
use output::report::{Finding, Summary};
use rules::Rules;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::mem::take;
use std::sync::OnceLock;
use survey::inventory::Inventory;
use text::source::Span;
use text::splice::Pen;
use yaml::split::{Document, Stream};

/// Reads a stream and plans every edit. Changes and writes nothing.
pub fn rewrite<'s>(source: &'s Source, options: &Options) -> Outcome<'s> {
    rewrite_after(source, &[], options)
}

/// Like [`rewrite`], but also carries forward the versions in `previous` that are missing from the stream.
pub fn rewrite_after<'s>(source: &'s Source, previous: &'s [Previous], options: &Options) -> Outcome<'s> {
    let stream = yaml::split::split_on(source, options.threads);
    let rules = Rules::new(&options.rules);
    let mut inventory = survey::inventory::take(&stream, &rules, options);
    let details = take(&mut inventory.collected.details);
    let index = Index::new(&inventory, &details, options.namespace.as_deref());
    let links = links::link(&stream, &inventory, details, &index, &rules, options);
    let rolls = generations::read(source, previous, options);
    let deployed = rolls.deployed(previous, &rules, options);
    let decisions = decisions::decide(&stream, &inventory, &index, &links, &rules, (options, &deployed));
    drop(index);
    let plan = edits::plan(&stream, &inventory, &links, &decisions, options);
    let new = generations::Stream {
        source,
        documents: &stream.documents,
        inventory: &inventory,
        decisions: &decisions.of_targets,
        plan: &plan,
    };
    let mut unfit = Vec::new();
    let (generations, additions) = generations::carry(new, previous, &rolls, options, &mut unfit);
    let carried: Vec<Carried<'_>> = generations.carried().map(Generation::identity).collect();
    let fallback = options.namespace.as_deref();
    let granted = edits::grants::grants(&stream, &inventory, &links, &decisions, &carried, fallback);
    // At the end of the text, a rule of the last document comes before the documents that follow.
    let plan = plan.with(granted).with(additions);
    let refused_from = if options.strict { Severity::Warning } else { Severity::Error };
    let mut outcome = Outcome {
        stream,
        previous,
        inventory,
        links,
        decisions,
        plan,
        generations,
        diagnostics: Vec::new(),
        refused_from,
        threads: options.threads,
        templates: OnceLock::new(),
    };
    outcome.diagnostics = findings::in_order([
        take(&mut outcome.stream.findings),
        take(&mut outcome.inventory.findings),
        take(&mut outcome.links.findings),
        take(&mut outcome.decisions.findings),
        take(&mut outcome.plan.findings),
        unfit,
    ]);
    outcome
}

/// Checks with the same pipeline whether every ConfigMap and Secret of a stream complies. Changes nothing.
pub fn audit(source: &Source, options: &Options, criteria: &Criteria) -> Audit {
    let options = Options { external: External::List, strict: false, ..options.clone() };
    output::audit::audit(rewrite(source, &options).audited(&options), criteria)
}

/// The planned edits of a stream, and the findings about it.
#[derive(Debug)]
pub struct Outcome<'s> {
    stream: Stream<'s>,
    previous: &'s [Previous],
    inventory: Inventory<'s>,
    links: Links,
    decisions: Decisions,
    plan: Plan,
    generations: Generations,
    diagnostics: Vec<Diagnostic>,
    refused_from: Severity,
    /// The number of threads that make the output.
    threads: usize,
    /// The template of each document that has a finding, by document number; filled at the first use.
    templates: OnceLock<HashMap<u32, &'s str>>,
}

impl<'s> Outcome<'s> {
    /// True if a finding refuses the stream, so that nothing may be written.
    pub fn refused(&self) -> bool {
        self.diagnostics.iter().any(|finding| self.refuses(finding))
    }

    /// Returns the lowest severity that refuses the stream.
    pub fn refused_from(&self) -> Severity {
        self.refused_from
    }

    /// True if this finding alone refuses the stream.
    pub fn refuses(&self, finding: &Diagnostic) -> bool {
        finding.severity >= self.refused_from
    }

    /// Returns the findings, in the order of the source.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns the source that a finding is about: the stream or a previous manifest.
    pub fn source_of(&self, finding: &Diagnostic) -> &Source {
        let previous = finding.previous.and_then(|index| self.previous.get(index as usize));
        previous.map_or(self.stream.source, |previous| &previous.source)
    }

    /// Returns the source that contains an earlier version.
    pub fn previous(&self, generation: &Generation) -> &Source {
        self.previous
            .get(generation.previous as usize)
            .map_or(self.stream.source, |previous| &previous.source)
    }

    /// True for an edit that carries an earlier version forward.
    pub fn is_carried(&self, edit: &edits::edit::Edit) -> bool {
        let Cause::Addition(index) = edit.cause else { return false };
        self.plan.additions.get(index).is_some_and(|addition| addition.why == Why::Carried)
    }

    /// Returns the versions of earlier releases, and whether each is carried forward.
    pub fn generations(&self) -> &Generations {
        &self.generations
    }

    /// Returns the edits in the order of the source, each with its replacement text.
    pub fn edits(&self) -> impl Iterator<Item = (edits::edit::Edit, String)> + '_ {
        self.plan.edits.iter().map(|edit| {
            let mut pen = Pen::new(self.stream.source.text());
            self.plan.write(edit, self.texts(), &mut pen);
            (*edit, pen.read())
        })
    }

    fn texts(&self) -> Input<'_, 's> {
        let Stream { source, documents, .. } = &self.stream;
        Input { source, documents, inventory: &self.inventory }
    }

    /// Writes the output: the source with all edits. Writes nothing if the stream is refused.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn write(&self, out: impl Write) -> io::Result<()> {
        self.write_with(None, out)
    }

    /// Writes the output with one more insertion, such as the results of a KRM function.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn write_with(&self, insertion: Option<(Span, String)>, out: impl Write) -> io::Result<()> {
        if self.refused() {
            return Ok(());
        }
        self.plan.write_all(self.texts(), insertion, self.threads, out)
    }

    /// True if the output differs from the input.
    pub fn changes(&self) -> bool {
        !self.plan.edits.is_empty()
    }

    /// True if the input contains only white space, and nothing is added to it.
    pub fn is_empty(&self) -> bool {
        self.stream.source.text().trim().is_empty() && !self.changes()
    }

    /// Returns the files that the output changes, in the order of the input.
    pub fn changed_files(&self) -> Vec<&str> {
        let files = self.plan.edits.iter().map(|edit| self.stream.source.locate(edit.span.start).file);
        let mut files: Vec<&str> = files.collect();
        files.dedup();
        files
    }

    /// Returns the totals of the report.
    pub fn summary(&self) -> Summary {
        let summary = output::report::summary(&self.decisions.of_targets, &self.plan, &self.diagnostics);
        let carried_forward = self.generations.carried().count();
        let count = |kind| self.decisions.jobs.versioned(&self.inventory, kind);
        let (jobs, pods) = (count(JobKind::Job), count(JobKind::Pod));
        Summary { jobs, pods, carried_forward, refused: self.refused(), ..summary }
    }

    /// Returns the template or file that the finding's document names as its origin.
    pub fn template(&self, finding: &Diagnostic) -> Option<&str> {
        let number = finding.document.filter(|_| finding.previous.is_none())?;
        self.templates.get_or_init(|| self.templates()).get(&number).copied()
    }

    fn templates(&self) -> HashMap<u32, &'s str> {
        let spoken_of = |finding: &Diagnostic| finding.document.filter(|_| finding.previous.is_none());
        let numbers: HashSet<u32> = self.diagnostics.iter().filter_map(spoken_of).collect();
        let documents = self.stream.documents.iter().filter(|document| numbers.contains(&document.number));
        let template = |document: &Document| {
            Some((document.number, kube::origin::template(self.stream.source.slice(document.span))?))
        };
        documents.filter_map(template).collect()
    }

    /// Returns the findings with file, line and column.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        self.diagnostics
            .iter()
            .map(|finding| Finding::new(finding, self.source_of(finding), self.template(finding)))
    }

    /// True if the stream was already filtered: some objects carry their hash and are immutable, and no other object is given one.
    pub fn is_filtered(&self) -> bool {
        self.decisions.are_applied(&self.inventory)
    }

    /// True if the previous manifest shares no object with the stream.
    pub fn is_unrelated(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.code == findings::diagnostic::Code::OtherRelease)
    }

    /// Returns what `deployer` will do with the output, after it deployed the previous manifest. `options` must be
    /// those of this outcome.
    ///
    /// # Errors
    /// The first document that cannot be read.
    pub fn plan(&self, deployer: Deployer, options: &Options) -> Result<output::plan::Plan, Box<Diagnostic>> {
        let mut output = Vec::new();
        // Writing to a vector cannot fail.
        let _ = self.write(&mut output);
        let joined = Source::join([("the output".to_owned(), output)]);
        let new = joined.map_err(|error| Box::new(Diagnostic::from(error)))?;
        let nothing = Source::default();
        let deployed = |previous: &&Previous| previous.outcome == generations::Outcome::Deployed;
        let old = self.previous.iter().find(deployed).map_or(&nothing, |previous| &previous.source);
        let outside = output::plan::outside(&self.relations());
        output::plan::compose((old, &new), outside, deployer, &Rules::new(&options.rules), options)
    }

    /// Returns one entry per finding, with place, object and fingerprint, for the formats of other programs.
    pub fn placed(&self) -> Vec<Placed> {
        let relations = self.relations();
        let mut placer = Placer::new(&self.stream, &self.inventory, &relations);
        let place = |finding: &Diagnostic| match finding.previous {
            Some(_) => output::placed::alone(finding, self.source_of(finding)),
            None => placer.place(finding),
        };
        self.diagnostics.iter().map(place).collect()
    }

    fn relations(&self) -> Vec<Relation<'_>> {
        relations(&self.stream, &self.inventory, &self.links, &self.decisions, &self.diagnostics)
    }

    /// Returns each ConfigMap and Secret, and whether a finding that refuses the stream is about it.
    pub fn judged(&self) -> Vec<output::audit::Judged> {
        let bad: Vec<Diagnostic> =
            self.diagnostics.iter().filter(|finding| self.refuses(finding)).cloned().collect();
        output::audit::judged(self.audited(&Options::default()), &bad)
    }

    fn audited<'a>(&'a self, options: &'a Options) -> output::audit::Input<'a, 's> {
        let Outcome { stream, inventory, links, decisions, diagnostics, .. } = self;
        output::audit::Input { stream, inventory, links, decisions, diagnostics, options }
    }

    /// Returns all edits, objects, references and findings as data.
    pub fn report(&self) -> Report<'_> {
        let Outcome { inventory, links, decisions, plan, .. } = self;
        Report {
            configuration: None,
            summary: self.summary(),
            objects: output::report::entries(inventory, links, &decisions.of_targets, plan),
            references: self.relations(),
            jobs: output::report::jobs(inventory, &decisions.jobs),
            generations: (!self.previous.is_empty()).then(|| output::report::generations(&self.generations)),
            findings: self.findings().collect(),
        }
    }
}
