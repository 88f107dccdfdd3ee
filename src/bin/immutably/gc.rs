//! `immutably gc`: reads a cluster export and writes the input for `kubectl delete`.
//!
//! Reads files and the clock. The library decides what is unused.

use crate::args::{self, Format, Gc, GcFormat};
use crate::status::{failed, refused, written};
use crate::{config, input, keys, output, render, rules, threads};
use immutably::garbage::{self, Criteria, Sorted, Verdict, time};
use immutably::{Options, Source};
use std::io::{self, IsTerminal, Write};
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs the command; returns the exit status.
pub(crate) fn run(args: &Gc) -> u8 {
    if args.input.files.is_empty() && io::stdin().is_terminal() {
        return args::nothing_to_read();
    }
    let config = match config::read(&args.config, &args.input.files, args.input.recursive) {
        Ok(config) => config,
        Err(wrong) => return refused(Format::Text, &wrong.0, &wrong.1),
    };
    let rules = match rules::read(&args.rules) {
        Ok(rules) => rules,
        Err(wrong) => return refused(Format::Text, &wrong.0, &wrong.1),
    };
    let source = match input::read(&args.input.files, args.input.recursive) {
        Ok(source) => source,
        Err(finding) => return refused(Format::Text, &Source::default(), &finding),
    };
    let Some(criteria) = criteria(args) else {
        return failed(Format::Text, "the clock of this machine is before 1970; say `--now`");
    };
    // The other options apply only to rendered manifests.
    let rules = [config.options(None).rules, rules].concat();
    let keys = match keys::read(&args.secret_key_file) {
        Ok(keys) => keys,
        Err(finding) => return refused(Format::Text, &Source::default(), &finding),
    };
    let options = Options { rules, keys, threads: threads::of(&source), ..Options::default() };
    let sorted = garbage::sort(&source, &options, &criteria);
    if sorted.refused() {
        let findings = sorted.diagnostics.iter().map(|finding| (finding, None));
        // If standard error cannot be written, there is no way to report that.
        let _ = render::list(&mut anstream::stderr(), &source, findings);
        return 1;
    }
    let status = written(
        Format::Text,
        output::stdout(|out| match args.format {
            GcFormat::Yaml => sorted.write(out),
            GcFormat::Table => table(&sorted, out),
        }),
    );
    let notes = sorted.notes.iter().map(|finding| (finding, None));
    let _ = render::list(&mut anstream::stderr(), &source, notes);
    if !args.quiet && status == 0 {
        let (all, garbage) = (sorted.objects.len(), sorted.garbage().count());
        // If standard error cannot be written, there is no way to report that.
        let _ = writeln!(anstream::stderr(), "{garbage} to delete, {} kept", all - garbage);
    }
    status
}

fn criteria(args: &Gc) -> Option<Criteria> {
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs().try_into().ok();
    let now = args.now.or_else(clock)?;
    Some(Criteria { keep: args.keep, older_than: args.older_than, now, allow_no_pods: args.allow_no_pods })
}

/// Writes a table with one line for each versioned object.
fn table(sorted: &Sorted<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = ["KIND", "NAMESPACE", "NAME", "AGE", "VERDICT"].map(str::to_owned);
    let rows = sorted.objects.iter().map(|object| {
        let verdict = match &object.verdict {
            Verdict::Delete => "delete".to_owned(),
            Verdict::Keep(why) => format!("keep: {why}"),
        };
        let (namespace, name) = (object.namespace.to_string(), object.name.to_string());
        [object.kind.as_str().to_owned(), namespace, name, time::age(object.age), verdict]
    });
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths = [0, 1, 2, 3].map(width);
    for [kind, namespace, name, age, verdict] in &rows {
        let [a, b, c, d] = widths;
        writeln!(out, "{kind:a$}  {namespace:b$}  {name:c$}  {age:d$}  {verdict}")?;
    }
    Ok(())
}
