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

pub mod source;
pub mod diagnostic;
pub mod split;
pub mod yaml;
pub mod object;
pub mod suffix;
pub mod content;
pub mod entry;
pub mod edit;
pub mod annotation;
pub mod immutable;
pub mod metadata;
pub mod renamed;
pub mod rules;
pub mod options;
pub mod settings;
pub mod references;
pub mod policy;
pub mod names;
pub mod inventory;
pub mod resolve;
pub mod usage;
pub mod mentions;
pub mod near_misses;
pub mod decisions;
pub mod reread;
pub mod stamps;
pub mod originals;
pub mod anchors;
pub mod plan;
pub mod splice;
pub mod report;
pub mod krm;
pub mod garbage;
pub mod excerpt;

pub use options::Options;
pub use report::Report;
pub use source::Source;

use diagnostic::{Diagnostic, Severity};
use inventory::Inventory;
use plan::Plan;
use policy::Decision;
use report::{Finding, Summary};
use resolve::Index;
use rules::Rules;
use source::Span;
use std::io::{self, Write};

/// Reads a stream and plans every edit. Nothing is changed and nothing is written yet.
pub fn rewrite<'s>(source: &'s Source, options: &Options) -> Outcome<'s> {
    let mut diagnostics = Vec::new();
    let documents = split::split(source, &mut diagnostics);
    let rules = Rules::new(&options.rules);
    let mut inventory = inventory::take(source, &documents, &rules, options);
    diagnostics.append(&mut inventory.diagnostics);
    let index = Index::new(&inventory);
    let links = resolve::resolve(&inventory, &index, options);
    let mut usage = usage::usage(&inventory, &index, &links, options.namespace.as_deref());
    let mentions = mentions::mentions(source, &documents, &inventory, &usage, &rules);
    mentions.iter().for_each(|mention| usage[mention.target as usize].mentioned = true);
    near_misses::find(&inventory, &index, &links, &mut usage, options, &mut diagnostics);
    let decisions = decisions::decide(&inventory, &index, &usage, options, &mut diagnostics);
    mentions::report(&inventory, &mentions, &decisions, &mut diagnostics);
    drop(index);
    let decided = (&decisions[..], &links[..]);
    let mut additions = stamps::stamps(source, &documents, &inventory, decided, options, &mut diagnostics);
    additions.extend(originals::originals(source, &documents, &inventory, &decisions, &mut diagnostics));
    let plan = plan::plan(&inventory, &decisions, &links, additions, source, &mut diagnostics);
    diagnostics.sort_by_key(|finding| finding.labels.first().map(|label| label.span.start));
    let worst = if options.strict { Severity::Warning } else { Severity::Error };
    Outcome { source, inventory, decisions, plan, diagnostics, refused_from: worst }
}

/// What is to be done with a stream, and what was found in it.
#[derive(Debug)]
pub struct Outcome<'s> {
    source: &'s Source,
    inventory: Inventory<'s>,
    decisions: Vec<Decision>,
    plan: Plan,
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

    /// The edits, in the order of the source, each with the text that it puts in place.
    pub fn edits(&self) -> impl Iterator<Item = (edit::Edit, String)> + '_ {
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
        splice::splice(self.source.text(), edits(true).chain(insertion).chain(edits(false)), out)
    }

    /// True when the output differs from the input.
    pub fn changes(&self) -> bool {
        !self.plan.edits.is_empty()
    }

    /// The sums.
    pub fn summary(&self) -> Summary {
        let summary = report::summary(&self.decisions, &self.plan, &self.diagnostics);
        Summary { refused: self.refused(), ..summary }
    }

    /// Everything that happened, as data.
    pub fn report(&self) -> Report<'_> {
        Report {
            summary: self.summary(),
            objects: report::entries(&self.inventory, &self.decisions, &self.plan),
            findings: self.diagnostics.iter().map(|finding| Finding::new(finding, self.source)).collect(),
        }
    }
}
