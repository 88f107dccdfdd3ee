//! What may go, as far as it is a matter of choice.

/// What may go, as far as it is a matter of choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// How many objects of each base name stay, the newest first.
    pub keep: usize,
    /// Seconds that an object must have been there.
    pub older_than: i64,
    /// The time at which the export was made, in seconds since 1970.
    pub now: i64,
    /// Take an export without any Pod for whole.
    pub allow_no_pods: bool,
}
