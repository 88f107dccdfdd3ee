//! Folds a graph that is too large to draw into one node for each namespace.

use crate::output::graph::labels;
use crate::output::graph::model::{Edge, Graph, Node, Role, State};
use std::collections::{BTreeMap, BTreeSet};

/// Returns a graph with one node for each namespace and an edge for the uses between two namespaces. If there are more
/// than `nodes` namespaces, the last node combines the smallest ones. At most `edges` edges remain.
pub fn folded(graph: &Graph, nodes: usize, edges: usize) -> Graph {
    let namespaces = graph.namespaces();
    let mut largest: Vec<usize> = (0..namespaces.len()).collect();
    largest.sort_by_key(|at| (usize::MAX - namespaces[*at].1.len(), *at));
    let rest = if namespaces.len() > nodes { largest.split_off(nodes.saturating_sub(1)) } else { Vec::new() };
    largest.sort_unstable();
    let mut home = vec![largest.len(); graph.nodes.len()];
    for (place, at) in largest.iter().enumerate() {
        namespaces[*at].1.clone().for_each(|node| home[node] = place);
    }
    let mut summed: Vec<Node> =
        largest.iter().map(|at| summary(graph, namespaces[*at].0, namespaces[*at].1.clone())).collect();
    if !rest.is_empty() {
        let objects = rest.iter().flat_map(|at| namespaces[*at].1.clone());
        summed.push(summary(graph, &format!("{} other namespaces", rest.len()), objects));
    }
    Graph { nodes: summed, edges: across(graph, &home, edges) }
}

/// Returns one node for several objects.
fn summary(graph: &Graph, namespace: &str, objects: impl Iterator<Item = usize>) -> Node {
    let mut counts: BTreeMap<Role, usize> = BTreeMap::new();
    let mut states: BTreeMap<State, usize> = BTreeMap::new();
    for node in objects.map(|at| &graph.nodes[at]) {
        *counts.entry(node.role).or_default() += 1;
        *states.entry(node.state).or_default() += 1;
    }
    let count = |role| counts.get(&role).copied().unwrap_or_default();
    let attention = [State::Outside, State::Unused, State::LeftAlone, State::Dangling];
    let named = attention.iter().filter_map(|state| Some((state, states.get(state)?)));
    Node {
        role: Role::Configuration,
        kind: format!(
            "{} configuration, {} workloads, {} others",
            count(Role::Configuration),
            count(Role::Workload),
            count(Role::Other)
        ),
        namespace: labels::namespace(namespace).to_owned(),
        name: labels::cut(labels::namespace(namespace), 40),
        members: BTreeSet::new(),
        versions: 0,
        state: states.keys().copied().max().unwrap_or(State::Referrer),
        reasons: named.map(|(state, count)| format!("{count} {}", state.as_str())).collect(),
    }
}

/// Returns the uses between folded nodes. If there are more than `most`, those with the highest counts remain.
fn across(graph: &Graph, home: &[usize], most: usize) -> Vec<Edge> {
    let mut uses: BTreeMap<(usize, usize), (usize, bool)> = BTreeMap::new();
    for edge in &graph.edges {
        let (from, to) = (home[edge.from], home[edge.to]);
        if from != to {
            let (count, dangling) = uses.entry((from, to)).or_default();
            *count += 1;
            *dangling |= edge.dangling;
        }
    }
    let mut uses: Vec<_> = uses.into_iter().collect();
    uses.sort_by_key(|(ends, (count, _))| (usize::MAX - count, *ends));
    uses.truncate(most);
    uses.sort_unstable();
    let edge = |((from, to), (count, dangling))| Edge {
        from,
        to,
        how: BTreeSet::from([if count == 1 { "1 use".to_owned() } else { format!("{count} uses") }]),
        details: BTreeMap::new(),
        paths: BTreeSet::new(),
        dangling,
        optional: false,
        reasons: BTreeSet::new(),
    };
    uses.into_iter().map(edge).collect()
}
