//! A change to the source, and its cause.
//!
//! Contains values only.

use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::arena_index;
use crate::survey::inventory::TargetIndex;
use crate::text::replacement::Text;
use crate::text::source::Span;
use crate::yaml::{Site, Writing};

/// Why an edit is made. A target index refers to the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The target gets its new name.
    Name(TargetIndex),
    /// The target becomes immutable.
    Immutable(TargetIndex),
    /// A reference to the target gets the new name.
    Reference(TargetIndex),
    /// An alias of the name at these bytes is replaced with that name, because the anchored text changes.
    OldName(Span),
    /// An alias of the plain value at these bytes is replaced with that value, for the same reason.
    OldValue(Span),
    /// A copy of the target's document under the original name. True if it is kept for readers outside the input.
    Original(TargetIndex, bool),
    /// The addition with this index in the plan.
    Addition(AdditionIndex),
    /// An alias to text that an addition replaces is replaced with the old text.
    OldText(AdditionIndex),
}

/// One change to the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub span: Span,
    /// Why the edit is made.
    pub cause: Cause,
    /// How a name is written at this place.
    pub writing: Writing,
}

/// A text to write at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The place and the bytes to replace; empty for an insertion.
    pub site: Site,
    /// The text to write, as it appears in the source.
    pub text: Text,
    /// The value of the replaced bytes; empty for an insertion.
    pub old: Box<str>,
}

arena_index! {
    /// The index of an addition in the plan.
    AdditionIndex
}

/// A change that is neither a new name nor `immutable`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The place and its new text.
    pub change: Change,
    /// Why it is made.
    pub why: Why,
}

/// A group of additions, and the places where none is possible.
#[derive(Debug, Default)]
pub struct Additions {
    /// The additions; those for one place are written in this order.
    pub list: Vec<Addition>,
    /// The findings about places where nothing can be written.
    pub findings: Vec<Diagnostic>,
}

impl Additions {
    /// Moves all additions and findings of `other` to the end.
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
    /// An annotation states that the suffix was made with a key.
    Keyed,
    /// An annotation rolls a pod template when an object that it uses changes.
    Checksum,
    /// The object is also kept under its original name.
    Original,
    /// Only the original may match the names that an object had earlier in a build of kustomize.
    EarlierNames,
    /// A text is written so that Helm 4 does not change it.
    HelmText,
    /// An earlier version is carried forward.
    Carried,
    /// A Job or bare Pod gets its new name.
    JobName,
    /// A reference that is read early gets the name of a version of the release before.
    Earlier,
    /// A reference to a Job or bare Pod gets its new name.
    JobReference,
    /// An RBAC rule grants access to one more name.
    Granted,
}
