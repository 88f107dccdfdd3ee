//! Selects a part of a graph: by namespace, kind and name, or by the uses of one object.

use crate::output::graph::labels;
use crate::output::graph::model::{Graph, Node};
use crate::rules::glob;

/// Which part to keep. An empty or absent field keeps everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Patterns for namespaces, where `*` matches any characters.
    pub namespaces: Vec<String>,
    /// Patterns for kinds, case-insensitive.
    pub kinds: Vec<String>,
    /// Patterns for names.
    pub names: Vec<String>,
    /// `KIND/NAME`: only what these objects use, directly or indirectly. A version and a Pod of a controller may have
    /// the name that they have in the input.
    pub used_by: Vec<String>,
    /// `KIND/NAME`: only what uses these objects, directly or indirectly.
    pub uses: Vec<String>,
    /// The most steps from these objects; `None` for no limit.
    pub depth: Option<usize>,
}

impl Selection {
    /// Returns the selected part of the graph. It includes the direct neighbours of the objects that match the
    /// patterns.
    ///
    /// # Errors
    /// Returns the first `KIND/NAME` that is not in the graph.
    pub fn of(&self, graph: &Graph) -> Result<Graph, String> {
        let reached = graph.only(&self.reached(graph)?);
        let matched: Vec<bool> = reached.nodes.iter().map(|node| self.matches(node)).collect();
        let mut keep = matched.clone();
        for edge in &reached.edges {
            keep[edge.from] |= matched[edge.to];
            keep[edge.to] |= matched[edge.from];
        }
        Ok(reached.only(&keep))
    }

    fn matches(&self, node: &Node) -> bool {
        let any = |patterns: &[String], text: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| glob(pattern, text))
        };
        let kind = node.kind.to_ascii_lowercase();
        any(&self.namespaces, &node.namespace)
            && any(&self.names, &node.name)
            && (self.kinds.is_empty()
                || self.kinds.iter().any(|pattern| glob(&pattern.to_ascii_lowercase(), &kind)))
    }

    fn reached(&self, graph: &Graph) -> Result<Vec<bool>, String> {
        if self.used_by.is_empty() && self.uses.is_empty() {
            return Ok(vec![true; graph.nodes.len()]);
        }
        let forward = graph.edges.iter().map(|edge| (edge.from, edge.to));
        let depth = self.depth.unwrap_or(usize::MAX);
        let down = from(graph, &self.used_by, depth, forward)?;
        let backward = graph.edges.iter().map(|edge| (edge.to, edge.from));
        let up = from(graph, &self.uses, depth, backward)?;
        Ok(down.into_iter().zip(up).map(|(down, up)| down || up).collect())
    }
}

/// Returns what at most `depth` steps reach from the named objects.
fn from(
    graph: &Graph,
    named: &[String],
    depth: usize,
    steps: impl Iterator<Item = (usize, usize)>,
) -> Result<Vec<bool>, String> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    steps.for_each(|(from, to)| next[from].push(to));
    let mut reached = vec![false; graph.nodes.len()];
    let mut open: Vec<usize> = Vec::new();
    for name in named {
        let is_named = |node: &Node| {
            labels::object(node).eq_ignore_ascii_case(name)
                || node.members.iter().any(|member| member.eq_ignore_ascii_case(name))
        };
        let before = open.len();
        open.extend((0..graph.nodes.len()).filter(|at| is_named(&graph.nodes[*at])));
        if open.len() == before {
            return Err(name.clone());
        }
    }
    open.iter().for_each(|at| reached[*at] = true);
    let mut step = 0;
    while !open.is_empty() && step < depth {
        let behind = open.iter().flat_map(|at| &next[*at]).copied();
        open = behind.filter(|at| !std::mem::replace(&mut reached[*at], true)).collect();
        step += 1;
    }
    Ok(reached)
}
