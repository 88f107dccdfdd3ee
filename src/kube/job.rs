//! Jobs and bare Pods: objects whose pod template cannot change once they are in the cluster.
//!
//! Reads such an object while the tree of its document exists. An object that a deployer deletes or replaces first is
//! not included, because its template can change.

use crate::kube::annotations::{MODE, is_hook};
use crate::kube::arena::arena_index;
use crate::kube::object::{ObjectId, ObjectIndex, View};
use crate::text::source::Span;
use crate::yaml::{NodeId, Site};

/// The two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// `Job` of any version of the group `batch`.
    Job,
    /// core/v1 `Pod` that nothing else created.
    Pod,
}

impl JobKind {
    /// Returns the job kind of this kind in this API group.
    pub fn of(group: &str, kind: &str) -> Option<JobKind> {
        match (group, kind) {
            ("batch", "Job") => Some(JobKind::Job),
            ("", "Pod") => Some(JobKind::Pod),
            _ => None,
        }
    }

    /// Returns the name of the kind in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Job => "Job",
            JobKind::Pod => "Pod",
        }
    }

    /// Returns the field that cannot change.
    pub fn fixed(self) -> &'static str {
        match self {
            JobKind::Job => "spec.template",
            JobKind::Pod => "spec",
        }
    }

    /// Returns the maximum length of a name in characters. The name of a Job becomes a label value.
    pub fn longest_name(self) -> usize {
        match self {
            JobKind::Job => 63,
            JobKind::Pod => crate::kube::names::LONGEST_NAME,
        }
    }
}

/// The value of the annotation [`MODE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// No annotation.
    Open,
    /// `version`: version it in any case, despite options and mentions of its name.
    Version,
    /// An unknown value, with its place.
    Unknown(Span),
}

arena_index! {
    /// The index of a Job or bare Pod among those of the stream.
    JobIndex
}

/// A Job or bare Pod whose template cannot change.
#[derive(Clone, Debug)]
pub struct Job<'s> {
    /// The kind.
    pub kind: JobKind,
    /// The identity.
    pub id: ObjectId<'s>,
    /// Its index among the objects of the inventory; `None` if it has no references.
    pub object: Option<ObjectIndex>,
    /// The 1-based number of its document.
    pub document: u32,
    /// The bytes of the object.
    pub span: Span,
    /// The place of its name.
    pub name: Site,
    /// The bytes of the field that cannot change.
    pub template: Span,
    /// The value of the annotation.
    pub mode: Mode,
    /// True if host names of its pods contain its name, so that pods find each other by it.
    pub names_hosts: bool,
}

/// Returns the object as a Job or Pod whose template cannot change; `None` for all others.
pub fn read<'s>(view: &View<'_, 's>, group: &str, id: &ObjectId<'s>, document: u32) -> Option<Job<'s>> {
    let kind = JobKind::of(group, &id.kind)?;
    // Without a name, the API server generates one, so each apply creates another object.
    let name = view.meta("name").filter(|_| !id.name.is_empty())?;
    let template = template(view, kind)?;
    if is_replaced(view) {
        return None;
    }
    Some(Job {
        kind,
        id: id.clone(),
        object: None,
        document,
        span: view.tree.node(view.root).span,
        name: view.tree.site(name, view.via),
        template: view.tree.node(template).span,
        mode: mode(view)?,
        names_hosts: names_hosts(view, kind, template),
    })
}

/// Returns the node of the field that cannot change.
pub fn template(view: &View<'_, '_>, kind: JobKind) -> Option<NodeId> {
    let spec = view.field("spec")?;
    match kind {
        JobKind::Job => view.tree.get(spec, "template"),
        JobKind::Pod => Some(spec),
    }
    .map(|node| view.tree.deref(node))
}

/// True for an indexed Job, and for a Pod without `hostname`, if their pods are in a DNS subdomain.
fn names_hosts(view: &View<'_, '_>, kind: JobKind, template: NodeId) -> bool {
    let tree = view.tree;
    let spec = match kind {
        JobKind::Job => tree.get(template, "spec").map(|spec| tree.deref(spec)),
        JobKind::Pod => Some(template),
    };
    let has = |field| spec.is_some_and(|spec| tree.text_of(spec, field).is_some_and(|text| !text.is_empty()));
    let named = match kind {
        JobKind::Job => {
            view.field("spec").and_then(|spec| tree.text_of(spec, "completionMode")) == Some("Indexed")
        }
        JobKind::Pod => !has("hostname"),
    };
    named && has("subdomain")
}

/// True if a controller manages the object, or a deployer creates it again instead of changing it.
pub fn is_replaced(view: &View<'_, '_>) -> bool {
    let options = view.annotation("argocd.argoproj.io/sync-options");
    let forced = options.unwrap_or_default().split(',').map(str::trim);
    let flux = view.annotation("kustomize.toolkit.fluxcd.io/force");
    let owners = view.meta("ownerReferences").map(|node| view.tree.deref(node));
    is_hook(view)
        || forced.into_iter().any(|option| matches!(option, "Force=true" | "Replace=true"))
        || flux.is_some_and(|value| value.eq_ignore_ascii_case("enabled"))
        || owners.is_some_and(|owners| view.tree.children(owners).next().is_some())
}

/// Returns the mode; `None` if the object must stay unchanged.
fn mode(view: &View<'_, '_>) -> Option<Mode> {
    let Some(mode) = view.annotation(MODE) else { return Some(Mode::Open) };
    let node = view.meta("annotations").and_then(|annotations| view.tree.get(annotations, MODE));
    match mode {
        "leave" => None,
        "version" => Some(Mode::Version),
        _ => Some(Mode::Unknown(view.tree.node(node.unwrap_or(view.root)).span)),
    }
}
