//! What each reference points at, who uses each target, where its name is mentioned, and what almost matches.
//!
//! Must not change or decide anything.

pub mod resolve;
pub mod usage;
pub mod mentions;
pub mod near_misses;
