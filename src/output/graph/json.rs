//! Writes the graph as JSON: the model itself, with the totals.

use crate::output::graph::model::{Edge, Graph, Node, Sums};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Document<'g> {
    summary: Sums,
    nodes: &'g [Node],
    edges: &'g [Edge],
}

/// Writes one JSON object; docs/graph.md describes it.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { summary: graph.sums(), nodes: &graph.nodes, edges: &graph.edges };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}
