//! Prints findings for people or as JSON lines. Only this file may use the drawing crate.

use crate::args::{Format, Shown};
use crate::folded::{Rest, fold};
use crate::messages;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use immutably::Outcome;
use immutably::findings::diagnostic::{Diagnostic, Label, Severity};
use immutably::kube::shown;
use immutably::output::excerpt::{Excerpt, Excerpts};
use immutably::output::formats::{github, junit, sarif};
use immutably::output::placed;
use immutably::output::report::{Finding, Summary};
use immutably::text::source::Source;
use std::collections::HashMap;
use std::io::{self, Write};

/// Writes the findings to standard error. Folds repeated findings only in text for people.
pub(crate) fn findings(outcome: &Outcome<'_>, format: Format, shown: Shown) {
    let wanted = |finding: &&Diagnostic| shown != Shown::Refusing || outcome.refuses(finding);
    let placed = || -> Vec<placed::Placed> {
        let all = outcome.diagnostics().iter().zip(outcome.placed());
        all.filter(|(finding, _)| wanted(finding)).map(|(_, placed)| placed).collect()
    };
    let findings = outcome.diagnostics().iter().filter(wanted);
    let findings = findings.map(|finding| (finding, outcome.source_of(finding), outcome.template(finding)));
    let mut err = io::BufWriter::new(messages::out());
    // If standard error cannot be written, there is no way to report that.
    let _ = match format {
        Format::Json => json(&mut err, findings),
        Format::Text if shown == Shown::All => text(&mut err, findings),
        Format::Text => {
            let (shown, rest) = fold(findings);
            text(&mut err, shown.into_iter()).and_then(|()| folded(&mut err, &rest))
        }
        Format::Junit => junit::write(&placed(), &[], &outcome.judged(), outcome.refused_from(), &mut err),
        Format::Sarif | Format::Github => foreign(&mut err, &placed(), format),
    };
    let _ = err.flush();
}

/// Writes one line for each code with findings that are not shown.
fn folded(err: &mut dyn Write, rest: &[Rest]) -> io::Result<()> {
    for Rest { code, severity, count, places } in rest {
        let places = match places.join(", ") {
            places if places.is_empty() => String::new(),
            places if *count > 3 => format!(" (at {places}, ...)"),
            places => format!(" (at {places})"),
        };
        let (severity, code) = (severity.as_str(), code.as_str());
        let line = format!("{severity}[{code}]: {count} more like these{places}; `--verbose` shows all");
        writeln!(err, "{}", shown::line(&line))?;
    }
    Ok(())
}

/// Names the files that the output would change.
pub(crate) fn would_change(files: &[&str], format: Format) {
    let mut err = messages::out();
    let _ = match format {
        Format::Json => writeln!(err, "{}", serde_json::json!({ "would_change": files })),
        Format::Text | Format::Github => {
            files.iter().try_for_each(|file| writeln!(err, "would change: {}", shown::line(file)))
        }
        // Only the document itself may be in the output.
        Format::Sarif | Format::Junit => Ok(()),
    };
}

/// Writes the totals and the name of the configuration file to standard error. Call it after the output is in place.
pub(crate) fn summary(outcome: &Outcome<'_>, format: Format, config: Option<&str>) {
    let mut err = messages::out();
    let _ = match format {
        Format::Json => {
            let mut line = serde_json::json!({ "summary": outcome.summary() });
            if let Some(file) = config {
                line["configuration"] = file.into();
            }
            writeln!(err, "{line}")
        }
        Format::Text | Format::Github => {
            let config = config.map(|file| format!(" ({})", shown::line(file))).unwrap_or_default();
            writeln!(err, "{}{config}", sums(outcome))
        }
        // Only the document itself may be in the output.
        Format::Sarif | Format::Junit => Ok(()),
    };
}

/// Writes one line about a completed action.
pub(crate) fn say(message: &str) {
    let _ = writeln!(messages::out(), "{}", shown::line(message));
}

/// Writes an error that is not about an input, and therefore is not a finding.
pub(crate) fn error(message: &str) {
    let _ = writeln!(messages::out(), "error: {}", shown::line(message));
}

/// Writes a finding from before the manifests were analysed.
pub(crate) fn lone_finding(finding: &Diagnostic, source: &Source, format: Format) {
    let mut err = messages::out();
    let _ = match format {
        Format::Json => json(&mut err, [(finding, source, None)].into_iter()),
        Format::Text => text(&mut err, [(finding, source, None)].into_iter()),
        Format::Junit => junit::write(&[placed::alone(finding, source)], &[], &[], Severity::Error, &mut err),
        Format::Sarif | Format::Github => foreign(&mut err, &[placed::alone(finding, source)], format),
    };
}

/// Writes findings in the format of another program.
fn foreign(err: &mut dyn Write, findings: &[placed::Placed], format: Format) -> io::Result<()> {
    if format == Format::Github {
        return github::write(findings, err);
    }
    serde_json::to_writer_pretty(&mut *err, &sarif::log(findings, "filter"))?;
    err.write_all(b"\n")
}

/// Draws findings for people, each with its template.
pub(crate) fn list<'d>(
    out: &mut dyn Write,
    source: &'d Source,
    findings: impl Iterator<Item = (&'d Diagnostic, Option<&'d str>)>,
) -> io::Result<()> {
    text(out, findings.map(|(finding, template)| (finding, source, template)))
}

/// A finding, its source, and the template that its document came from, if known.
type Placed<'d> = (&'d Diagnostic, &'d Source, Option<&'d str>);

fn json<'d>(err: &mut dyn Write, findings: impl Iterator<Item = Placed<'d>>) -> io::Result<()> {
    for (finding, source, template) in findings {
        serde_json::to_writer(&mut *err, &Finding::new(finding, source, template))?;
        err.write_all(b"\n")?;
    }
    Ok(())
}

fn text<'d>(err: &mut dyn Write, findings: impl Iterator<Item = Placed<'d>>) -> io::Result<()> {
    // One for each source: the stream, and the previous manifests.
    let mut sources: HashMap<*const Source, Excerpts<'d>> = HashMap::new();
    for (finding, source, template) in findings {
        let excerpts = sources.entry(std::ptr::from_ref(source)).or_insert_with(|| Excerpts::new(source));
        match finding.severity {
            Severity::Note => writeln!(err, "{}", note(finding, source, template))?,
            _ => writeln!(err, "{}\n", drawn(finding, (source, excerpts), template))?,
        }
    }
    Ok(())
}

/// The summary of an empty input.
const EMPTY: &str =
    "the input is empty, so there is nothing to do; if that is unexpected, check what writes the input";

/// Returns the totals, such as `12 versioned, 3 left alone, 1 Job versioned, 48 references, 2 warnings`.
fn sums(outcome: &Outcome<'_>) -> String {
    let Summary {
        versioned,
        originals,
        left_alone,
        jobs,
        pods,
        references,
        carried_forward,
        warnings,
        errors,
        refused,
    } = outcome.summary();
    let count = |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    if refused {
        let errors = if errors > 0 { format!("{}, ", count(errors, "error")) } else { String::new() };
        return format!("refused, nothing written: {errors}{}", count(warnings, "warning"));
    }
    if outcome.is_empty() {
        return EMPTY.to_owned();
    }
    let some = |number: usize, one: &str| match number {
        0 => String::new(),
        _ => format!("{} versioned, ", count(number, one)),
    };
    let carried =
        if carried_forward > 0 { format!("{carried_forward} carried forward, ") } else { String::new() };
    let originals =
        if originals > 0 { format!(" ({originals} also under their own names)") } else { String::new() };
    format!(
        "{versioned} versioned{originals}, {left_alone} left alone, {}{}{}, {carried}{}",
        some(jobs, "Job"),
        some(pods, "Pod"),
        count(references, "reference"),
        count(warnings, "warning")
    )
}

/// Returns a note as one line: there may be many, and they require no action.
fn note(finding: &Diagnostic, source: &Source, template: Option<&str>) -> String {
    let place = finding.labels.first().map(|label| source.locate(label.span.start));
    let place = place.map(|at| format!("{}:{}:{}: ", at.file, at.line, at.column)).unwrap_or_default();
    let template = template.map(|template| format!(" ({template})")).unwrap_or_default();
    let note = format!("note[{}]: {place}{}{template}", finding.code.as_str(), finding.message);
    shown::line(&note).into_owned()
}

fn drawn(
    finding: &Diagnostic,
    (source, excerpts): (&Source, &mut Excerpts<'_>),
    template: Option<&str>,
) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = match finding.document {
        Some(number) => {
            let template = template.map(|template| format!(", {template}")).unwrap_or_default();
            format!("{} (document {number}{template})", finding.message)
        }
        None => finding.message.to_string(),
    };
    let title = shown::line(&title).into_owned();
    let mut group = Group::with_title(level.primary_title(title).id(finding.code.as_str()));
    for (index, label) in finding.labels.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        group = place(group, label, kind, source, excerpts.of(label.span));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(shown::line(help)));
    }
    without_gaps(&Renderer::styled().render(&[group]))
}

/// Removes the lines ` ::: ` that the drawing crate puts before a line without a file.
fn without_gaps(drawn: &str) -> String {
    let is_gap = |line: &&str| anstream::adapter::strip_str(line).to_string().trim() == ":::";
    drawn.split('\n').filter(|line| !is_gap(line)).collect::<Vec<_>>().join("\n")
}

/// Adds a place with its line, or only the place if the line must not be shown.
fn place<'g>(
    group: Group<'g>,
    label: &'g Label,
    kind: AnnotationKind,
    source: &'g Source,
    excerpt: Option<Excerpt>,
) -> Group<'g> {
    let at = source.locate(label.span.start);
    let file = shown::line(at.file);
    let origin = Origin::path(file.clone()).line(at.line).char_column(at.column);
    let Some(excerpt) = excerpt.filter(|excerpt| says_something(&excerpt.text)) else {
        let group = group.element(origin);
        return if label.text.is_empty() {
            group
        } else {
            group.element(Level::NOTE.message(shown::line(&label.text)))
        };
    };
    let annotation = kind.span(excerpt.place.clone());
    let annotation =
        if label.text.is_empty() { annotation } else { annotation.label(shown::line(&label.text)) };
    let same_column = excerpt.column == at.column;
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.line).annotation(annotation);
    if same_column {
        // The drawing crate counts columns in the excerpt, which differ from the source only in a cut line.
        return group.element(snippet.path(file));
    }
    group.element(origin).element(snippet)
}

/// False for a line in which everything is hidden.
fn says_something(line: &str) -> bool {
    line.is_empty() || line.chars().any(|c| !matches!(c, '…' | ' ' | ':'))
}
