//! One pass over the documents: objects, targets, references, and what each target says about itself.
//!
//! Must not compare objects with each other.

pub mod findings;
mod aliased;
mod mistakes;
pub mod moments;
pub mod references;
pub mod standing;
pub mod doubts;
mod found;
pub mod inventory;
pub mod reread;
mod target;
pub mod details;
