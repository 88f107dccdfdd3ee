//! Jobs and bare Pods: objects whose pod template cannot change once they are in the cluster.
//!
//! Reads what such an object says about itself while its document is open. An object that a deployer deletes or replaces
//! first is not one of them, since its template can change.

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
    /// core/v1 `Pod`, not made by anything.
    Pod,
}

impl JobKind {
    /// The kind of this name in this API group.
    pub fn of(group: &str, kind: &str) -> Option<JobKind> {
        match (group, kind) {
            ("batch", "Job") => Some(JobKind::Job),
            ("", "Pod") => Some(JobKind::Pod),
            _ => None,
        }
    }

    /// The kind's name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Job => "Job",
            JobKind::Pod => "Pod",
        }
    }

    /// What of it cannot change, as a field.
    pub fn fixed(self) -> &'static str {
        match self {
            JobKind::Job => "spec.template",
            JobKind::Pod => "spec",
        }
    }

    /// Characters in the longest name: that of a Job becomes the value of a label.
    pub fn longest_name(self) -> usize {
        match self {
            JobKind::Job => 63,
            JobKind::Pod => crate::kube::names::LONGEST_NAME,
        }
    }
}

/// What a person says in the annotation [`MODE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    Open,
    /// To version it in any case, despite options and mentions of its name.
    Version,
    /// Something that is not known; where.
    Unknown(Span),
}

arena_index! {
    /// The index of a Job or bare Pod among those that the stream holds.
    JobIndex
}

/// A Job or bare Pod that keeps its template.
#[derive(Clone, Debug)]
pub struct Job<'s> {
    /// Which of the two.
    pub kind: JobKind,
    /// What it is called.
    pub id: ObjectId<'s>,
    /// Its index among the inventory's objects; `None` when it refers to nothing.
    pub object: Option<ObjectIndex>,
    /// Number of its document, 1-based.
    pub document: u32,
    /// Its bytes.
    pub span: Span,
    /// Where its name is written.
    pub name: Site,
    /// The bytes of what cannot change.
    pub template: Span,
    /// What a person says.
    pub mode: Mode,
}

/// The object as a Job or Pod that needs care; `None` for all others.
pub fn read<'s>(view: &View<'_, 's>, group: &str, id: &ObjectId<'s>, document: u32) -> Option<Job<'s>> {
    let kind = JobKind::of(group, &id.kind)?;
    // Without a name the API server makes one up, so that each apply makes another object.
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
    })
}

/// The node of what cannot change.
pub fn template(view: &View<'_, '_>, kind: JobKind) -> Option<NodeId> {
    let spec = view.field("spec")?;
    match kind {
        JobKind::Job => view.tree.get(spec, "template"),
        JobKind::Pod => Some(spec),
    }
    .map(|node| view.tree.deref(node))
}

/// True when something creates the object again instead of changing it, or manages it.
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

/// `None` if it must stay unchanged.
fn mode(view: &View<'_, '_>) -> Option<Mode> {
    let Some(mode) = view.annotation(MODE) else { return Some(Mode::Open) };
    let node = view.meta("annotations").and_then(|annotations| view.tree.get(annotations, MODE));
    match mode {
        "leave" => None,
        "version" => Some(Mode::Version),
        _ => Some(Mode::Unknown(view.tree.node(node.unwrap_or(view.root)).span)),
    }
}
