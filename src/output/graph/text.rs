//! Writes the graph as text: each object with its users.

use crate::output::graph::labels;
use crate::output::graph::model::{Edge, Graph, Role};
use std::io::{self, Write};

/// Writes the text. Namespaces and objects are sorted by name; the last line has the totals.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let mut users: Vec<Vec<&Edge>> = vec![Vec::new(); graph.nodes.len()];
    graph.edges.iter().for_each(|edge| users[edge.to].push(edge));
    for (namespace, range) in graph.namespaces() {
        let used: Vec<usize> = range
            .filter(|at| graph.nodes[*at].role == Role::Configuration || !users[*at].is_empty())
            .collect();
        if used.is_empty() {
            continue;
        }
        writeln!(out, "{}", labels::namespace(namespace))?;
        for at in used {
            let node = &graph.nodes[at];
            let state = labels::state(node).map(|state| format!("  {state}")).unwrap_or_default();
            writeln!(out, "  {}{state}", labels::object(node))?;
            users[at].iter().try_for_each(|edge| user(graph, edge, namespace, out))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", labels::sums(graph))
}

/// Writes one line: which object is the user, and how it uses the other.
fn user(graph: &Graph, edge: &Edge, namespace: &str, out: &mut dyn Write) -> io::Result<()> {
    let from = &graph.nodes[edge.from];
    let how = labels::uses(edge);
    write!(out, "    <- {}  {how}", labels::object(from))?;
    if from.namespace != namespace {
        write!(out, "  in {}", labels::namespace(&from.namespace))?;
    }
    if edge.optional {
        write!(out, "  optional")?;
    }
    if edge.dangling {
        let reasons: Vec<&str> = edge.reasons.iter().map(String::as_str).collect();
        write!(out, "  dangling: {}", reasons.join("; "))?;
    }
    writeln!(out)
}
