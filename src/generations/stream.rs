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
    /// What they hold.
    pub inventory: &'a Inventory<'s>,
    /// What becomes of each ConfigMap and Secret.
    pub decisions: &'a [Decision],
    /// What is to be written for them.
    pub plan: &'a Plan,
}
