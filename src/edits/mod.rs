//! Every edit, sorted and without overlap, each with its reason.
//!
//! Must not decide.

pub mod edit;
pub mod anchors;
pub mod annotation;
pub mod stamps;
pub mod originals;
pub mod helm_text;
pub mod job_names;
pub mod plan;
