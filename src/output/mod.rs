//! Views of what the earlier stages found: report, plan, audit, graph, KRM results, excerpts of the source.
//!
//! Must not compute anything again.

mod uses;
pub mod relations;
pub mod placed;
pub mod formats;
pub mod audit;
pub mod report;
pub mod explain;
pub mod graph;
pub mod krm;
mod documents;
mod comment;
mod certainty;
mod configuration;
pub mod excerpt;
pub mod plan;
