//! `immutably audit`: reads manifests or a cluster export, and reports violations in several formats.
//!
//! Reads files and the clock. The library decides what is a violation.

use crate::args::{self, Audit, AuditFormat, Format};
use crate::config::{self, Config};
use crate::status::{failed, refused, written};
use crate::{input, keys, output, render, rules, threads};
use immutably::findings::diagnostic::{Diagnostic, Severity};
use immutably::kube::shown;
use immutably::output::audit::{self, Counts};
use immutably::output::formats::{github, junit, sarif};
use immutably::{Options, Source};
use serde_json::json;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// The version of the JSON format.
const SCHEMA: u32 = 1;

/// Runs the command; returns the exit status.
pub(crate) fn run(args: &Audit, namespace: Option<String>) -> u8 {
    if args.input.files.is_empty() && io::stdin().is_terminal() {
        return args::nothing_to_read();
    }
    let reports = args.report.iter().map(|(_, path)| ("--report", path.as_path()));
    let outputs: Vec<_> =
        args.output.iter().map(|path| ("--output", path.as_path())).chain(reports).collect();
    if let Some(problem) = output::clash(&outputs, &read_by(args)) {
        return args::invalid_value(&problem);
    }
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs().try_into().ok();
    let Some(now) = args.now.or_else(clock) else {
        return failed(Format::Text, "the clock of this machine is before 1970; say `--now`");
    };
    let (source, options, config) = match read(args, namespace) {
        Ok(read) => read,
        Err(wrong) => return refused(Format::Text, &wrong.0, &wrong.1),
    };
    let settings = config.audit();
    let audit = immutably::audit(&source, &options, &args.criteria(&settings, now));
    let fails_from = args.fails_from(&settings);
    let config = config.file.as_deref();
    let outcome = Outcome { args, source: &source, audit: &audit, fails_from, config };
    for (format, path) in &args.report {
        if let Err(error) = output::replace(path, |out| outcome.save(*format, out)) {
            return failed(Format::Text, &format!("cannot write {}: {error}", path.display()));
        }
    }
    let status = match &args.output {
        Some(path) => match output::replace(path, |out| outcome.save(args.format, out)) {
            Ok(()) => 0,
            Err(error) => failed(Format::Text, &format!("cannot write {}: {error}", path.display())),
        },
        None => written(Format::Text, outcome.show()),
    };
    let found = audit.fails(fails_from) && !args.exit_zero;
    status.max(u8::from(found))
}

/// Returns the files that the flags name to be read.
fn read_by(args: &Audit) -> Vec<PathBuf> {
    let config = args.config.config.as_slice();
    [&args.input.files, &args.known, &args.rules, &args.secret_key_file, config].concat()
}

/// The input, the options and the configuration.
type Read = (Source, Options, Config);

fn read(args: &Audit, namespace: Option<String>) -> Result<Read, Box<(Source, Diagnostic)>> {
    let alone = |finding| Box::new((Source::default(), finding));
    let config = config::read(&args.config, &args.input.files, args.input.recursive)?;
    let rules = rules::read(&args.rules)?;
    let source = input::read(&args.input.files, args.input.recursive).map_err(alone)?;
    let known = input::known(&args.known).map_err(alone)?;
    let base = config.options(namespace);
    let keys = keys::read(&args.secret_key_file).map_err(alone)?;
    let base = Options { known: [base.known, known].concat(), keys, ..base };
    let options = args.options(base, rules, threads::of(&source));
    Ok((source, options, config))
}

/// The result of the audit, for writing.
struct Outcome<'a> {
    args: &'a Audit,
    source: &'a Source,
    audit: &'a audit::Audit,
    /// The lowest severity at which the audit fails.
    fails_from: Severity,
    /// The configuration file.
    config: Option<&'a str>,
}

impl Outcome<'_> {
    fn show(&self) -> io::Result<()> {
        let mut out = io::BufWriter::new(anstream::stdout());
        self.write(self.args.format, &mut out)?;
        out.flush()
    }

    /// Writes a file, without colours.
    fn save(&self, format: AuditFormat, out: &mut dyn Write) -> io::Result<()> {
        let mut plain = anstream::StripStream::new(Vec::new());
        self.write(format, &mut plain)?;
        out.write_all(&plain.into_inner())
    }

    fn write(&self, format: AuditFormat, out: &mut dyn Write) -> io::Result<()> {
        let audit = self.audit;
        match format {
            AuditFormat::Text => self.text(out),
            AuditFormat::Json => pretty(&self.json(), out),
            AuditFormat::Sarif => pretty(&sarif::log(&audit.findings, &self.args.category), out),
            AuditFormat::Junit => {
                junit::write(&audit.findings, &audit.waived, &audit.objects, self.fails_from, out)
            }
            AuditFormat::Github => github::write(&audit.findings, out),
        }
    }

    fn json(&self) -> serde_json::Value {
        let audit = self.audit;
        let mut result = json!({
            "schema": SCHEMA,
            "profile": audit.profile,
            "summary": audit.sums,
            "objects": audit.objects,
            "findings": audit.findings,
            "waived": audit.waived,
            "unjudged": audit.unjudged,
        });
        if let Some(file) = self.config {
            result["configuration"] = file.into();
        }
        result
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let findings = self.audit.diagnostics.iter().zip(&self.audit.findings);
        let wanted = findings.filter(|(finding, _)| !self.args.quiet || finding.severity > Severity::Note);
        render::list(
            out,
            self.source,
            wanted.map(|(finding, placed)| (finding, placed.template.as_deref())),
        )?;
        for waived in &self.audit.waived {
            let name = waived.finding.name.as_deref().unwrap_or_default();
            let until = waived.until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
            let reason = shown::line(&waived.reason);
            writeln!(out, "waived[{}]: {name}{until}: {reason}", waived.finding.code)?;
        }
        for unjudged in &self.audit.unjudged {
            writeln!(out, "not judged: references to {unjudged}, of which the input holds nothing")?;
        }
        if self.audit.sums.namespaces.len() > 1 {
            self.table(out)?;
        }
        if let Some(file) = self.config {
            writeln!(out, "configuration: {}", shown::line(file))?;
        }
        writeln!(out, "{}", self.last_line())
    }

    fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        let namespaces = &self.audit.sums.namespaces;
        let shown = |name: &str| if name.is_empty() { "-".to_owned() } else { name.to_owned() };
        let width = namespaces.keys().map(String::len).max().unwrap_or_default().max("NAMESPACE".len());
        writeln!(out, "{:width$}  OBJECTS  COMPLY  LEFT ALONE  WAIVED", "NAMESPACE")?;
        for (name, Counts { objects, comply, left_alone, waived, .. }) in namespaces {
            let name = shown(name);
            writeln!(out, "{name:width$}  {objects:7}  {comply:6}  {left_alone:10}  {waived:6}")?;
        }
        Ok(())
    }

    /// Returns the last line, such as:
    /// `83 of 97 configuration objects comply (86 %), 9 left alone, 5 waived; 4 errors, 10 warnings, 2 unused waivers`
    fn last_line(&self) -> String {
        let sums = &self.audit.sums;
        let Counts { objects, comply, left_alone, waived, unknown } = sums.all;
        let count =
            |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
        let share = (comply * 100).checked_div(objects);
        let share = share.map(|share| format!(" ({share} %)")).unwrap_or_default();
        let idle = match sums.idle_waivers {
            0 => String::new(),
            number => format!(", {}", count(number, "unused waiver")),
        };
        let unknown = match unknown {
            0 => String::new(),
            number => format!(", {number} unknown without the key"),
        };
        let verb = if objects == 1 { "complies" } else { "comply" };
        format!(
            "{comply} of {} {verb}{share}, {left_alone} left alone, {waived} waived{unknown}; {}, {}{idle}",
            count(objects, "configuration object"),
            count(sums.errors, "error"),
            count(sums.warnings, "warning")
        )
    }
}

fn pretty(value: &serde_json::Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}
