//! One change to the source, and its cause.
//!
//! Holds values only.

use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::arena_index;
use crate::survey::inventory::TargetIndex;
use crate::text::replacement::Text;
use crate::text::source::Span;
use crate::yaml::{Site, Writing};

/// Why an edit is made. Each but the last two names a target by its index in the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The target gets its new name.
    Name(TargetIndex),
    /// It becomes immutable.
    Immutable(TargetIndex),
    /// Something refers to it.
    Reference(TargetIndex),
    /// An alias stood for its old name, and the anchored text changes: the old name is written out.
    OldName(TargetIndex),
    /// The addition with this index in the plan.
    Addition(AdditionIndex),
    /// An alias stood for what an addition writes over: the old text is written out.
    OldText(AdditionIndex),
}

/// One change to the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub span: Span,
    /// Why.
    pub cause: Cause,
    /// How a name is written there.
    pub writing: Writing,
}

/// A text to be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The bytes to write over; empty for an insertion.
    pub site: Site,
    /// The text to write, in the form for the source.
    pub text: Text,
    /// What the bytes read as until now; empty for an insertion.
    pub old: String,
}

arena_index! {
    /// The index of an addition in the plan.
    AdditionIndex
}

/// A change that is neither a new name nor `immutable`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// What is written where.
    pub change: Change,
    /// Why.
    pub why: Why,
}

/// The additions that one reason brings, and where none can be made.
#[derive(Debug, Default)]
pub struct Additions {
    /// In the order in which they are written at one place.
    pub list: Vec<Addition>,
    /// Places where nothing can be written.
    pub findings: Vec<Diagnostic>,
}

impl Additions {
    /// Moves other additions to the end.
    pub fn append(&mut self, mut other: Additions) {
        self.list.append(&mut other.list);
        self.findings.append(&mut other.findings);
    }
}

/// Why an addition is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An annotation tells a deployer to keep the object.
    Retained,
    /// An annotation says that a key made the suffix.
    Keyed,
    /// An annotation rolls a pod template when what it uses changes.
    Checksum,
    /// The object is written under its original name too.
    Original,
    /// Only the original may match the names that an object had earlier in a build of kustomize.
    EarlierNames,
    /// A text is written so that Helm 4 does not change it.
    HelmText,
    /// An earlier version is carried forward.
    Carried,
    /// A Job or bare Pod gets its new name.
    JobName,
    /// Something names that Job or Pod.
    JobReference,
    /// A rule grants access to one more name.
    Granted,
}
