//! Draws the graph for Mermaid, within the limits of GitHub and GitLab.

use crate::output::graph::labels;
use crate::output::graph::model::{Edge, Graph, Node, Role, State};
use std::fmt::Write as _;

/// The most characters in a diagram. Mermaid itself stops at 50,000.
pub const MOST_CHARACTERS: usize = 45_000;

/// The most edges in a diagram. Mermaid itself stops at 500.
pub const MOST_EDGES: usize = 450;

/// The most nodes in a diagram that is still readable.
pub const MOST_NODES: usize = 100;

/// The colours of each state; [`shape`] has the shapes.
const CLASSES: &str = "  classDef versioned fill:#e6f4ea,stroke:#1a6b3c,color:#0b2e1a
  classDef left fill:#fff4d6,stroke:#8a5a00,color:#3d2800,stroke-dasharray:6 3
  classDef unused fill:#f1f3f4,stroke:#5f6368,color:#202124,stroke-dasharray:2 3
  classDef outside fill:#f1f3f4,stroke:#5f6368,color:#202124
  classDef dangling fill:#fce8e6,stroke:#b3261e,color:#5c0b06,stroke-width:3px
";

/// Draws the diagram; `None` if it exceeds a limit.
pub fn draw(graph: &Graph) -> Option<String> {
    if graph.nodes.len() > MOST_NODES || graph.edges.len() > MOST_EDGES {
        return None;
    }
    let mut text = "flowchart LR\n".to_owned();
    for (number, (namespace, range)) in graph.namespaces().into_iter().enumerate() {
        let _ = writeln!(text, "  subgraph s{number}[{}]", quoted(labels::namespace(namespace)));
        range.for_each(|at| node(&mut text, at, &graph.nodes[at]));
        text.push_str("  end\n");
    }
    graph.edges.iter().for_each(|edge| self::edge(&mut text, edge));
    let dangling = graph.edges.iter().enumerate().filter(|(_, edge)| edge.dangling);
    let dangling: Vec<String> = dangling.map(|(at, _)| at.to_string()).collect();
    if !dangling.is_empty() {
        let _ = writeln!(text, "  linkStyle {} stroke:#b3261e", dangling.join(","));
    }
    text.push_str(CLASSES);
    (text.chars().count() <= MOST_CHARACTERS).then_some(text)
}

fn node(text: &mut String, at: usize, node: &Node) {
    let (open, close, class) = shape(node);
    let versions = if node.versions > 1 { format!(" ×{}", node.versions) } else { String::new() };
    let reasons: Vec<&str> = node.reasons.iter().map(String::as_str).collect();
    let note = match node.state {
        State::Referrer | State::Versioned => String::new(),
        state => format!("\n{}: {}", state.as_str(), labels::cut(&reasons.join("; "), 80)),
    };
    let label = quoted(&format!("{}\n{}{versions}{note}", node.kind, labels::cut(&node.name, 60)));
    let _ = writeln!(text, "    n{at}{open}{label}{close}{class}");
}

/// Returns opening bracket, closing bracket and class of a node.
fn shape(node: &Node) -> (&'static str, &'static str, &'static str) {
    match (node.role, node.state) {
        (Role::Workload, _) => ("[[", "]]", ""),
        (Role::Other, _) => ("([", "])", ""),
        (_, State::LeftAlone) => ("[", "]", ":::left"),
        (_, State::Unused) => ("[", "]", ":::unused"),
        (_, State::Outside) => ("[/", "/]", ":::outside"),
        (_, State::Dangling) => ("{{", "}}", ":::dangling"),
        _ => ("(", ")", ":::versioned"),
    }
}

fn edge(text: &mut String, edge: &Edge) {
    let how = labels::uses(edge);
    let label = quoted(&labels::cut(&how, 60));
    let arrow = match (edge.dangling, edge.optional) {
        (true, _) => "-.-x",
        (false, true) => "-.->",
        (false, false) => "-->",
    };
    let _ = writeln!(text, "  n{} {arrow}|{label}| n{}", edge.to, edge.from);
}

/// Returns a quoted text. Mermaid has entities that begin with `#` instead of `&`, and interprets some HTML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("#quot;"),
            '#' => quoted.push_str("#35;"),
            '<' => quoted.push_str("#lt;"),
            '>' => quoted.push_str("#gt;"),
            '&' => quoted.push_str("#amp;"),
            '`' => quoted.push_str("#96;"),
            '\n' => quoted.push_str("<br>"),
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}
