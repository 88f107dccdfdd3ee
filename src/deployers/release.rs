//! A release as values: its objects, their references, and their annotations for deployers.
//!
//! Holds no manifest text and no values, only digests of the contents.

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

/// Which object of a cluster it is. Ordered by kind and name, so that the same name in any namespace is found together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its API group; empty for the core group.
    pub group: String,
    /// Its namespace; `None` when nothing says it.
    pub namespace: Option<String>,
}

impl Id {
    /// A ConfigMap or Secret.
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

/// A ConfigMap or Secret that something names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What it may be.
    pub kinds: Kinds,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// True when a container starts without it too.
    pub optional: bool,
}

/// In which namespace an object is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In this one; `None` is the one that nothing says.
    In(Option<String>),
    /// In any.
    Anywhere,
}

/// How the pods of an object follow its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rolls {
    /// Step by step: old pods run until the new ones are ready.
    Rolling,
    /// Old pods run until somebody deletes them: `OnDelete`, a partition, a bare ReplicaSet.
    Slowly,
    /// Once, to its end.
    Once,
    /// The object is a pod itself.
    Itself,
}

/// What an object makes pods of.
#[derive(Clone, Debug)]
pub struct Template {
    /// Changes when the template does.
    pub digest: Digest,
    /// How its pods follow it.
    pub rolls: Rolls,
    /// What its pods name.
    pub needs: Vec<Need>,
    /// The ServiceAccount whose pull secrets its pods get; `None` when the template names its own.
    pub account: Option<Id>,
}

/// An object of a release.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which one it is.
    pub id: Id,
    /// Changes when anything of it does.
    pub digest: Digest,
    /// What the API server does not allow to change.
    pub fixed: Fixed,
    /// Content that cannot change while the object is in the cluster: that of an immutable ConfigMap or Secret.
    pub frozen: Option<Digest>,
    /// What its pods are made of.
    pub template: Option<Template>,
    /// What it names outside of that template.
    pub reads: Vec<Need>,
    /// What it grants access to, by name.
    pub grants: Vec<Need>,
    /// What is copied out of it when a pod or volume is made, and stays there: a ServiceAccount's pull secrets, the
    /// secrets of a class of volumes.
    pub copied: Vec<Need>,
    /// When it runs as a hook.
    pub hooks: Hooks,
    /// What deployers do with it in place of changing or deleting it.
    pub keeping: Keeping,
}

impl Member {
    /// True for an object whose names are copied into what is made from it, for as long as that exists: a class of
    /// volumes, a template that a webhook fills in.
    pub fn is_copied(&self) -> bool {
        !self.copied.is_empty() && self.id.kind != "ServiceAccount"
    }
}

/// The objects of one release, in the order of the stream.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// Each object.
    pub members: Vec<Arc<Member>>,
}

impl Release {
    /// The objects that one manifest holds, each once: if an object occurs twice, the last one counts.
    pub fn distinct(&self, wanted: impl Fn(&Member) -> bool) -> Vec<&Arc<Member>> {
        let mut last: HashMap<&Id, usize> = HashMap::new();
        let numbered = || self.members.iter().enumerate().filter(|(_, member)| wanted(member));
        last.extend(numbered().map(|(number, member)| (&member.id, number)));
        numbered().filter(|(number, member)| last[&member.id] == *number).map(|(_, member)| member).collect()
    }
}
