//! The plan as values, and as JSON (docs/plan.md describes the fields; fields are added, never changed).
//!
//! Holds no value of a Secret.

use crate::deployers::Id;
use crate::kube::shown;
use serde::Serialize;
use std::fmt;

/// What a deployment will do.
#[derive(Debug, Serialize)]
pub struct Plan {
    /// The version of this form.
    pub schema: u32,
    /// Who deploys.
    pub deployer: &'static str,
    /// The sums.
    pub summary: Summary,
    /// Updates that the API server will refuse.
    pub refused: Vec<Refused>,
    /// Hooks that wait for what comes after them.
    pub hooks: Vec<Starving>,
    /// What loses something that it still needs.
    pub broken: Vec<Broken>,
    /// Every object with a pod template, in the order of the new stream.
    pub workloads: Vec<Workload>,
    /// Every ConfigMap and Secret, in the order of the new stream; what is gone comes last.
    pub configurations: Vec<Configuration>,
    /// What must be in the cluster already.
    pub outside: Vec<Outside>,
    /// Objects that stay in the cluster though the new stream does not hold them.
    pub left: Vec<Name>,
    /// All other objects.
    pub others: Others,
}

/// The sums of a plan.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Summary {
    /// ConfigMaps and Secrets that are added, changed, renamed or gone.
    pub configurations: usize,
    /// Workloads of which pods are replaced, or that run again.
    pub rolling: usize,
    /// Their pods, as far as the manifests say it.
    pub pods: u64,
    /// Updates that the API server will refuse.
    pub refused: usize,
    /// Hooks that will not get to their end.
    pub starving: usize,
    /// Objects of any kind that stay the same.
    pub unchanged: usize,
    /// Objects of any kind that are not the same.
    pub changed: usize,
    /// Those of which only labels that name the chart or the version of the application differ.
    pub relabelled: usize,
}

/// An object, with its name where it can be one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Name {
    /// Its kind.
    pub kind: String,
    /// Its namespace, if anything says it.
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
    /// The fields that cannot change and do; empty when they cannot be told.
    pub fields: Vec<String>,
    /// What to do.
    pub help: &'static str,
}

/// A hook that does not get to its end.
#[derive(Debug, Serialize)]
pub struct Starving {
    /// The hook.
    pub hook: Name,
    /// What it names and does not find.
    pub needs: Vec<String>,
    /// True when this release brings it, after the hook.
    pub comes_later: bool,
}

/// Something that loses what it needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Broken {
    /// What loses it.
    pub object: Name,
    /// The name that it needs.
    pub needs: String,
    /// What happens to it.
    pub how: &'static str,
}

/// What becomes of the pods of a workload.
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
    /// Pods change when somebody deletes them.
    OnDelete,
    /// Nothing happens before it is resumed.
    Paused,
    /// It has no pods.
    AtZero,
    /// The next run uses it.
    NextRun,
    /// It runs again.
    RunsAgain,
    /// The containers of a Pod restart with another image.
    Restarts,
    /// The API server refuses the change.
    Refused,
    /// What its controller does is not known.
    ItsControllerDecides,
    /// It does not roll, though something that it reads changes under the same name.
    InPlace,
    /// Nothing happens.
    Unchanged,
    /// The new stream does not hold it.
    Gone,
}

/// An object with a pod template.
#[derive(Debug, Serialize)]
pub struct Workload {
    /// The object.
    pub object: Name,
    /// What becomes of its pods.
    pub verdict: Verdict,
    /// What its fields say of the number of pods.
    pub pods: Option<u64>,
    /// The partition of a StatefulSet, where it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<u64>,
    /// True for a CronJob that is suspended.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Why the template changes; empty when it does not, or when it cannot be told.
    pub causes: Vec<Cause>,
}

/// Why a pod template changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Cause {
    /// It names another ConfigMap or Secret, or another version.
    Configuration {
        /// What it names now, without its suffix.
        name: String,
        /// Where.
        path: String,
    },
    /// What it reads changes under the same name.
    InPlace {
        /// What it reads.
        name: String,
    },
    /// Another image.
    Image {
        /// Where.
        path: String,
        /// The image before; absent when there was none.
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<String>,
        /// The image now; absent when there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        new: Option<String>,
    },
    /// Another field.
    Field {
        /// Where.
        path: String,
    },
    /// A label or annotation of the template.
    Metadata {
        /// Where.
        path: String,
    },
}

/// What becomes of a ConfigMap or Secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is new.
    Added,
    /// Its content is another.
    Changed,
    /// The content is the same under another name.
    Renamed,
    /// Something beside the content is another: a label, an annotation, `immutable`.
    Marked,
    /// Nothing but labels that name the chart or the version of the application is another.
    Relabelled,
    /// An earlier version goes along for old pods.
    Carried,
    /// The same object.
    Unchanged,
    /// The new stream does not hold it.
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
    /// What becomes of it.
    pub change: Change,
    /// Its keys, where they can be told: of a ConfigMap those that change, of a Secret all.
    pub keys: Vec<Key>,
    /// What names it now.
    pub used_by: Vec<Name>,
    /// For an object that is gone: what the deployer does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
}

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChange {
    /// It is new.
    Added,
    /// Its value is another.
    Changed,
    /// It is gone.
    Removed,
    /// Its value is the same.
    Unchanged,
}

/// A key of a ConfigMap or Secret.
#[derive(Debug, Serialize)]
pub struct Key {
    /// The key, where it can be one.
    pub key: String,
    /// What becomes of it.
    pub change: KeyChange,
    /// A unified diff of its value; never of a Secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

/// A ConfigMap or Secret that the new stream does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Outside {
    /// Its kind; `ConfigMap or Secret` where the field takes either.
    pub kind: String,
    /// Its namespace, if anything says it.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// True when everything that names it works without it.
    pub optional: bool,
}

/// Objects that are neither configuration nor have a pod template.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Others {
    /// New ones.
    pub added: usize,
    /// Changed ones, without those that are relabelled.
    pub changed: usize,
    /// Those that stay the same.
    pub unchanged: usize,
    /// Those that the new stream does not hold.
    pub gone: usize,
}
