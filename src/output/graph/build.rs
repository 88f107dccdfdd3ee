//! Builds the graph from the report.

use crate::findings::message::Message;
use crate::kube::shown::{self, HIDDEN};
use crate::output::graph::labels;
use crate::output::graph::model::{Edge, Graph, Node, Role, State};
use crate::output::relations::{Owner, Relation, State as Became};
use crate::output::report::{Entry, Finding, Report};
use crate::survey::standing::Reason;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Kinds of the Kubernetes API that run pods.
const WORKLOADS: [&str; 8] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "Pod",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
];

/// Kinds that controllers create. A cluster export has many of them for each workload.
const MADE: [&str; 4] = ["Pod", "ReplicaSet", "Job", "ReplicationController"];

/// The most steps from an object to the owner that the graph shows. A CronJob creates Jobs and they create Pods, so few
/// steps are enough.
const CHAIN: usize = 4;

/// Why an object is unused. The reason for an object that also stays under its original name ends in the same words.
const UNUSED: &str = "nothing in the input refers to it";

/// Identifies a node, and sorts the nodes: namespace, role, kind, name.
type Key = (String, Role, String, String);

/// The place of a finding: file, line, column.
type Place<'r> = (&'r str, usize, usize);

/// Builds the graph of a report. `namespace`: the namespace of objects that set none, if the caller gives one.
pub fn graph(report: &Report<'_>, namespace: Option<&str>) -> Graph {
    let mut builder = Builder::new(report, namespace.unwrap_or_default());
    report.objects.iter().for_each(|entry| builder.object(entry));
    report.references.iter().for_each(|relation| builder.relation(relation));
    builder.finish()
}

struct Builder<'r> {
    namespace: &'r str,
    objects: &'r [Entry<'r>],
    /// Positions in `objects`, by kind, namespace and name.
    by_name: HashMap<(&'r str, &'r str, &'r str), usize>,
    findings: HashMap<Place<'r>, &'r Message>,
    /// Jobs and Pods whose names end in their suffix.
    suffixed: HashSet<(&'r str, &'r str, &'r str)>,
    /// The controllers of objects in a cluster export.
    owners: HashMap<(&'r str, &'r str, &'r str), &'r Owner>,
    /// Kind, namespace and base name of each object that already has its suffix.
    versions: HashSet<(&'r str, &'r str, &'r str)>,
    /// Kind, namespace and name of each object with a pod template.
    pods: HashSet<(&'r str, Option<&'r str>, &'r str)>,
    nodes: BTreeMap<Key, Node>,
    edges: BTreeMap<(Key, Key), Edge>,
}

impl<'r> Builder<'r> {
    fn new(report: &'r Report<'r>, namespace: &'r str) -> Builder<'r> {
        let objects = report.objects.iter().enumerate();
        let place = |finding: &'r Finding<'r>| {
            Some(((finding.file?, finding.line?, finding.column?), finding.message))
        };
        let id = |entry: &'r Entry<'r>| (entry.kind, entry.namespace.unwrap_or(namespace), base(entry.name));
        let has_pods = |relation: &&Relation<'_>| labels::is_in_pod(&relation.from.path);
        let jobs = report.jobs.iter().filter(|job| job.decision == "kept");
        Builder {
            namespace,
            objects: &report.objects,
            by_name: objects
                .map(|(at, entry)| ((entry.kind, entry.namespace.unwrap_or(namespace), entry.name), at))
                .collect(),
            findings: report.findings.iter().filter_map(place).collect(),
            suffixed: jobs.map(|job| (job.kind, job.namespace.unwrap_or(namespace), job.name)).collect(),
            owners: report
                .references
                .iter()
                .filter_map(|relation| {
                    let from = &relation.from;
                    let id = (from.kind, from.namespace.unwrap_or(namespace), from.name);
                    Some((id, from.owner.as_ref()?))
                })
                .collect(),
            pods: report
                .references
                .iter()
                .filter(has_pods)
                .map(|relation| (relation.from.kind, relation.from.namespace, relation.from.name))
                .collect(),
            versions: report.objects.iter().filter(|entry| entry.decision == "kept").map(id).collect(),
            nodes: BTreeMap::new(),
            edges: BTreeMap::new(),
        }
    }

    fn object(&mut self, entry: &Entry<'_>) {
        let left = entry.decision == "left-alone";
        let state = if left { State::LeftAlone } else { State::Versioned };
        let key = self.key_of(entry);
        if left && self.is_beside_a_version(entry) {
            let node = self.nodes.entry(key.clone()).or_insert_with(|| node(&key, State::Versioned));
            node.reasons.insert("also stays under its own name".to_owned());
            return;
        }
        let node = self.nodes.entry(key.clone()).or_insert_with(|| node(&key, state));
        if entry.decision == "kept" {
            node.members.insert(format!("{}/{}", entry.kind, entry.name));
        }
        node.versions += 1;
        node.state = node.state.max(state);
        node.reasons.extend(entry.reason.map(str::to_owned));
        node.reasons.extend(entry.original.map(|why| format!("also stays under its own name: {why}")));
    }

    /// True for the copy of a version under its original name, which has the same key as the version.
    fn is_beside_a_version(&self, entry: &Entry<'_>) -> bool {
        let namespace = entry.namespace.unwrap_or(self.namespace);
        entry.reason == Some(Reason::Original.explain())
            && self.versions.contains(&(entry.kind, namespace, entry.name))
    }

    fn relation(&mut self, relation: &'r Relation<'r>) {
        let from = self.referrer(relation);
        let dangling = relation.state == Became::Dangling;
        let place = (relation.from.file, relation.from.line, relation.from.column);
        let reason = self
            .findings
            .get(&place)
            .filter(|_| dangling)
            .map(|message| shown::line(&message.read()).into_owned());
        let to = self.used(relation, reason.as_ref());
        let edge = self.edges.entry((from, to)).or_insert_with(|| Edge {
            from: 0,
            to: 0,
            how: BTreeSet::new(),
            details: BTreeMap::new(),
            paths: BTreeSet::new(),
            dangling: false,
            optional: true,
            reasons: BTreeSet::new(),
        });
        let how = shown::line(&labels::how(relation.how, &relation.from.path)).into_owned();
        if let Some(detail) = &relation.detail {
            edge.details.entry(how.clone()).or_default().insert(detail.clone());
        }
        edge.how.insert(how);
        edge.paths.insert(shown::line(&relation.from.path).into_owned());
        edge.dangling |= dangling;
        edge.optional &= relation.optional;
        edge.reasons.extend(reason);
    }

    /// Adds the node of the object that refers.
    fn referrer(&mut self, relation: &'r Relation<'r>) -> Key {
        let from = &relation.from;
        let namespace = from.namespace.unwrap_or(self.namespace);
        if let Some(at) = self.by_name.get(&(from.kind, namespace, from.name)) {
            return self.key_of(&self.objects[*at]);
        }
        let (kind, name) = self.controller(from.kind, namespace, from.name);
        let runs_pods = WORKLOADS.contains(&from.kind)
            || WORKLOADS.contains(&kind)
            || self.pods.contains(&(from.kind, from.namespace, from.name));
        let role = if runs_pods { Role::Workload } else { Role::Other };
        let suffixed = self.suffixed.contains(&(kind, namespace, name));
        let name = match name {
            // Two objects whose names cannot be shown are still two objects.
            HIDDEN => format!("{HIDDEN} (document {})", from.document),
            name if suffixed => base(name).to_owned(),
            name => name.to_owned(),
        };
        let key = (namespace.to_owned(), role, kind.to_owned(), name);
        let node = self.nodes.entry(key.clone()).or_insert_with(|| node(&key, State::Referrer));
        node.versions = node.versions.max(1);
        if (from.kind, from.name) != (&*node.kind, &*node.name) {
            node.members.insert(format!("{}/{}", from.kind, from.name));
        }
        key
    }

    /// Returns the topmost controller of an object, as a Deployment owns ReplicaSets and they own Pods; without one,
    /// the object itself.
    fn controller(&self, kind: &'r str, namespace: &'r str, name: &'r str) -> (&'r str, &'r str) {
        let mut at = (kind, name);
        for _ in 0..CHAIN {
            let owner = self.owners.get(&(at.0, namespace, at.1));
            // A static Pod has its Node as owner.
            let Some(owner) = owner.filter(|owner| MADE.contains(&at.0) && owner.kind != "Node") else {
                break;
            };
            at = (&owner.kind, &owner.name);
        }
        at
    }

    /// Adds the node of the object that is used.
    fn used(&mut self, relation: &Relation<'_>, reason: Option<&String>) -> Key {
        let to = &relation.to;
        if let Some(entry) = to.object.and_then(|at| self.objects.get(at)) {
            return self.key_of(entry);
        }
        let namespace = to.namespace.unwrap_or(self.namespace).to_owned();
        let key = (namespace, Role::Configuration, to.kinds.join(" or "), to.name.to_owned());
        let state = if relation.state == Became::Dangling { State::Dangling } else { State::Outside };
        let node = self.nodes.entry(key.clone()).or_insert_with(|| node(&key, state));
        // If the reference names a missing version, an object of the input may have the same key. It keeps its own
        // state.
        if node.versions == 0 {
            node.state = node.state.max(state);
            node.reasons.extend(reason.cloned());
        }
        key
    }

    fn key_of(&self, entry: &Entry<'_>) -> Key {
        let name = if entry.decision == "kept" { base(entry.name) } else { entry.name };
        let namespace = entry.namespace.unwrap_or(self.namespace).to_owned();
        (namespace, Role::Configuration, entry.kind.to_owned(), name.to_owned())
    }

    fn finish(mut self) -> Graph {
        let used: HashSet<&Key> = self.edges.keys().map(|(_, to)| to).collect();
        for (key, node) in &mut self.nodes {
            let unused = node.role == Role::Configuration && node.versions > 0 && !used.contains(key);
            if unused {
                node.state = node.state.max(State::Unused);
                if !node.reasons.iter().any(|reason| reason.ends_with(UNUSED)) {
                    node.reasons.insert(UNUSED.to_owned());
                }
            }
            if node.state == State::Outside {
                node.reasons.insert("not in the input: it must be in the cluster".to_owned());
            }
        }
        let position: HashMap<&Key, usize> =
            self.nodes.keys().enumerate().map(|(at, key)| (key, at)).collect();
        let edges = self.edges.iter().map(|((from, to), edge)| Edge {
            from: position[from],
            to: position[to],
            ..edge.clone()
        });
        Graph { edges: edges.collect(), nodes: self.nodes.values().cloned().collect() }
    }
}

fn node((namespace, role, kind, name): &Key, state: State) -> Node {
    Node {
        role: *role,
        kind: kind.clone(),
        namespace: namespace.clone(),
        name: name.clone(),
        members: BTreeSet::new(),
        versions: 0,
        state,
        reasons: BTreeSet::new(),
    }
}

/// Returns the name without the last `-` and what follows, which the caller knows to be the suffix.
fn base(name: &str) -> &str {
    name.rsplit_once('-').map_or(name, |(base, _)| base)
}
