//! Findings as data: code, severity, places and cure.
//!
//! Must not lay out text or look up lines.

pub mod message;
pub mod diagnostic;
pub mod few;
pub mod names;
