//! The options that decide which objects may be deleted.

/// The options that decide which objects may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// How many objects of each base name are kept, the newest first.
    pub keep: usize,
    /// The minimum age of an object that may be deleted, in seconds.
    pub older_than: i64,
    /// The time of the export, in seconds since 1970.
    pub now: i64,
    /// True to accept an export without any Pod as complete.
    pub allow_no_pods: bool,
}
