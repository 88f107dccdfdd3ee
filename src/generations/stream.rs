//! The new stream before any version is carried forward.

use crate::decisions::policy::Decision;
use crate::edits::plan::Plan;
use crate::survey::inventory::Inventory;
use crate::text::source::Source;
use crate::yaml::split::Document;

/// The new stream before any version is carried forward.
#[derive(Clone, Copy, Debug)]
pub struct Stream<'a, 's> {
    /// Its text.
    pub source: &'s Source,
    /// Its documents.
    pub documents: &'a [Document],
    /// Its objects and targets.
    pub inventory: &'a Inventory<'s>,
    /// The decision for each ConfigMap and Secret.
    pub decisions: &'a [Decision],
    /// The edits of the stream.
    pub plan: &'a Plan,
}
