//! Earlier manifests, the versions in them, and what happens to these versions.

use crate::kube::object::TargetKind;
use crate::text::source::{Source, Span};

/// An earlier manifest, and the outcome of its deployment.
#[derive(Debug)]
pub struct Previous {
    /// The text of the manifest.
    pub source: Source,
    /// The outcome of its deployment.
    pub outcome: Outcome,
    /// True if the deployer itself stored it for this release, so all its objects belong to the release.
    pub certain: bool,
}

/// The outcome of the deployment of an earlier release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was deployed, or the next release is compared with it although it failed.
    Deployed,
    /// It failed after the last one that was deployed, so some of its objects may exist.
    Failed,
}

impl From<Source> for Previous {
    fn from(source: Source) -> Previous {
        Previous { source, outcome: Outcome::Deployed, certain: false }
    }
}

/// What happens to an earlier version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The new stream contains it.
    Current,
    /// It is carried forward.
    Carried,
    /// It is too old.
    Dropped,
    /// It belongs to another release.
    OtherRelease,
    /// It is in a namespace that the stream does not use.
    OtherNamespace,
    /// Its content does not match its suffix.
    Edited,
    /// It is a hook of Helm or Argo CD.
    Hook,
    /// It has owner references.
    Owned,
    /// It cannot be carried forward.
    Refused,
}

impl Fate {
    /// Returns the word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Fate::Current => "current",
            Fate::Carried => "carried",
            Fate::Dropped => "dropped",
            Fate::OtherRelease => "other-release",
            Fate::OtherNamespace => "other-namespace",
            Fate::Edited => "edited",
            Fate::Hook => "hook",
            Fate::Owned => "owned",
            Fate::Refused => "refused",
        }
    }
}

/// An earlier version.
#[derive(Clone, Debug)]
pub struct Generation {
    /// Its kind.
    pub kind: TargetKind,
    /// Its namespace, if it has one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// How many releases ago it was current, counting this one; 0 if it is current.
    pub generations_ago: u32,
    /// What happens to it.
    pub fate: Fate,
    /// The index of the earlier source that contains it.
    pub previous: u32,
    /// The number of its document in that source.
    pub document: u32,
    /// The span of its name.
    pub place: Span,
    /// The text that is carried; empty if it is not carried.
    pub text: String,
}
