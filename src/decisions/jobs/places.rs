//! The result of the search for names of Jobs and Pods.
//!
//! Contains values only.

use crate::findings::diagnostic::Diagnostic;
use crate::kube::job::JobIndex;
use crate::text::source::Span;
use crate::yaml::Site;

/// A place that contains the name of a Job, and where a new name can be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The Job.
    pub(super) job: JobIndex,
    /// The place.
    pub(super) site: Site,
    /// The Job whose template contains the place.
    pub(super) within: Option<JobIndex>,
}

/// Everything that the search found.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The places where a new name can be written.
    pub(super) places: Vec<Place>,
    /// Jobs, each with a place that contains its name and that is never edited.
    pub(super) mentions: Vec<(JobIndex, Span)>,
    /// Jobs, each with a place that contains its name, in an object that runs before the Job is created.
    pub(super) early: Vec<(JobIndex, Span)>,
    /// Documents that could not be searched.
    pub(super) findings: Vec<Diagnostic>,
}
