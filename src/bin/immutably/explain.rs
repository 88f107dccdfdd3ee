//! `immutably explain`: explains a finding code, or why an object is renamed or keeps its name.

use crate::args::{self, Explain, Format};
use crate::status::{refused, written};
use crate::{config, input, keys, render};
use immutably::findings::diagnostic::Code;
use immutably::kube::shown;
use immutably::output::explain;
use immutably::{Options, Source, rewrite};
use std::io::{self, IsTerminal, Write};

/// Runs the command; returns the exit status.
pub(crate) fn run(args: &Explain, namespace: Option<String>) -> u8 {
    match args.what.as_deref() {
        None => written(Format::Text, list(&mut io::stdout().lock())),
        Some(what) => match what.split_once('/') {
            Some((kind, name)) => object(args, kind, name, namespace),
            None => code(what),
        },
    }
}

/// Writes every code with its severity and a one-line description.
fn list(out: &mut dyn Write) -> io::Result<()> {
    let longest = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or_default();
    for code in Code::ALL {
        writeln!(out, "{:longest$}  {:7}  {}", code.as_str(), code.severity().as_str(), code.about())?;
    }
    Ok(())
}

fn code(written_as: &str) -> u8 {
    match explain::code(written_as) {
        Ok(code) => {
            let text = format!("{}\n\n{}\n", code.as_str(), explain::section(code));
            written(Format::Text, io::stdout().lock().write_all(text.as_bytes()))
        }
        Err(near) => {
            let near: Vec<&str> = near.iter().map(|code| code.as_str()).collect();
            let hint = if near.is_empty() {
                "`immutably explain` lists the codes".to_owned()
            } else {
                format!("did you mean `{}`?", near.join("` or `"))
            };
            render::error(&format!("no finding has this code; {hint}"));
            2
        }
    }
}

fn object(args: &Explain, kind: &str, name: &str, namespace: Option<String>) -> u8 {
    // `KIND/NAME`, or `NAMESPACE/KIND/NAME` if several namespaces have an object of that name.
    let (wanted, kind, name) = match name.split_once('/') {
        Some((second, name)) => (Some(kind), second, name),
        None => (None, kind, name),
    };
    if args.input.files.is_empty() && io::stdin().is_terminal() {
        return args::nothing_to_read();
    }
    let source = match input::read(&args.input.files, args.input.recursive) {
        Ok(source) => source,
        Err(finding) => return refused(Format::Text, &Source::default(), &finding),
    };
    let config = match config::read(&args.config, &args.input.files, args.input.recursive) {
        Ok(config) => config,
        Err(wrong) => return refused(Format::Text, &wrong.0, &wrong.1),
    };
    let keys = match keys::read(&args.secret_key_file) {
        Ok(keys) => keys,
        Err(finding) => return refused(Format::Text, &Source::default(), &finding),
    };
    let options = Options { keys, ..config.options(args.namespace.clone().or(namespace)) };
    let outcome = rewrite(&source, &options);
    match explain::object(&outcome.report(), wanted, kind, name) {
        Some(text) => {
            let file = config.file.map(|file| format!("  configuration: {}\n", shown::line(&file)));
            let text = text + &file.unwrap_or_default();
            written(Format::Text, io::stdout().lock().write_all(text.as_bytes()))
        }
        None => {
            let place = wanted.map(|namespace| format!(" in namespace `{namespace}`")).unwrap_or_default();
            render::error(&format!(
                "the input has no {kind} `{name}`{place}; the kinds are ConfigMap and Secret, and an object is written as `KIND/NAME` or `NAMESPACE/KIND/NAME`"
            ));
            1
        }
    }
}
