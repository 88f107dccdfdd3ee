//! What happens to each ConfigMap, Secret, Job and bare Pod, and why.
//!
//! Must not edit.

pub mod policy;
pub mod decide;
pub mod mentioned;
pub mod patterns;
pub mod jobs;
