//! The steps of a deployer and its failures, as data.

use super::cluster::Refusal;
use super::release::{Id, Need};
use super::runners::What;

/// One thing that happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is made.
    Created,
    /// It is changed.
    Updated,
    /// It is deleted and created again.
    Replaced,
    /// It is there as it should be.
    Unchanged,
    /// It is deleted: the release does not hold it any longer, or everything goes.
    Deleted,
    /// It would be deleted, but it says that it is to stay.
    Kept,
    /// It cannot be written, so it stays unchanged.
    Refused,
    /// It runs as a hook, to its end.
    Ran,
    /// It was to run as a hook, and does not get to its end.
    Hung,
}

/// A step of a deployer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something happens to an object.
    Object(Event, Id),
    /// The deployer waits until everything is ready; whether it gets so.
    Wait(bool),
    /// The deployer goes back to an earlier revision, asked for or by itself.
    RollBack(u32),
}

/// Why an object is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// It was deleted while it was in use.
    Deleted,
    /// It was not made before it was needed.
    NotMade,
}

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Something runs, or is about to, and what it names is not there.
    Missing {
        /// The object that it belongs to.
        of: Id,
        /// What it is.
        what: What,
        /// What it names.
        need: Need,
        /// Why that is not there.
        cause: Cause,
    },
    /// The API server refuses to change an object.
    Refused {
        /// The object.
        id: Id,
        /// Why.
        refusal: Refusal,
    },
    /// Helm stops, since its record of the revision that it comes from does not have an object that is in the cluster.
    Unknown {
        /// The object.
        id: Id,
    },
    /// Pods of an earlier template lose access to an object that they name.
    Revoked {
        /// The object that grants access.
        of: Id,
        /// The object that pods still name.
        need: Need,
    },
}
