//! Computes where to draw the objects and uses of one namespace.
//!
//! Two columns: configuration on the left, referrers on the right. Must not write markup. Takes O(n log n) time.

use crate::output::graph::model::{Edge, Graph, Role};
use std::collections::HashMap;
use std::ops::Range;

/// How many times each column is sorted by the order of the other one.
const SWEEPS: usize = 8;

/// The width of a box. All lengths are in units of the drawing, CSS pixels at its natural size.
pub const BOX: f32 = 310.0;

const GAP: f32 = 190.0;
const MARGIN: f32 = 44.0;
const BETWEEN: f32 = 14.0;

/// One namespace, laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// The boxes: the left column from top to bottom, then the right one.
    pub boxes: Vec<Placed>,
    /// The uses.
    pub lines: Vec<Line>,
    /// The width of the whole drawing.
    pub width: f32,
    /// The height of the whole drawing.
    pub height: f32,
}

/// The box of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The position of the object in the graph.
    pub node: usize,
    /// The left edge.
    pub x: f32,
    /// The upper edge.
    pub y: f32,
    /// The height.
    pub height: f32,
}

/// The line of a use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// The position of the use in the graph.
    pub edge: usize,
    /// The start, at the object that is used.
    pub from: (f32, f32),
    /// The end, at the object that refers.
    pub to: (f32, f32),
}

/// Returns the uses of each namespace: those with at least one end in it.
pub fn uses_by_namespace(graph: &Graph, namespaces: &[(&str, Range<usize>)]) -> Vec<Vec<usize>> {
    let mut home = vec![0; graph.nodes.len()];
    for (at, (_, range)) in namespaces.iter().enumerate() {
        range.clone().for_each(|node| home[node] = at);
    }
    let mut uses = vec![Vec::new(); namespaces.len()];
    for (at, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (home[edge.from], home[edge.to]);
        uses[from].push(at);
        if to != from {
            uses[to].push(at);
        }
    }
    uses
}

/// Lays out the objects of one namespace and its uses. If the other end of a use is in another namespace, that object
/// is drawn here too. `height`: returns the height of the box of an object.
pub fn band(graph: &Graph, own: Range<usize>, uses: &[usize], height: impl Fn(usize) -> f32) -> Band {
    let mut nodes: Vec<usize> = own.collect();
    nodes.extend(uses.iter().flat_map(|at| [graph.edges[*at].from, graph.edges[*at].to]));
    nodes.sort_unstable();
    nodes.dedup();
    let is_left = |node: &usize| graph.nodes[*node].role == Role::Configuration;
    let (left, right): (Vec<usize>, Vec<usize>) = nodes.into_iter().partition(is_left);
    let across: Vec<&Edge> =
        uses.iter().map(|at| &graph.edges[*at]).filter(|edge| !is_left(&edge.from)).collect();
    let (left, right) = ordered(left, right, &across);
    let mut boxes = Vec::with_capacity(left.len() + right.len());
    let mut bottom = BETWEEN;
    for node in left {
        boxes.push(Placed { node, x: MARGIN, y: bottom, height: height(node) });
        bottom += height(node) + BETWEEN;
    }
    let middles: HashMap<usize, f32> =
        boxes.iter().map(|placed| (placed.node, placed.y + placed.height / 2.0)).collect();
    let wanted = means(&across, |edge| (edge.from, middles[&edge.to]));
    let mut below = BETWEEN;
    for node in right {
        let y = wanted.get(&node).map_or(below, |middle| below.max(middle - height(node) / 2.0));
        boxes.push(Placed { node, x: MARGIN + BOX + GAP, y, height: height(node) });
        below = y + height(node) + BETWEEN;
    }
    let lines = lines(graph, uses, &boxes);
    Band { lines, boxes, width: MARGIN + BOX + GAP + BOX + BETWEEN, height: bottom.max(below) }
}

/// Sorts each column by the places of the connected objects in the other. Unconnected objects come last.
fn ordered(mut left: Vec<usize>, mut right: Vec<usize>, across: &[&Edge]) -> (Vec<usize>, Vec<usize>) {
    for _ in 0..SWEEPS {
        let places = places(&left);
        sort(&mut right, &means(across, |edge| (edge.from, places[&edge.to])));
        let places = self::places(&right);
        sort(&mut left, &means(across, |edge| (edge.to, places[&edge.from])));
    }
    (left, right)
}

#[allow(clippy::cast_precision_loss, reason = "a drawing needs no more than 24 bits")]
fn places(column: &[usize]) -> HashMap<usize, f32> {
    column.iter().enumerate().map(|(place, node)| (*node, place as f32)).collect()
}

/// Sorts a column. The sort is stable, so that objects with equal means stay in the order of their names.
fn sort(column: &mut [usize], means: &HashMap<usize, f32>) {
    let place = |node: &usize| means.get(node).copied().unwrap_or(f32::INFINITY);
    column.sort_by(|one, other| place(one).total_cmp(&place(other)));
}

/// Returns, for each object, the mean place of the objects connected with it.
fn means(across: &[&Edge], ends: impl Fn(&Edge) -> (usize, f32)) -> HashMap<usize, f32> {
    let mut sums: HashMap<usize, (f32, f32)> = HashMap::new();
    for edge in across {
        let (node, place) = ends(edge);
        let (sum, count) = sums.entry(node).or_default();
        *sum += place;
        *count += 1.0;
    }
    sums.into_iter().map(|(node, (sum, count))| (node, sum / count)).collect()
}

/// Returns the lines. Their ends are spread over the sides of the boxes, in the order of the other ends.
fn lines(graph: &Graph, uses: &[usize], boxes: &[Placed]) -> Vec<Line> {
    let at: HashMap<usize, &Placed> = boxes.iter().map(|placed| (placed.node, placed)).collect();
    let inside = |edge: &Edge| graph.nodes[edge.from].role == Role::Configuration;
    let outgoing = ports(graph, uses, |edge| (edge.to, at[&edge.from].y));
    let incoming = ports(graph, uses, |edge| (edge.from, at[&edge.to].y));
    let line = |(place, edge): (usize, &usize)| {
        let (used, user) = (at[&graph.edges[*edge].to], at[&graph.edges[*edge].from]);
        // A line between two configuration objects starts on the left side.
        let start = if inside(&graph.edges[*edge]) { used.x } else { used.x + BOX };
        Line {
            edge: *edge,
            from: (start, used.y + used.height * outgoing[place]),
            to: (user.x, user.y + user.height * incoming[place]),
        }
    };
    uses.iter().enumerate().map(line).collect()
}

/// Returns, for each use, the place of its end on the side of a box, as a fraction of the height.
#[allow(clippy::cast_precision_loss, reason = "a drawing needs no more than 24 bits")]
fn ports(graph: &Graph, uses: &[usize], end: impl Fn(&Edge) -> (usize, f32)) -> Vec<f32> {
    let mut sides: HashMap<usize, Vec<(f32, usize)>> = HashMap::new();
    for (place, edge) in uses.iter().enumerate() {
        let (node, other) = end(&graph.edges[*edge]);
        sides.entry(node).or_default().push((other, place));
    }
    let mut shares = vec![0.5; uses.len()];
    for mut side in sides.into_values() {
        side.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let count = side.len() as f32;
        for (number, (_, place)) in side.into_iter().enumerate() {
            shares[place] = (number as f32 + 1.0) / (count + 1.0);
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::graph::model::{Node, State};

    fn node(role: Role, name: &str) -> Node {
        let (kind, name, namespace) = ("Kind".to_owned(), name.to_owned(), String::new());
        let (members, reasons) = Default::default();
        Node { role, kind, namespace, name, members, versions: 1, state: State::Versioned, reasons }
    }

    fn edge(from: usize, to: usize) -> Edge {
        let (how, details, paths, reasons) = Default::default();
        Edge { from, to, how, details, paths, dangling: false, optional: false, reasons }
    }

    #[test]
    fn columns_follow_each_other_and_nothing_overlaps() {
        let nodes =
            [Role::Configuration, Role::Configuration, Role::Configuration, Role::Workload, Role::Workload];
        let nodes =
            nodes.iter().zip(["a", "b", "c", "x", "y"]).map(|(role, name)| node(*role, name)).collect();
        // x uses c, y uses a and b: without sweeps the lines would cross.
        let graph = Graph { nodes, edges: vec![edge(3, 2), edge(4, 0), edge(4, 1)] };
        let band = band(&graph, 0..5, &[0, 1, 2], |_| 40.0);
        let order: Vec<usize> = band.boxes.iter().map(|placed| placed.node).collect();
        assert_eq!(order, [0, 1, 2, 4, 3]);
        for pair in band.boxes.windows(2).filter(|pair| pair[0].x == pair[1].x) {
            assert!(pair[0].y + pair[0].height < pair[1].y, "{pair:?}");
        }
        assert!(band.boxes.iter().all(|placed| placed.y + placed.height < band.height));
    }
}
