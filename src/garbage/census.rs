//! One pass over an export: which kinds of object it holds where, which it ought to hold, and what each ConfigMap and
//! Secret says of its life.
//!
//! Judges nothing; `complete` does.

use super::cut::Envelope;
use super::homes::Home;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::kube::carried::Carried;
use crate::kube::object::{ObjectId, TargetKind, View, objects};
use crate::kube::time;
use crate::options::Options;
use crate::survey::inventory::TargetIndex;
use crate::survey::standing::{self, Reason, Standing};
use crate::text::source::{Source, Span};
use crate::yaml::split::Document;
use crate::yaml::{self, NodeId, Tree};
use indexmap::IndexMap;
use indexmap::map::Entry;
use std::borrow::Cow;
use std::collections::HashSet;

/// A kind in a namespace; the namespace of what is cluster-scoped is empty.
pub(super) type Place<'s> = (Cow<'s, str>, Cow<'s, str>);

/// Why a kind has to be there.
#[derive(Debug)]
pub(super) struct Need<'s> {
    /// The object that tells.
    pub(super) by: ObjectId<'s>,
    /// How it tells, to follow its name.
    pub(super) why: &'static str,
    /// `kind.group` as kubectl takes it.
    pub(super) resource: String,
    /// Where that is.
    pub(super) place: Span,
    /// Number of the document.
    pub(super) document: u32,
}

/// What a ConfigMap or Secret says of its life.
#[derive(Debug)]
pub(super) struct Life {
    /// Seconds since 1970; `None` when absent or no point in time.
    pub(super) created: Option<i64>,
    /// It is being deleted already.
    pub(super) deleting: bool,
    /// A controller owns it.
    pub(super) owned: bool,
    /// Something must be done before it may go.
    pub(super) finalizers: bool,
    /// Reasons to leave it alone, except its name.
    pub(super) leave: Option<&'static str>,
    /// A Secret's `type`.
    pub(super) secret_type: Box<str>,
}

/// All that one pass finds.
#[derive(Debug, Default)]
pub(super) struct Census<'s> {
    pub(super) present: HashSet<Place<'s>>,
    pub(super) needs: IndexMap<Place<'s>, Need<'s>>,
    /// Every object.
    pub(super) homes: Vec<Home<'s>>,
    /// In the order of the inventory's targets.
    pub(super) lives: Arena<TargetIndex, Life>,
    /// Where a list says that it goes on elsewhere, and in which document.
    pub(super) continued: Vec<(Span, u32)>,
    /// Documents that hold something other than objects.
    pub(super) strangers: Vec<(Span, u32)>,
}

/// Looks at every object. Documents that cannot be read are the inventory's to report.
pub(super) fn take<'s>(
    source: &'s Source,
    documents: &[Document],
    envelopes: &[Envelope],
    options: &Options,
) -> Census<'s> {
    let mut census = Census::default();
    let mut tree = Tree::default();
    for document in documents {
        if yaml::parse(source.slice(document.span), document.span.start, &mut tree).is_ok() {
            census.document(*document, &tree, options);
        }
    }
    for envelope in envelopes {
        census.envelope(envelope);
    }
    census
}

impl<'s> Census<'s> {
    /// True when an object of this kind is anywhere.
    pub(super) fn has(&self, kind: &str) -> bool {
        self.present.iter().any(|(_, present)| present == kind)
    }

    fn document(&mut self, document: Document, tree: &Tree<'s>, options: &Options) {
        let Some(root) = tree.root() else { return };
        if tree.text_of(root, "kind").is_none_or(str::is_empty) {
            self.strangers.push((Span::empty(tree.node(root).span.start), document.number));
        }
        if let Some(at) = goes_on(tree, root) {
            self.continued.push((tree.node(at).span, document.number));
        }
        for view in objects(tree) {
            self.object(document, &view, options);
        }
    }

    fn envelope(&mut self, envelope: &Envelope) {
        let mut tree = Tree::default();
        let read = yaml::parse(&envelope.text, 0, &mut tree);
        let Some(at) = read.ok().and_then(|()| goes_on(&tree, tree.root()?)) else { return };
        let span = tree.node(at).span;
        let place = Span { start: envelope.place(span.start), end: envelope.place(span.end) };
        self.continued.push((place, envelope.document));
    }

    fn object(&mut self, document: Document, view: &View<'_, 's>, options: &Options) {
        let id = view.id();
        let namespace = id.namespace.clone().unwrap_or_default();
        self.homes.push(Home::new(view, id.clone(), holds_pods(view.group(), &id.kind)));
        match view.target_kind() {
            Some(kind) => self.lives.extend([life(view, kind, options)]),
            None => self.needs_of(document, view, &id),
        }
        self.present.insert((namespace, id.kind));
    }

    /// What must be there when this object is there.
    fn needs_of(&mut self, document: Document, view: &View<'_, 's>, id: &ObjectId<'s>) {
        let mut need = |kind: Cow<'s, str>, group: &str, why, node: NodeId| {
            let namespace = id.namespace.clone().unwrap_or_default();
            if let Entry::Vacant(entry) = self.needs.entry((namespace, kind)) {
                let (place, document) = (view.tree.node(node).span, document.number);
                let resource = resource(&entry.key().1, group);
                entry.insert(Need { by: id.clone(), why, resource, place, document });
            }
        };
        let name = view.meta("name").unwrap_or(view.root);
        match (view.group(), id.kind.as_ref()) {
            ("apps" | "extensions", "Deployment") => {
                need("ReplicaSet".into(), "apps", "has its earlier pod templates in ReplicaSets", name);
            }
            ("apps" | "extensions", "StatefulSet" | "DaemonSet") => {
                need(
                    "ControllerRevision".into(),
                    "apps",
                    "has its earlier pod templates in ControllerRevisions",
                    name,
                );
            }
            _ => {}
        }
        if !holds_pods(view.group(), &id.kind) {
            return;
        }
        if RUNNING.iter().any(|field| has_pods(view, field)) {
            need("Pod".into(), "", "says in its status that it has pods", name);
        }
        for owner in owners(view) {
            let text = |field| view.tree.get(owner, field).and_then(|node| view.tree.name(node));
            let (Some(kind), Some(version)) = (text("kind"), text("apiVersion")) else { continue };
            let group = version.split_once('/').map_or("", |(group, _)| group);
            // The kubelet owns the pods that it makes from files of its own.
            if (group, kind.as_ref()) != ("", "Node") {
                need(kind, group, "is owned by one", owner);
            }
        }
    }
}

/// Numbers of pods in the status of what makes pods.
const RUNNING: [&str; 3] = ["replicas", "active", "currentNumberScheduled"];

fn has_pods(view: &View<'_, '_>, field: &str) -> bool {
    let number = view.field("status").and_then(|status| view.tree.text_of(status, field));
    number.and_then(|number| number.parse::<u64>().ok()).is_some_and(|number| number > 0)
}

/// Kinds that hold a pod, a template of one, or a revision of a template.
fn holds_pods(group: &str, kind: &str) -> bool {
    match group {
        "" => matches!(kind, "Pod" | "ReplicationController" | "PodTemplate"),
        "apps" | "extensions" => {
            matches!(kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "ControllerRevision")
        }
        "batch" => matches!(kind, "Job" | "CronJob"),
        _ => false,
    }
}

fn owners<'v>(view: &'v View<'_, '_>) -> impl Iterator<Item = NodeId> + 'v {
    let owners = view.meta("ownerReferences").map(|node| view.tree.deref(node));
    owners.into_iter().flat_map(|node| view.tree.items(node)).filter(|owner| view.tree.is_mapping(*owner))
}

/// Kind and group as `kubectl get` takes them.
fn resource(kind: &str, group: &str) -> String {
    let kind = kind.to_lowercase();
    match group {
        "" | "apps" | "batch" => kind,
        _ => format!("{kind}.{group}"),
    }
}

/// The field by which a list says that it is one page of several, or was cut short.
fn goes_on(tree: &Tree<'_>, list: NodeId) -> Option<NodeId> {
    let kind = tree.text_of(list, "kind")?;
    let metadata = tree.get(list, "metadata").filter(|_| kind.ends_with("List"))?;
    let set = |field| {
        tree.get(metadata, field)
            .filter(|node| tree.text(*node).is_some_and(|text| !matches!(text, "" | "0" | "null")))
    };
    set("continue").or_else(|| set("remainingItemCount"))
}

fn life(view: &View<'_, '_>, kind: TargetKind, options: &Options) -> Life {
    let tree = view.tree;
    let non_empty =
        |name| view.meta(name).is_some_and(|node| tree.children(tree.deref(node)).next().is_some());
    let created = view.meta("creationTimestamp").and_then(|node| tree.text(node));
    Life {
        created: created.and_then(time::moment),
        deleting: view.meta("deletionTimestamp").and_then(|node| tree.name(node)).is_some(),
        owned: non_empty("ownerReferences"),
        finalizers: non_empty("finalizers"),
        leave: leave(standing::standing(view, kind, Carried::No, options)),
        secret_type: view.field("type").and_then(|node| tree.text(node)).map(Into::into).unwrap_or_default(),
    }
}

/// Why the object would be left alone if its name did not carry its hash.
fn leave(standing: Result<Standing, Box<Diagnostic>>) -> Option<&'static str> {
    match standing {
        // Empty content is content too: the hash in the name says that nothing fills it.
        Ok(Standing::Leave(Reason::NoData)) => None,
        Ok(Standing::Leave(reason)) => Some(reason.explain()),
        Ok(_) => None,
        Err(_) => Some("its annotation `immutably.dev/mode` has an unknown value"),
    }
}
