//! One pass over an export: which kinds of object it contains in which namespaces, which it should contain, and the
//! metadata of each ConfigMap and Secret that `gc` needs.
//!
//! Must not decide; `complete` does.

use super::cut::Envelope;
use super::homes::Home;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::kube::carried::Carried;
use crate::kube::object::{ObjectId, TargetKind, View, objects};
use crate::kube::signs::Signs;
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
use std::collections::{HashMap, HashSet};

/// A namespace and a kind. The namespace of a cluster-scoped object is empty.
pub(super) type Place<'s> = (Cow<'s, str>, Cow<'s, str>);

/// A kind that the export should contain.
#[derive(Debug)]
pub(super) struct Need<'s> {
    /// The object that requires it.
    pub(super) by: ObjectId<'s>,
    /// Why the object requires it, in words that follow its name.
    pub(super) why: &'static str,
    /// The resource in the form `kind.group` for kubectl.
    pub(super) resource: String,
    /// The place in that object.
    pub(super) place: Span,
    /// The number of its document.
    pub(super) document: u32,
}

/// The kinds that the export should contain, each with the first object that requires it.
type Needs<'s> = IndexMap<Place<'s>, Need<'s>>;

/// The metadata of a ConfigMap or Secret.
#[derive(Debug)]
pub(super) struct Life {
    /// The creation time in seconds since 1970; `None` if it is absent or not a time.
    pub(super) created: Option<i64>,
    /// True if the object is already being deleted.
    pub(super) deleting: bool,
    /// True if it has an owner.
    pub(super) owned: bool,
    /// True if it has finalizers.
    pub(super) finalizers: bool,
    /// Why it would be left alone whatever its name.
    pub(super) leave: Option<&'static str>,
    /// The `type` of a Secret.
    pub(super) secret_type: Box<str>,
}

/// The result of the pass.
#[derive(Debug, Default)]
pub(super) struct Census<'s> {
    pub(super) present: HashSet<Place<'s>>,
    pub(super) needs: Needs<'s>,
    /// Every object.
    pub(super) homes: Vec<Home<'s>>,
    /// In the order of the targets in the inventory.
    pub(super) lives: Arena<TargetIndex, Life>,
    /// Lists that are only a part of the result, each with the number of its document.
    pub(super) continued: Vec<(Span, u32)>,
    /// Documents that are not objects, each with its number and what was expected.
    pub(super) strangers: Vec<(Span, u32, &'static str)>,
    /// The owners of the objects that hold no pods, by the place of these objects.
    owned: HashMap<Place<'s>, Needs<'s>>,
}

/// Examines every object. The inventory reports documents that cannot be read.
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
    census.follow_owners();
    census
}

impl<'s> Census<'s> {
    /// True if any namespace contains an object of this kind.
    pub(super) fn has(&self, kind: &str) -> bool {
        self.present.iter().any(|(_, present)| present == kind)
    }

    fn document(&mut self, document: Document, tree: &Tree<'s>, options: &Options) {
        let Some(root) = tree.root() else { return };
        let expected = match tree.text_of(root, "kind").unwrap_or_default() {
            "" => Some("expected `apiVersion` and `kind`"),
            "Status" => Some("the API server answered with a `Status`, not with a list"),
            _ => None,
        };
        let place = Span::empty(tree.node(root).span.start);
        self.strangers.extend(expected.map(|expected| (place, document.number, expected)));
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

    /// Records the kinds that must exist if this object exists.
    fn needs_of(&mut self, document: Document, view: &View<'_, 's>, id: &ObjectId<'s>) {
        let namespace = id.namespace.clone().unwrap_or_default();
        let holds_pods = holds_pods(view.group(), &id.kind);
        let needs = match holds_pods {
            true => &mut self.needs,
            false if owners(view).next().is_none() => return,
            false => self.owned.entry((namespace.clone(), id.kind.clone())).or_default(),
        };
        let mut need = |kind: Cow<'s, str>, group: &str, why, node: NodeId| {
            if let Entry::Vacant(entry) = needs.entry((namespace.clone(), kind)) {
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
        if holds_pods && RUNNING.iter().any(|field| has_pods(view, field)) {
            need("Pod".into(), "", "says in its status that it has pods", name);
        }
        for owner in owners(view) {
            let text = |field| view.tree.get(owner, field).and_then(|node| view.tree.name(node));
            let (Some(kind), Some(version)) = (text("kind"), text("apiVersion")) else { continue };
            let group = version.split_once('/').map_or("", |(group, _)| group);
            // The kubelet owns the pods that it creates from its own files.
            if (group, kind.as_ref()) != ("", "Node") {
                need(kind, group, "is owned by one", owner);
            }
        }
    }

    /// Adds the owners of the objects that are needed as owners. The template of the next pod may be in any of them: a
    /// CronWorkflow owns Workflows, and these own Pods.
    fn follow_owners(&mut self) {
        let mut at = 0;
        while let Some(((namespace, kind), _)) = self.needs.get_index(at) {
            let places = [namespace.clone(), "".into()].map(|namespace| (namespace, kind.clone()));
            for (owner, need) in places.iter().filter_map(|place| self.owned.remove(place)).flatten() {
                self.needs.entry(owner).or_insert(need);
            }
            at += 1;
        }
    }
}

/// Fields of a status that contain a number of pods.
const RUNNING: [&str; 3] = ["replicas", "active", "currentNumberScheduled"];

fn has_pods(view: &View<'_, '_>, field: &str) -> bool {
    let number = view.field("status").and_then(|status| view.tree.text_of(status, field));
    number.and_then(|number| number.parse::<u64>().ok()).is_some_and(|number| number > 0)
}

/// True for a kind that contains a pod, a pod template, or a revision of a template.
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

/// Returns kind and group in the form that `kubectl get` accepts.
fn resource(kind: &str, group: &str) -> String {
    let kind = kind.to_lowercase();
    match group {
        "" | "apps" | "batch" => kind,
        _ => format!("{kind}.{group}"),
    }
}

/// Returns the field in which a list states that it is one page of several, or was truncated.
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
        leave: leave(standing::standing(view, (kind, Carried::No), Signs::ANYTHING, options)),
        secret_type: view.field("type").and_then(|node| tree.text(node)).map(Into::into).unwrap_or_default(),
    }
}

/// Returns why the object would be left alone if its name did not contain its hash.
fn leave(standing: Result<Standing, Box<Diagnostic>>) -> Option<&'static str> {
    match standing {
        // Empty content is normal here: the hash in the name shows that nothing fills the object at run time.
        Ok(Standing::Leave(Reason::NoData)) => None,
        Ok(Standing::Leave(reason)) => Some(reason.explain()),
        Ok(_) => None,
        Err(_) => Some("its annotation `immutably.dev/mode` has an unknown value"),
    }
}
