//! The plan as data, and as JSON. docs/plan.md describes the fields; fields may be added, but existing ones never
//! change.
//!
//! Contains no value of a Secret.

use crate::deployers::Id;
use crate::kube::shown;
use serde::Serialize;
use std::fmt;

/// What a deployment will do.
#[derive(Debug, Serialize)]
pub struct Plan {
    /// The version of this format.
    pub schema: u32,
    /// The deployer.
    pub deployer: &'static str,
    /// The totals.
    pub summary: Summary,
    /// Updates that the API server will refuse.
    pub refused: Vec<Refused>,
    /// Hooks that wait for an object that comes after them.
    pub hooks: Vec<Starving>,
    /// Objects that lose something that they still need.
    pub broken: Vec<Broken>,
    /// Every object with a pod template, in the order of the new stream.
    pub workloads: Vec<Workload>,
    /// Every ConfigMap and Secret, in the order of the new stream; objects that are gone come last.
    pub configurations: Vec<Configuration>,
    /// Objects that must already be in the cluster.
    pub outside: Vec<Outside>,
    /// Objects that stay in the cluster although the new stream does not contain them.
    pub left: Vec<Name>,
    /// All other objects.
    pub others: Others,
}

/// The totals of a plan.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Summary {
    /// ConfigMaps and Secrets that are added, changed, renamed or gone.
    pub configurations: usize,
    /// Workloads whose pods are replaced, or that run again.
    pub rolling: usize,
    /// The number of their pods, as far as the manifests state it.
    pub pods: u64,
    /// Updates that the API server will refuse.
    pub refused: usize,
    /// Hooks that will not finish.
    pub starving: usize,
    /// Unchanged objects of any kind.
    pub unchanged: usize,
    /// Objects of any kind that are not unchanged, including those that are gone.
    pub changed: usize,
    /// Changed objects that differ only in labels with the version of the chart or application.
    pub relabelled: usize,
}

/// An object. Its kind and names are hidden if they may be something else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Name {
    /// Its kind.
    pub kind: String,
    /// Its namespace, if known.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl From<&Id> for Name {
    fn from(id: &Id) -> Name {
        let target = matches!(id.kind.as_str(), "ConfigMap" | "Secret");
        let name = if target { shown::name(&id.name) } else { shown::any_name(&id.name) };
        Name {
            kind: shown::kind(&id.kind).to_owned(),
            namespace: id.namespace.as_deref().map(|namespace| shown::name(namespace).to_owned()),
            name: name.to_owned(),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}

/// An update that the API server will refuse.
#[derive(Debug, Serialize)]
pub struct Refused {
    /// The object.
    pub object: Name,
    /// Why.
    pub why: &'static str,
    /// The fields that change although they cannot; empty if unknown.
    pub fields: Vec<String>,
    /// What to do.
    pub help: &'static str,
}

/// A hook that will not finish.
#[derive(Debug, Serialize)]
pub struct Starving {
    /// The hook.
    pub hook: Name,
    /// The names of objects that it needs and does not find.
    pub needs: Vec<String>,
    /// True if this release contains the object but creates it after the hook.
    pub comes_later: bool,
}

/// An object that loses something that it needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Broken {
    /// The object.
    pub object: Name,
    /// The name that it needs.
    pub needs: String,
    /// What happens to that object.
    pub how: &'static str,
}

/// What happens to the pods of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is new.
    New,
    /// Its pods are replaced step by step.
    Rolls,
    /// Only pods above the partition are replaced.
    RollsPartly,
    /// All pods stop before new ones start.
    Recreates,
    /// Old pods stay until somebody deletes them.
    OnDelete,
    /// Nothing happens until it is resumed.
    Paused,
    /// It has no pods.
    AtZero,
    /// The next run uses the new template.
    NextRun,
    /// It runs again.
    RunsAgain,
    /// The containers of a Pod restart with a new image.
    Restarts,
    /// The API server refuses the change.
    Refused,
    /// A controller with unknown behaviour handles the change.
    ItsControllerDecides,
    /// It does not roll, although something that it reads changes under the same name.
    InPlace,
    /// Nothing happens.
    Unchanged,
    /// The new stream does not contain it.
    Gone,
}

/// An object with a pod template.
#[derive(Debug, Serialize)]
pub struct Workload {
    /// The object.
    pub object: Name,
    /// What happens to its pods.
    pub verdict: Verdict,
    /// The number of pods that the verdict applies to, if the manifest states it.
    pub pods: Option<u64>,
    /// The partition of a StatefulSet, if it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<u64>,
    /// True for a CronJob that is suspended.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Why the template changes; empty if it does not, or if the cause is unknown.
    pub causes: Vec<Cause>,
}

/// Why a pod template changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Cause {
    /// It refers to another ConfigMap or Secret, or to another version.
    Configuration {
        /// The new name, without its suffix.
        name: String,
        /// The path of the field.
        path: String,
    },
    /// An object that it reads changes under the same name.
    InPlace {
        /// The object.
        name: String,
    },
    /// Another image.
    Image {
        /// The path of the field.
        path: String,
        /// The image before; absent if there was none.
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<String>,
        /// The image now; absent if there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        new: Option<String>,
    },
    /// Another field.
    Field {
        /// The path of the field.
        path: String,
    },
    /// A label or annotation of the template.
    Metadata {
        /// The path of the field.
        path: String,
    },
}

/// What happens to a ConfigMap or Secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is new.
    Added,
    /// Its content changes.
    Changed,
    /// The same content has another name.
    Renamed,
    /// Something other than the content changes: a label, an annotation, `immutable`.
    Marked,
    /// Only labels with the version of the chart or application change.
    Relabelled,
    /// It is an earlier version, carried forward for old pods.
    Carried,
    /// It does not change.
    Unchanged,
    /// The new stream does not contain it.
    Gone,
}

/// What a deployer does with an object that is gone from the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is deleted.
    Deleted,
    /// It stays in the cluster.
    Stays,
}

/// A ConfigMap or Secret.
#[derive(Debug, Serialize)]
pub struct Configuration {
    /// The object without its suffix.
    pub object: Name,
    /// Its name before.
    pub old: Option<String>,
    /// Its name now.
    pub new: Option<String>,
    /// What happens to it.
    pub change: Change,
    /// Its keys, if known: those that change for a ConfigMap, all for a Secret.
    pub keys: Vec<Key>,
    /// The objects that refer to it now.
    pub used_by: Vec<Name>,
    /// What the deployer does with an object that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
}

/// What happens to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChange {
    /// It is new.
    Added,
    /// Its value changes.
    Changed,
    /// It is gone.
    Removed,
    /// Its value is the same.
    Unchanged,
}

/// A key of a ConfigMap or Secret.
#[derive(Debug, Serialize)]
pub struct Key {
    /// The key; hidden if it may be something else.
    pub key: String,
    /// What happens to it.
    pub change: KeyChange,
    /// A unified diff of its value; never of a Secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

/// A ConfigMap or Secret that the new stream does not contain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Outside {
    /// Its kind; `ConfigMap or Secret` if the field accepts either.
    pub kind: String,
    /// Its namespace, if known.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// True if everything that refers to it works without it.
    pub optional: bool,
}

/// Objects that are not configuration and have no pod template.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Others {
    /// New objects.
    pub added: usize,
    /// Changed objects, without those that are only relabelled.
    pub changed: usize,
    /// Unchanged objects.
    pub unchanged: usize,
    /// Objects that the new stream does not contain.
    pub gone: usize,
}
