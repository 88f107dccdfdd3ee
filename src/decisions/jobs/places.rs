//! What the search for the names of Jobs and Pods finds.
//!
//! Holds values only.

use crate::findings::diagnostic::Diagnostic;
use crate::kube::job::JobIndex;
use crate::text::source::Span;
use crate::yaml::Site;

/// A place that names a Job and where a new name can be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The Job.
    pub(super) job: JobIndex,
    /// Where.
    pub(super) site: Site,
    /// The Job in whose template it is.
    pub(super) within: Option<JobIndex>,
}

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Where a new name can be written.
    pub(super) places: Vec<Place>,
    /// Jobs, and where they are named so that no new name can be written.
    pub(super) mentions: Vec<(JobIndex, Span)>,
    /// Documents that could not be searched.
    pub(super) findings: Vec<Diagnostic>,
}
