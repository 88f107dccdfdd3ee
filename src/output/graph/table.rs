//! Writes the facts of one namespace as an HTML table: the same facts as in its drawing.

use crate::output::graph::labels;
use crate::output::graph::markup::{escaped, words};
use crate::output::graph::model::{Edge, Graph, Role};
use std::io::{self, Write};
use std::ops::Range;

/// Writes the table: a row for each use, and one for each configuration object without a use.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(
    graph: &Graph,
    own: Range<usize>,
    uses: &[usize],
    namespace: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rows: Vec<(usize, Option<&Edge>)> =
        uses.iter().map(|at| (graph.edges[*at].to, Some(&graph.edges[*at]))).collect();
    let used: std::collections::HashSet<usize> = rows.iter().map(|(node, _)| *node).collect();
    let alone = own.filter(|at| graph.nodes[*at].role == Role::Configuration && !used.contains(at));
    rows.extend(alone.map(|at| (at, None)));
    rows.sort_by_key(|(node, edge)| (*node, edge.map(|edge| edge.from)));
    writeln!(
        out,
        "<details class=\"facts\"><summary>Table of {namespace}: {} row{}</summary>\n\
         <div class=\"draw\" tabindex=\"0\" role=\"region\" aria-label=\"Table of {namespace}\"><table>\n\
         <thead><tr><th scope=\"col\">Object</th><th scope=\"col\">State</th><th scope=\"col\">Used by</th>\
         <th scope=\"col\">How</th><th scope=\"col\">Fields</th></tr></thead>\n<tbody>",
        rows.len(),
        if rows.len() == 1 { "" } else { "s" }
    )?;
    rows.iter().try_for_each(|(node, edge)| row(graph, *node, *edge, out))?;
    writeln!(out, "</tbody></table></div></details>")
}

fn row(graph: &Graph, at: usize, edge: Option<&Edge>, out: &mut dyn Write) -> io::Result<()> {
    let object = |at: usize| {
        let node = &graph.nodes[at];
        let name = escaped(&labels::object(node)).into_owned();
        format!("{name} <small>{}</small>", escaped(labels::namespace(&node.namespace)))
    };
    let state = labels::state(&graph.nodes[at]).unwrap_or_default();
    write!(out, "<tr data-a=\"{at}\" data-b=\"{}\">", edge.map_or(at, |edge| edge.from))?;
    write!(out, "<th scope=\"row\">{}</th><td>{}</td>", object(at), escaped(&state))?;
    let Some(edge) = edge else { return writeln!(out, "<td>nothing</td><td></td><td></td></tr>") };
    let mut how = labels::uses(edge);
    if edge.optional {
        how.push_str(", optional");
    }
    if edge.dangling {
        how.push_str(", dangling: ");
        how.push_str(&words(&edge.reasons, "; "));
    }
    let fields = words(&edge.paths, ", ");
    writeln!(
        out,
        "<td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
        object(edge.from),
        escaped(&how),
        escaped(&fields)
    )
}
