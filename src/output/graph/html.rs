//! Writes the graph as one self-contained HTML page: no network, no font, no library.
//!
//! Drawings and tables are complete without the script, which adds search, filters and tracing of uses.

use crate::output::graph::labels;
use crate::output::graph::layout;
use crate::output::graph::markup::escaped;
use crate::output::graph::model::{Graph, Role, State};
use crate::output::graph::svg;
use crate::output::graph::table;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// With more objects than this, all namespaces start folded.
const MOST_OPEN: usize = 600;

/// Writes the page.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    head(graph, out)?;
    controls(graph, out)?;
    writeln!(out, "<main>")?;
    let namespaces = graph.namespaces();
    let uses = layout::uses_by_namespace(graph, &namespaces);
    let open = graph.nodes.len() <= MOST_OPEN;
    for (number, (namespace, range)) in namespaces.iter().enumerate() {
        let band = layout::band(graph, range.clone(), &uses[number], |at| svg::height(&graph.nodes[at]));
        let name = escaped(labels::namespace(namespace)).into_owned();
        writeln!(out, "<details class=\"band\" data-ns=\"{name}\"{}>", if open { " open" } else { "" })?;
        writeln!(out, "<summary><h2>{name}</h2> {}</summary>", counts(graph, range.clone()))?;
        writeln!(
            out,
            "<div class=\"draw\" tabindex=\"0\" role=\"region\" aria-label=\"Drawing of {name}\">"
        )?;
        svg::write(graph, &band, number, namespace, out)?;
        writeln!(out, "</div>")?;
        table::write(graph, range.clone(), &uses[number], &name, out)?;
        writeln!(out, "</details>")?;
    }
    if graph.nodes.is_empty() {
        writeln!(out, "<p>The input has no ConfigMap, no Secret, and no reference to one.</p>")?;
    }
    writeln!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn head(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Who uses what</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<header>\n<h1>Who uses what</h1>\n<p>{}</p>",
        hash(STYLE),
        hash(SCRIPT),
        labels::sums(graph)
    )
}

/// Writes the legend, and the controls that the script makes visible.
fn controls(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<ul class=\"legend\" aria-label=\"Legend\">")?;
    for (class, text) in [
        ("versioned", "versioned"),
        ("left", "left alone"),
        ("unused", "unused"),
        ("outside", "outside the input"),
        ("dangling", "dangling"),
        ("workload", "workload"),
        ("other", "other referrer"),
    ] {
        write!(out, "<li class=\"{class}\">{text}</li>")?;
    }
    writeln!(out, "</ul>\n<form role=\"search\" hidden>")?;
    writeln!(out, "<label>Search <input id=\"q\" type=\"search\" autocomplete=\"off\"></label>")?;
    let of = |text: fn(&Graph, usize) -> &str| -> BTreeSet<&str> {
        (0..graph.nodes.len()).map(|at| text(graph, at)).collect()
    };
    let namespaces = of(|graph, at| labels::namespace(&graph.nodes[at].namespace));
    select("ns", "Namespace", namespaces.into_iter(), out)?;
    select("kind", "Kind", of(|graph, at| &graph.nodes[at].kind).into_iter(), out)?;
    select("state", "State", State::ALL.iter().map(|state| state.as_str()), out)?;
    writeln!(
        out,
        "<button type=\"button\" id=\"more\">One step more</button> <button type=\"reset\">Show all</button>\n\
         <p class=\"hint\">Click an object, or press Enter on it, to follow it; again for one step more. Arrow keys go along the \
         lines, / goes to the search, Esc shows all.</p>\n</form>\n<p id=\"said\" role=\"status\"></p>\n</header>"
    )
}

fn select<'t>(
    id: &str,
    label: &str,
    options: impl Iterator<Item = &'t str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "<label>{label} <select id=\"{id}\"><option value=\"\">all</option>")?;
    for option in options {
        write!(out, "<option>{}</option>", escaped(option))?;
    }
    writeln!(out, "</select></label>")
}

/// Returns the number of objects in a namespace, and of those that need attention.
fn counts(graph: &Graph, objects: Range<usize>) -> String {
    let mut states: BTreeMap<State, usize> = BTreeMap::new();
    let mut configuration = 0;
    for node in &graph.nodes[objects.clone()] {
        *states.entry(node.state).or_default() += 1;
        configuration += usize::from(node.role == Role::Configuration);
    }
    let attention = [State::Dangling, State::LeftAlone, State::Unused, State::Outside];
    let mut text = format!("{configuration} configuration, {} referring", objects.len() - configuration);
    for state in attention {
        if let Some(count) = states.get(&state) {
            text.push_str(&format!(", <b>{count} {}</b>", state.as_str()));
        }
    }
    text
}
