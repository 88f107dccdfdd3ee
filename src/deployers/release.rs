//! A release as values: its objects, their references, and their annotations for deployers.
//!
//! Contains no manifest text and no values, only digests of the contents.

use super::fixed::Fixed;
use super::hooks::Hooks;
use super::keeping::Keeping;
use crate::kube::object::TargetKind;
use crate::kube::suffix::Suffix;
use crate::rules::Kinds;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A short digest of a part of an object: equal parts have equal digests.
pub type Digest = Suffix;

/// Identifies an object in a cluster. Sorted by kind and name, so that objects with the same name in several namespaces
/// are next to each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its API group; empty for the core group.
    pub group: String,
    /// Its namespace; `None` if it is unknown.
    pub namespace: Option<String>,
}

impl Id {
    /// Returns the ID of a ConfigMap or Secret.
    pub fn target(kind: TargetKind, name: &str, namespace: Option<&str>) -> Id {
        let namespace = namespace.map(str::to_owned);
        Id { kind: kind.as_str().to_owned(), name: name.to_owned(), group: String::new(), namespace }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)
    }
}

/// A reference to a ConfigMap or Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The kinds that it may refer to.
    pub kinds: Kinds,
    /// The name of the object.
    pub name: String,
    /// The namespace of the object.
    pub place: Place,
    /// True if a container also starts without the object.
    pub optional: bool,
}

/// The namespaces in which an object is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// This namespace; `None` if it is unknown.
    In(Option<String>),
    /// Any namespace.
    Anywhere,
}

/// How the pods of an object follow its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rolls {
    /// Step by step: old pods run until the new ones are ready.
    Rolling,
    /// Old pods run until somebody deletes them: `OnDelete`, a partition, a bare ReplicaSet.
    Slowly,
    /// The pods run once, to completion.
    Once,
    /// The object itself is a pod.
    Itself,
}

/// A pod template.
#[derive(Clone, Debug)]
pub struct Template {
    /// Changes whenever the template changes.
    pub digest: Digest,
    /// How the pods follow the template.
    pub rolls: Rolls,
    /// The references of the pods.
    pub needs: Vec<Need>,
    /// The ServiceAccount whose pull secrets the pods get; `None` if the template sets pull secrets.
    pub account: Option<Id>,
}

/// An object of a release.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its ID.
    pub id: Id,
    /// Changes whenever the object changes.
    pub digest: Digest,
    /// The parts that the API server does not allow to change.
    pub fixed: Fixed,
    /// The digest of the content of an immutable ConfigMap or Secret; `None` for other objects.
    pub frozen: Option<Digest>,
    /// Its pod template.
    pub template: Option<Template>,
    /// Its references outside of the pod template.
    pub reads: Vec<Need>,
    /// The objects that it grants access to by name.
    pub grants: Vec<Need>,
    /// References that are copied when a pod or volume is created, and stay there: the pull secrets of a
    /// ServiceAccount, the Secrets of a class of volumes.
    pub copied: Vec<Need>,
    /// Whether it runs as a hook, and when.
    pub hooks: Hooks,
    /// Its annotations that tell deployers not to change or delete it.
    pub keeping: Keeping,
}

impl Member {
    /// True if its references are copied into objects that are created from it, and stay there as long as these exist:
    /// a class of volumes, or a template that a webhook fills in.
    pub fn is_copied(&self) -> bool {
        !self.copied.is_empty() && self.id.kind != "ServiceAccount"
    }
}

/// The objects of one release, in the order of the stream.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// The objects.
    pub members: Vec<Arc<Member>>,
}

impl Release {
    /// Returns the objects of one manifest, each once. If an object occurs more than once, the last one counts.
    pub fn distinct(&self, wanted: impl Fn(&Member) -> bool) -> Vec<&Arc<Member>> {
        let mut last: HashMap<&Id, usize> = HashMap::new();
        let numbered = || self.members.iter().enumerate().filter(|(_, member)| wanted(member));
        last.extend(numbered().map(|(number, member)| (&member.id, number)));
        numbered().filter(|(number, member)| last[&member.id] == *number).map(|(_, member)| member).collect()
    }
}
