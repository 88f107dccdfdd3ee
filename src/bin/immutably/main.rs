//! The program: reads input, calls the library, prints findings and writes output.
//!
//! It does everything that the library must not do.

mod args;
mod ask;
mod audit;
mod caller;
mod config;
mod diff;
mod explain;
mod folded;
mod gc;
mod graph;
mod helm;
mod init;
mod input;
mod interrupted;
mod keys;
#[cfg(unix)]
mod large_file;
mod messages;
mod output;
mod parent;
mod pending;
mod plan;
mod previous;
mod render;
mod rules;
mod standard;
mod status;
mod threads;

use args::{Cli, Command, ConfigArgs, Filter, Format};
use caller::{Caller, Files};
use config::Config;
use immutably::findings::diagnostic::Diagnostic;
use immutably::output::krm::Envelope;
use immutably::text::source::Span;
use immutably::{Outcome, Report, Source, rewrite_after};
use output::Destination;
use pending::Pending;
use status::{failed, refused, unwritable, written};
use std::io::{self, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(unix)]
    interrupted::survive_limits();
    let status = match args::parse(std::env::args_os()) {
        Ok(cli) => threads::limit().map_or_else(|problem| args::invalid_value(&problem), |_| run(&cli)),
        Err(status) => status,
    };
    ExitCode::from(status)
}

fn run(cli: &Cli) -> u8 {
    let result = match &cli.command {
        None => return filter(&cli.filter),
        Some(Command::Completions { shell }) => args::completions(*shell, &mut io::stdout().lock()),
        Some(Command::Audit(args)) => return audit::run(args, namespace()),
        Some(Command::Gc(args)) => return gc::run(args),
        Some(Command::Plan(args)) => return plan::run(args, namespace()),
        Some(Command::Explain(args)) => return explain::run(args, namespace()),
        Some(Command::Graph(args)) => return graph::run(args, namespace()),
        Some(Command::Rules { kind, rules, config }) => return list_rules(kind.as_deref(), rules, config),
        Some(Command::Init(args)) => return init::run(args),
        Some(Command::Helm(args)) => return helm::run(&args.words),
        Some(Command::Man(man)) => match args::man(man, &mut io::stdout().lock()) {
            Ok(result) => result,
            Err(status) => return status,
        },
    };
    written(Format::Text, result)
}

fn filter(args: &Filter) -> u8 {
    let caller = Caller::find(args);
    let files = caller.files(args);
    if let Some(problem) = clash(args, files, &Files::default()) {
        return args::invalid_value(&problem);
    }
    if let Err(error) = divert(args) {
        return failed(args.format, &error);
    }
    if files.is_empty() && io::stdin().is_terminal() {
        return args::nothing_to_read();
    }
    if from_standard_input(files).max(usize::from(files.is_empty())) + from_standard_input(&args.previous) > 1
    {
        return args::standard_input_twice();
    }
    let source = match input::read(files, args.input.recursive) {
        Ok(source) => source,
        Err(finding) => return refuse(args, args.report.as_deref(), &finding, &Source::default()),
    };
    let rules = match rules::read(&args.rules) {
        Ok(rules) => rules,
        Err(wrong) => return refused(args.format, &wrong.0, &wrong.1),
    };
    let envelope = match Envelope::find(&source, threads::of(&source)) {
        Ok(envelope) => envelope,
        Err(finding) => return refuse(args, args.report.as_deref(), &finding, &source),
    };
    let config = match config(args, &caller, envelope.as_ref(), files) {
        Ok(config) => config,
        Err(wrong) => return refuse(args, args.report.as_deref(), &wrong.1, &wrong.0),
    };
    let mut options = args.options(config.options(namespace()), rules, threads::of(&source));
    options.by_helm |= caller.helm || previous::is_for_helm(&args.previous);
    match input::known(&args.known) {
        Ok(known) => options.known.extend(known),
        Err(finding) => return refuse(args, args.report.as_deref(), &finding, &source),
    }
    let configured = match caller.configure(envelope.as_ref(), &args.secret_key_file, &mut options) {
        Ok(configured) => configured,
        Err(finding) => return refuse(args, args.report.as_deref(), &finding, &source),
    };
    let report = match report(args, files, &configured) {
        Ok(report) => report,
        Err(status) => return status,
    };
    let previous = match previous::read(args, &configured.previous, &options) {
        Ok(previous) => previous,
        Err(finding) => return refuse(args, report, &finding, &source),
    };
    // Never freed: the process ends with it, and the system frees all its memory at once.
    let outcome = ManuallyDrop::new(rewrite_after(&source, &previous, &options));
    if caller.kustomize_config.is_some() && !outcome.refused() {
        // kustomize shows the standard error of a plugin only if the plugin fails.
        parent::take_standard_error();
    }
    render::findings(&outcome, args.format, args.shown());
    finish(args, &caller, &outcome, &source, (envelope, report, config.file.as_deref()))
}

/// Returns what is wrong with the files that the flags and the configuration name. The output may replace an input and
/// what was deployed before, but no other file.
fn clash(args: &Filter, files: &[PathBuf], configured: &Files) -> Option<String> {
    let report = match &args.report {
        Some(path) => Some(("--report", path)),
        None => configured.report.as_ref().map(|path| ("report", path)),
    };
    let output = args.output.as_ref().map(|path| ("--output", path));
    let findings = args.findings.as_ref().map(|path| ("--findings", path));
    let all: Vec<(&str, &Path)> =
        [output, report, findings].into_iter().flatten().map(|(flag, path)| (flag, path.as_path())).collect();
    let config = args.config.config.as_slice();
    let others = [&args.rules, &args.known, &args.secret_key_file, &configured.secret_keys, config].concat();
    // A file that is named may be replaced, but in a folder the next run would read it as one more manifest.
    let in_folders = match all[..] {
        [] => Vec::new(),
        _ => input::in_folders(files, args.input.recursive),
    };
    let others = [others, in_folders].concat();
    let read = [files, &args.previous, &configured.previous, &others].concat();
    output::clash(&all, &others).or_else(|| output::clash(&all[usize::from(output.is_some())..], &read))
}

/// Returns the file for the report. Returns the exit status if it would replace a file that is needed.
fn report<'a>(args: &'a Filter, files: &[PathBuf], configured: &'a Files) -> Result<Option<&'a Path>, u8> {
    if let Some(problem) = clash(args, files, configured) {
        return Err(args::invalid_value(&problem));
    }
    let report = args.report.as_deref().or(configured.report.as_deref());
    if report.is_some_and(|report| is_output(args, report)) {
        return Err(args::written_twice());
    }
    Ok(report)
}

/// Redirects findings to where the flags want them.
fn divert(args: &Filter) -> Result<(), String> {
    if args.parent_stderr {
        parent::take_standard_error();
    }
    let Some(path) = &args.findings else { return Ok(()) };
    if path.as_os_str() == "-" {
        return Err("`--findings -` is refused: standard output is for the manifests; name a file".to_owned());
    }
    messages::into(path).map_err(|error| format!("cannot write findings to {}: {error}", path.display()))
}

/// Writes the output and the report; returns the exit status.
fn finish(
    args: &Filter,
    caller: &Caller,
    outcome: &Outcome<'_>,
    source: &Source,
    (envelope, report, config): (Option<Envelope>, Option<&Path>, Option<&str>),
) -> u8 {
    let unwritten = |error: &io::Error| match report {
        Some(path) => failed(args.format, &format!("cannot write the report {}: {error}", path.display())),
        None => 0,
    };
    let pending =
        match report.map(|path| Pending::begin(path, &with_config(outcome.report(), config))).transpose() {
            Ok(pending) => pending,
            Err(error) => return unwritten(&error),
        };
    let results = envelope.and_then(|envelope| envelope.results(&outcome.findings().collect::<Vec<_>>()));
    let written = if outcome.refused() { Ok(1) } else { write(args, caller, outcome, source, results) };
    let reported = pending.map_or(Ok(()), |pending| match &written {
        Ok(_) => pending.finish(&with_config(outcome.report(), config)),
        Err(finding) => pending.refuse(with_config(outcome.report(), config), finding),
    });
    let status = written.unwrap_or_else(|finding| refused(args.format, &Source::default(), &finding));
    if let Err(error) = reported {
        return unwritten(&error);
    }
    if args.check && status == 1 && !outcome.refused() {
        render::would_change(&outcome.changed_files(), args.format);
    }
    if !args.quiet && (status == 0 || outcome.refused() || args.check || args.exit_code) {
        render::summary(outcome, args.format, config);
    }
    status
}

/// Adds the name of the configuration file to the report.
fn with_config<'r>(report: Report<'r>, file: Option<&'r str>) -> Report<'r> {
    Report { configuration: file, ..report }
}

/// True if the report and the output would go to the same place.
fn is_output(args: &Filter, report: &Path) -> bool {
    let output = args.output.as_deref().map_or(Destination::Stdout, Destination::of);
    (!args.check || args.diff) && Destination::of(report).is(&output)
}

fn from_standard_input(files: &[PathBuf]) -> usize {
    files.iter().filter(|path| path.as_os_str() == "-").count()
}

/// Writes the output or the diff; returns the exit status.
fn write(
    args: &Filter,
    caller: &Caller,
    outcome: &Outcome<'_>,
    source: &Source,
    results: Option<(Span, String)>,
) -> Result<u8, Diagnostic> {
    let status = if args.check || args.exit_code { u8::from(outcome.changes()) } else { 0 };
    if args.check && !args.diff {
        return Ok(status);
    }
    let content = |out: &mut dyn Write| {
        if args.diff {
            return diff::write(outcome, source, out);
        }
        outcome.write_with(results, &mut *out)?;
        if caller.helm && source.text().trim().is_empty() { document(source, out) } else { Ok(()) }
    };
    let (result, place) = match &args.output {
        Some(path) => (output::replace(path, content), path.display().to_string()),
        None => (output::stdout(content), "the output".to_owned()),
    };
    match result {
        // A reader that closes the pipe early is not a failure.
        Err(error) if args.output.is_some() || error.kind() != io::ErrorKind::BrokenPipe => {
            Err(unwritable(&format!("cannot write {place}: {error}")))
        }
        _ => Ok(status),
    }
}

/// Writes an empty document after a blank input: Helm 4 treats an output without a document as a failure.
fn document(blank: &Source, out: &mut dyn Write) -> io::Result<()> {
    let line_ended = blank.text().is_empty() || blank.text().ends_with('\n');
    out.write_all(if line_ended { b"---\n" } else { b"\n---\n" })
}

/// Returns the namespace from the environment. Argo CD sets it for the programs that it starts, and Helm for its
/// plugins. A post-renderer sees it only if the user exports it.
fn namespace() -> Option<String> {
    ["HELM_NAMESPACE", "ARGOCD_APP_NAMESPACE"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()))
}

/// Reads the configuration file. If the caller supplies a configuration, a file is read only if a flag names it.
fn config(
    args: &Filter,
    caller: &Caller,
    envelope: Option<&Envelope>,
    files: &[PathBuf],
) -> Result<Config, Box<(Source, Diagnostic)>> {
    if caller.is_configured(envelope) && args.config.config.is_none() {
        return Ok(Config::default());
    }
    config::read(&args.config, files, args.input.recursive)
}

fn list_rules(kind: Option<&str>, files: &[PathBuf], config: &ConfigArgs) -> u8 {
    let configured = config::read(config, &[], false).map(|config| config.options(None).rules);
    match configured.and_then(|configured| Ok([configured, rules::read(files)?].concat())) {
        Ok(own) => written(Format::Text, output::stdout(|out| rules::list(out, &own, kind))),
        Err(wrong) => refused(Format::Text, &wrong.0, &wrong.1),
    }
}

fn refuse(args: &Filter, report: Option<&Path>, finding: &Diagnostic, source: &Source) -> u8 {
    if let Some(path) = report
        && let Err(error) = output::json(path, &Report::unread(finding, source))
    {
        return failed(args.format, &format!("cannot write the report {}: {error}", path.display()));
    }
    refused(args.format, source, finding)
}
