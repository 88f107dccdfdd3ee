//! `immutably plan`: shows what a deployment will do.
//!
//! Reads the deployed manifests and the new ones. The library predicts what happens.

use crate::args::{self, Filter, Format, Plan, PlanFormat, Shown};
use crate::status::{failed, refused, written};
use crate::{config, input, keys, output, previous, render, rules, threads};
use immutably::deployers::Deployer;
use immutably::findings::diagnostic::Diagnostic;
use immutably::generations::Previous;
use immutably::options::{Keep, Options};
use immutably::output::plan;
use immutably::{Outcome, Source, rewrite, rewrite_after};
use std::io::{self, IsTerminal};

/// Runs the command; returns the exit status.
pub(crate) fn run(args: &Plan, namespace: Option<String>) -> u8 {
    if args.input.files.is_empty() && io::stdin().is_terminal() {
        return args::nothing_to_read();
    }
    let from_standard_input = |path: &std::path::PathBuf| path.as_os_str() == "-";
    if from_standard_input(&args.previous)
        && (args.input.files.is_empty() || args.input.files.iter().any(from_standard_input))
    {
        return args::standard_input_twice();
    }
    let filter = match args.filter() {
        Ok(filter) => filter,
        Err(status) => return status,
    };
    let config = match config::read(&args.config, &args.input.files, args.input.recursive) {
        Ok(config) => config,
        Err(wrong) => return refused(Format::Text, &wrong.0, &wrong.1),
    };
    let rules = match rules::read(&filter.rules) {
        Ok(rules) => rules,
        Err(wrong) => return refused(Format::Text, &wrong.0, &wrong.1),
    };
    let source = match input::read(&args.input.files, args.input.recursive) {
        Ok(source) => source,
        Err(finding) => return refused(Format::Text, &Source::default(), &finding),
    };
    let mut options = filter.options(config.options(namespace), rules, threads::of(&source));
    match keys::read(&filter.secret_key_file) {
        Ok(keys) => options.keys = keys,
        Err(finding) => return refused(Format::Text, &Source::default(), &finding),
    }
    let previous = match deployed(args, &filter, &options) {
        Ok(previous) => previous,
        Err(status) => return status,
    };
    // An existing but empty file is accepted: then everything is new.
    options.previous_optional = true;
    let outcome = rewrite_after(&source, &previous, &options);
    if outcome.is_filtered() && args.keep.is_none() {
        // It already contains the versions that are carried forward.
        options.keep = Keep(0);
        return View::of(args).show(&rewrite_after(&source, &previous, &options), &options);
    }
    View::of(args).show(&outcome, &options)
}

/// Reads what is deployed now, and filters it if requested.
fn deployed(args: &Plan, filter: &Filter, options: &Options) -> Result<Vec<Previous>, u8> {
    let lone = |finding: Diagnostic| refused(Format::Text, &Source::default(), &finding);
    let read = previous::read(filter, &[], options).map_err(lone)?;
    if !args.filter_previous {
        return Ok(read);
    }
    let filtered = |previous: Previous| {
        let outcome = rewrite(&previous.source, options);
        if outcome.refused() {
            render::findings(&outcome, Format::Text, Shown::Refusing);
            return Err(1);
        }
        let mut text = Vec::new();
        outcome.write(&mut text).map_err(|error| failed(Format::Text, &error.to_string()))?;
        let name = previous.source.locate(0).file.to_owned();
        let source = Source::join([(name, text)]).map_err(|error| lone(Diagnostic::from(error)))?;
        Ok(Previous { source, ..previous })
    };
    read.into_iter().map(filtered).collect()
}

/// How to show a plan.
pub(crate) struct View {
    pub(crate) deployer: Deployer,
    pub(crate) format: PlanFormat,
    pub(crate) max_chars: usize,
    pub(crate) detailed_exitcode: bool,
}

impl View {
    fn of(args: &Plan) -> View {
        View {
            deployer: args.deployer.plain(),
            format: args.format,
            max_chars: args.max_chars,
            detailed_exitcode: args.detailed_exitcode,
        }
    }

    /// Writes the plan; returns the exit status.
    pub(crate) fn show(&self, outcome: &Outcome<'_>, options: &Options) -> u8 {
        let shown = if outcome.is_unrelated() { Shown::Folded } else { Shown::Refusing };
        render::findings(outcome, Format::Text, shown);
        if outcome.refused() {
            return 1;
        }
        let plan = match outcome.plan(self.deployer, options) {
            Ok(plan) => plan,
            Err(finding) => return refused(Format::Text, outcome.source_of(&finding), &finding),
        };
        let written = written(
            Format::Text,
            output::stdout(|out| match self.format {
                PlanFormat::Text => out.write_all(plan::text(&plan, is_coloured()).as_bytes()),
                PlanFormat::Markdown => out.write_all(plan::markdown(&plan, self.max_chars).as_bytes()),
                PlanFormat::Json => {
                    serde_json::to_writer_pretty(&mut *out, &plan)?;
                    out.write_all(b"\n")
                }
            }),
        );
        if written != 0 || plan.fails() {
            return written.max(u8::from(plan.fails()));
        }
        match &plan.summary {
            _ if !self.detailed_exitcode => 0,
            summary if summary.rolling > 0 => 11,
            summary if summary.changed > 0 => 10,
            _ => 0,
        }
    }
}

/// True for a terminal that shows colours, unless the environment disables them.
fn is_coloured() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}
