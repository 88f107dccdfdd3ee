//! Writes the graph for Graphviz.

use crate::output::graph::labels;
use crate::output::graph::model::{Edge, Graph, Node, Role, State};
use std::io::{self, Write};

/// Writes a digraph from left to right, with a cluster for each namespace.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph immutably {{")?;
    writeln!(out, "  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];")?;
    for (number, (namespace, range)) in graph.namespaces().into_iter().enumerate() {
        writeln!(out, "  subgraph cluster_{number} {{")?;
        writeln!(out, "    label={};", quoted(labels::namespace(namespace)))?;
        range.clone().try_for_each(|at| node(at, &graph.nodes[at], out))?;
        writeln!(out, "  }}")?;
    }
    graph.edges.iter().try_for_each(|edge| self::edge(edge, out))?;
    writeln!(out, "}}")
}

fn node(at: usize, node: &Node, out: &mut dyn Write) -> io::Result<()> {
    let label = quoted(&format!("{}\n{}", node.kind, node.name));
    let tooltip = quoted(&labels::state(node).unwrap_or_default());
    writeln!(out, "    n{at} [label={label}, tooltip={tooltip}, {}];", shape(node))
}

fn edge(edge: &Edge, out: &mut dyn Write) -> io::Result<()> {
    let how = labels::uses(edge);
    let reasons: Vec<&str> = edge.reasons.iter().map(String::as_str).collect();
    let (label, tooltip) = (quoted(&how), quoted(&reasons.join("; ")));
    let style = match (edge.dangling, edge.optional) {
        (true, _) => ", style=dashed, color=\"#b3261e\", arrowhead=tee",
        (false, true) => ", style=dashed",
        (false, false) => "",
    };
    // The configuration is on the left, so the edge goes from left to right with its arrowhead reversed.
    writeln!(out, "  n{} -> n{} [label={label}, tooltip={tooltip}, dir=back{}];", edge.to, edge.from, {
        style.replace("arrowhead", "arrowtail")
    })
}

/// Returns shape and colour, so that a reader does not depend on either alone.
fn shape(node: &Node) -> &'static str {
    match (node.role, node.state) {
        (Role::Workload, _) => "shape=box3d",
        (Role::Other, _) => "shape=ellipse",
        (_, State::LeftAlone) => "shape=box, style=dashed, color=\"#8a5a00\"",
        (_, State::Unused) => "shape=box, style=dotted, color=\"#5f6368\"",
        (_, State::Dangling) => "shape=octagon, style=bold, color=\"#b3261e\"",
        (_, State::Outside) => "shape=parallelogram, color=\"#5f6368\"",
        _ => "shape=box, style=rounded, color=\"#1a6b3c\"",
    }
}

/// Returns a quoted identifier. Graphviz needs quotes and backslashes escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
