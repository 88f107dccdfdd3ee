//! `immutably graph`: shows which objects use each ConfigMap and Secret.

use crate::args::{self, Format, Graph, GraphFormat, Shown};
use crate::status::{failed, refused, written};
use crate::{config, input, keys, output, render, rules, threads};
use immutably::output::graph::model;
use immutably::output::graph::{build, dot, fold, html, json, mermaid, text};
use immutably::{Options, Source, rewrite};
use std::io::{self, IsTerminal, Write};

/// Runs the command; returns the exit status.
pub(crate) fn run(args: &Graph, namespace: Option<String>) -> u8 {
    if args.input.files.is_empty() && io::stdin().is_terminal() {
        return args::nothing_to_read();
    }
    let read =
        [&args.input.files, &args.rules, &args.secret_key_file, args.config.config.as_slice()].concat();
    let written: Vec<_> = args.output.iter().map(|path| ("--output", path.as_path())).collect();
    if let Some(problem) = output::clash(&written, &read) {
        return args::invalid_value(&problem);
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
    let base = config.options(namespace);
    let rules = [base.rules, rules].concat();
    let keys = match keys::read(&args.secret_key_file) {
        Ok(keys) => keys,
        Err(finding) => return refused(Format::Text, &Source::default(), &finding),
    };
    let options = Options { rules, keys, strict: false, threads: threads::of(&source), ..base };
    let outcome = rewrite(&source, &options);
    if outcome.refused() {
        // The references of an unreadable stream are unknown, so there is an error instead of a graph.
        render::findings(&outcome, Format::Text, Shown::Refusing);
        return 1;
    }
    let whole = build::graph(&outcome.report(), options.namespace.as_deref());
    let part = match args.selection().of(&whole) {
        Ok(part) => part,
        Err(name) => {
            render::error(&format!(
                "the graph has no {name}; it has ConfigMaps, Secrets and the objects that refer to them"
            ));
            return 1;
        }
    };
    if part.nodes.is_empty() && !whole.nodes.is_empty() {
        note("no object matches `--namespace`, `--kind` and `--name`, so the graph is empty");
    }
    write(args, &part)
}

fn write(args: &Graph, graph: &model::Graph) -> u8 {
    let content = |out: &mut dyn Write| match args.format {
        GraphFormat::Text => text::write(graph, out),
        GraphFormat::Mermaid => out.write_all(diagram(graph).as_bytes()),
        GraphFormat::Dot => dot::write(graph, out),
        GraphFormat::Json => json::write(graph, out),
        GraphFormat::Html => html::write(graph, out),
    };
    match &args.output {
        Some(path) => match output::replace(path, content) {
            Ok(()) => 0,
            Err(error) => failed(Format::Text, &format!("cannot write {}: {error}", path.display())),
        },
        None => written(Format::Text, output::stdout(content)),
    }
}

/// Returns the diagram. Folds namespaces if it would be too large.
fn diagram(graph: &model::Graph) -> String {
    mermaid::draw(graph).unwrap_or_else(|| {
        note(&format!(
            "{} objects and {} uses are too many for a Mermaid diagram, so each namespace is one node; \
             narrow the graph with `--namespace`, `--kind`, `--name`, `--uses` or `--used-by`",
            graph.nodes.len(),
            graph.edges.len()
        ));
        let folded = fold::folded(graph, mermaid::MOST_NODES, mermaid::MOST_EDGES);
        mermaid::draw(&folded).unwrap_or_default()
    })
}

fn note(message: &str) {
    // If standard error cannot be written, there is no way to report that.
    let _ = writeln!(anstream::stderr(), "note: {message}");
}
