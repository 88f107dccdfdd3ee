//! The steps of a deployer and its failures, as data.

use super::cluster::Refusal;
use super::release::{Id, Need};
use super::runners::What;

/// An event in the life of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is created.
    Created,
    /// It is changed.
    Updated,
    /// It is deleted and created again.
    Replaced,
    /// It already is as the release wants it.
    Unchanged,
    /// It is deleted, because the release no longer contains it or everything is deleted.
    Deleted,
    /// It would be deleted, but an annotation keeps it.
    Kept,
    /// It cannot be written, so it stays unchanged.
    Refused,
    /// It runs as a hook and completes.
    Ran,
    /// It runs as a hook and does not complete.
    Hung,
}

/// A step of a deployer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something happens to an object.
    Object(Event, Id),
    /// The deployer waits until everything is ready; true if it becomes ready.
    Wait(bool),
    /// The deployer rolls back to the revision with this number, on request or by itself.
    RollBack(u32),
}

/// Why an object does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// It was deleted while it was in use.
    Deleted,
    /// It was not created before it was needed.
    NotMade,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A runner refers to an object that does not exist.
    Missing {
        /// The object that the runner belongs to.
        of: Id,
        /// The kind of the runner.
        what: What,
        /// The reference.
        need: Need,
        /// Why the object does not exist.
        cause: Cause,
    },
    /// The API server refuses to change an object.
    Refused {
        /// The object.
        id: Id,
        /// The reason.
        refusal: Refusal,
    },
    /// Helm stops: an object is in the cluster but not in the revision that Helm compares with.
    Unknown {
        /// The object.
        id: Id,
    },
    /// Pods of an earlier template lose access to an object that they refer to.
    Revoked {
        /// The object that grants access.
        of: Id,
        /// The reference to the object that pods still use.
        need: Need,
    },
}
