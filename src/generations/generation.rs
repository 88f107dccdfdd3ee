//! What was deployed before, a version of an earlier release, and what becomes of it.

use crate::kube::object::TargetKind;
use crate::text::source::{Source, Span};

/// What was deployed before: a manifest, and how that went.
#[derive(Debug)]
pub struct Previous {
    /// Its text.
    pub source: Source,
    /// How it went.
    pub outcome: Outcome,
}

/// How an earlier release went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was deployed.
    Deployed,
    /// It failed after the last one that was deployed, so some of its objects may exist.
    Failed,
}

impl From<Source> for Previous {
    fn from(source: Source) -> Previous {
        Previous { source, outcome: Outcome::Deployed }
    }
}

/// What becomes of an earlier version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The new stream holds it.
    Current,
    /// It is carried forward.
    Carried,
    /// It is too old.
    Dropped,
    /// It belongs to another release.
    OtherRelease,
    /// It is in a namespace that the stream does not use.
    OtherNamespace,
    /// Its content is not what its name says.
    Edited,
    /// It is a hook of Helm or Argo CD.
    Hook,
    /// It has owner references.
    Owned,
    /// It cannot be carried forward.
    Refused,
}

impl Fate {
    /// The word in reports.
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
    /// ConfigMap or Secret.
    pub kind: TargetKind,
    /// Its namespace, if it states one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Releases since it was current, this one included; 0 when it is current.
    pub generations_ago: u32,
    /// What becomes of it.
    pub fate: Fate,
    /// Which of the earlier sources holds it.
    pub previous: u32,
    /// Number of its document there.
    pub document: u32,
    /// Where its name is in that document.
    pub place: Span,
    /// The text that is carried; empty for what is not.
    pub text: String,
}
