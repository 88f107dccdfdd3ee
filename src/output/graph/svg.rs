//! Draws one namespace as SVG.

use crate::output::graph::labels;
use crate::output::graph::layout::{BOX, Band, Line, Placed};
use crate::output::graph::markup::{escaped, words};
use crate::output::graph::model::{Graph, Node, Role, State};
use std::io::{self, Write};

/// The most uses in a drawing that always shows all labels on the lines. With more, only the script shows them.
const LABELLED: usize = 40;

/// Returns the height of the box of an object.
pub fn height(node: &Node) -> f32 {
    if note(node).is_some() { 58.0 } else { 42.0 }
}

/// Writes the drawing of `namespace`, the namespace at position `number`. Objects of other namespaces show theirs.
///
/// # Errors
/// Fails if the writer fails.
pub fn write(
    graph: &Graph,
    band: &Band,
    number: usize,
    namespace: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Band { width, height, .. } = band;
    let quiet = if band.lines.len() > LABELLED { " class=\"quiet\"" } else { "" };
    writeln!(
        out,
        "<svg{quiet} role=\"graphics-document document\" aria-label=\"{}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">",
        escaped(&format!(
            "Namespace {}: who uses what; the table below says the same",
            labels::namespace(namespace)
        ))
    )?;
    band.lines.iter().try_for_each(|line| self::line(graph, line, out))?;
    for placed in &band.boxes {
        object(graph, placed, number, namespace, out)?;
    }
    writeln!(out, "</svg>")
}

fn line(graph: &Graph, line: &Line, out: &mut dyn Write) -> io::Result<()> {
    let edge = &graph.edges[line.edge];
    let ((x1, y1), (x2, y2)) = (line.from, line.to);
    let bend = if x1 < x2 { (x2 - x1) / 2.0 } else { -40.0 };
    let (c1, c2) = (x1 + bend, if x1 < x2 { x2 - bend } else { x2 - 40.0 });
    let class = match (edge.dangling, edge.optional) {
        (true, _) => "e dangling",
        (false, true) => "e optional",
        (false, false) => "e",
    };
    let (x, y) = ((x1 + 3.0 * c1 + 3.0 * c2 + x2) / 8.0, (y1 + y2) / 2.0);
    let how = labels::uses(edge);
    write!(
        out,
        "<g class=\"{class}\" data-a=\"{}\" data-b=\"{}\"><title>{}</title><path d=\"M{x1:.0} {y1:.0}C{c1:.0} {y1:.0} \
         {c2:.0} {y2:.0} {x2:.0} {y2:.0}\"/>",
        edge.to,
        edge.from,
        escaped(&if edge.reasons.is_empty() {
            how.clone()
        } else {
            format!("{how}: {}", words(&edge.reasons, "; "))
        }),
    )?;
    if edge.dangling {
        let (left, top) = (x2 - 16.0, y2 - 5.0);
        write!(out, "<path d=\"M{left:.0} {top:.0}l10 10m0 -10l-10 10\"/>")?;
    }
    writeln!(out, "<text x=\"{x:.0}\" y=\"{:.0}\">{}</text></g>", y - 3.0, escaped(&labels::cut(&how, 28)))
}

fn object(
    graph: &Graph,
    placed: &Placed,
    number: usize,
    namespace: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Placed { node: at, x, y, height } = *placed;
    let node = &graph.nodes[at];
    let elsewhere = node.namespace != namespace;
    // An object appears in the drawings of other namespaces too, where it needs another identifier.
    let id = if elsewhere { format!("n{at}-{number}") } else { format!("n{at}") };
    let place =
        if elsewhere { format!(", in {}", labels::namespace(&node.namespace)) } else { String::new() };
    let state = labels::state(node).map(|state| format!(", {state}")).unwrap_or_default();
    let title = escaped(&format!("{} {}{place}{state}", node.kind, node.name)).into_owned();
    let versions = if node.versions > 1 { format!(" ×{}", node.versions) } else { String::new() };
    write!(
        out,
        "<a id=\"{id}\" href=\"#{id}\" class=\"n {}\" data-n=\"{at}\"><title>{title}</title>{}",
        class(node),
        outline(node, x, y, height)
    )?;
    let (left, first, second) = (x + 14.0, y + 16.0, y + 33.0);
    let kind = escaped(&labels::cut(&format!("{}{versions}{place}", node.kind), 44)).into_owned();
    let name = escaped(&labels::cut(&node.name, 32)).into_owned();
    write!(out, "<text class=\"k\" x=\"{left}\" y=\"{first}\">{kind}</text>")?;
    write!(out, "<text x=\"{left}\" y=\"{second}\">{name}</text>")?;
    if let Some(note) = note(node) {
        write!(
            out,
            "<text class=\"k\" x=\"{left}\" y=\"{}\">{}</text>",
            y + 49.0,
            escaped(&start(&note, 50))
        )?;
    }
    writeln!(out, "</a>")
}

/// Returns the state and the reasons of an object that needs attention.
fn note(node: &Node) -> Option<String> {
    let stands_out = !matches!(node.state, State::Referrer | State::Versioned);
    stands_out.then(|| labels::state(node)).flatten()
}

/// Shortens a text to its first characters.
fn start(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// Returns the CSS class, which determines the colours.
pub fn class(node: &Node) -> &'static str {
    match (node.role, node.state) {
        (Role::Workload, _) => "workload",
        (Role::Other, _) => "other",
        (_, State::LeftAlone) => "left",
        (_, State::Unused) => "unused",
        (_, State::Outside) => "outside",
        (_, State::Dangling) => "dangling",
        _ => "versioned",
    }
}

/// Returns the outline. It distinguishes the same states as the colour.
fn outline(node: &Node, x: f32, y: f32, height: f32) -> String {
    let (right, bottom) = (x + BOX, y + height);
    match class(node) {
        "dangling" => {
            let (a, b, c, d) = (x + 8.0, right - 8.0, y + 8.0, bottom - 8.0);
            format!("<path d=\"M{a} {y}H{b}L{right} {c}V{d}L{b} {bottom}H{a}L{x} {d}V{c}Z\"/>")
        }
        "outside" => format!("<path d=\"M{} {y}H{right}L{} {bottom}H{x}Z\"/>", x + 9.0, right - 9.0),
        class => {
            let radius = match class {
                "versioned" => 12,
                "other" => 21,
                _ => 0,
            };
            format!("<rect x=\"{x}\" y=\"{y}\" width=\"{BOX}\" height=\"{height}\" rx=\"{radius}\"/>")
        }
    }
}
