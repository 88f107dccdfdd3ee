//! The graph as data: nodes, edges and their states.
//!
//! Must not depend on any format.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The whole graph. Nodes are sorted by namespace, role, kind and name; edges by the nodes that they connect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Graph {
    /// Every object.
    pub nodes: Vec<Node>,
    /// Every use, from the object that refers to the object that is used.
    pub edges: Vec<Edge>,
}

/// One object, or several versions of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Its role in the graph.
    pub role: Role,
    /// Its kind; `ConfigMap or Secret` if the field accepts either and the input contains neither.
    pub kind: String,
    /// Its namespace; empty if it sets none.
    pub namespace: String,
    /// Its name, without the suffix of a version.
    pub name: String,
    /// `KIND/NAME` of what it stands for, if that has other names: versions, and Pods of a controller.
    #[serde(skip)]
    pub members: BTreeSet<String>,
    /// The number of versions in the input; 0 for an object that is not in the input.
    pub versions: usize,
    /// What happened to it.
    pub state: State,
    /// Why it is left alone, or what is wrong with it.
    pub reasons: BTreeSet<String>,
}

/// The role of an object in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A ConfigMap or a Secret.
    Configuration,
    /// An object that runs pods.
    Workload,
    /// Anything else that refers to a ConfigMap or a Secret.
    Other,
}

/// What happened to an object, in ascending order of the attention that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It only refers to others.
    Referrer,
    /// Its name ends in its hash.
    Versioned,
    /// It is not in the input.
    Outside,
    /// Nothing in the input refers to it.
    Unused,
    /// It keeps its name.
    LeftAlone,
    /// It is not in the input, and probably not in the cluster.
    Dangling,
}

impl State {
    /// Every state.
    pub const ALL: [State; 6] =
        [State::Referrer, State::Versioned, State::Outside, State::Unused, State::LeftAlone, State::Dangling];

    /// Returns the state in words.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Referrer => "referrer",
            State::Versioned => "versioned",
            State::Outside => "outside",
            State::Unused => "unused",
            State::LeftAlone => "left alone",
            State::Dangling => "dangling",
        }
    }
}

/// One object that uses another, in one or more fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// The position of the node that refers.
    pub from: usize,
    /// The position of the node that is used.
    pub to: usize,
    /// How, such as `env` or `volume`.
    pub how: BTreeSet<String>,
    /// Environment variables and mount paths, by how they are used.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, BTreeSet<String>>,
    /// The fields, as paths.
    pub paths: BTreeSet<String>,
    /// True if one of the fields leads nowhere.
    pub dangling: bool,
    /// True if the object works without all of these references.
    pub optional: bool,
    /// What is wrong with the fields that lead nowhere.
    pub reasons: BTreeSet<String>,
}

/// The totals of a graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// ConfigMaps and Secrets in the input.
    pub configuration: usize,
    /// Objects that run pods.
    pub workloads: usize,
    /// Other objects that refer to configuration.
    pub others: usize,
    /// Uses: pairs of objects, however many fields connect them.
    pub uses: usize,
    /// Uses that lead nowhere.
    pub dangling: usize,
    /// Configuration objects that keep their names.
    pub left_alone: usize,
    /// Configuration objects that nothing in the input refers to, whatever their state.
    pub unused: usize,
    /// Configuration objects outside the input, except dangling ones.
    pub outside: usize,
}

impl Graph {
    /// Computes the totals.
    pub fn sums(&self) -> Sums {
        let mut used = vec![false; self.nodes.len()];
        self.edges.iter().for_each(|edge| used[edge.to] = true);
        let mut sums = Sums {
            uses: self.edges.len(),
            dangling: self.edges.iter().filter(|edge| edge.dangling).count(),
            ..Sums::default()
        };
        for (node, used) in self.nodes.iter().zip(used) {
            let here = node.role == Role::Configuration && node.versions > 0;
            sums.configuration += usize::from(here);
            sums.workloads += usize::from(node.role == Role::Workload);
            sums.others += usize::from(node.role == Role::Other);
            sums.left_alone += usize::from(node.state == State::LeftAlone);
            sums.unused += usize::from(here && !used);
            sums.outside += usize::from(node.state == State::Outside);
        }
        sums
    }

    /// Returns the namespaces in order, each with the positions of its nodes.
    pub fn namespaces(&self) -> Vec<(&str, std::ops::Range<usize>)> {
        let mut found: Vec<(&str, std::ops::Range<usize>)> = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            match found.last_mut() {
                Some((namespace, range)) if *namespace == node.namespace => range.end = at + 1,
                _ => found.push((&node.namespace, at..at + 1)),
            }
        }
        found
    }

    /// Returns the graph reduced to the nodes in `keep` and the edges between them.
    #[must_use]
    pub fn only(&self, keep: &[bool]) -> Graph {
        let mut position = Vec::with_capacity(self.nodes.len());
        let mut nodes = Vec::new();
        for (node, keep) in self.nodes.iter().zip(keep) {
            position.push(nodes.len());
            nodes.extend(keep.then(|| node.clone()));
        }
        let kept = self.edges.iter().filter(|edge| keep[edge.from] && keep[edge.to]);
        let moved = |edge: &Edge| Edge { from: position[edge.from], to: position[edge.to], ..edge.clone() };
        Graph { edges: kept.map(moved).collect(), nodes }
    }
}
