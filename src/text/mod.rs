//! The bytes: where they are, which line and column they have, and how changes go into them.
//!
//! Must not know YAML.

mod marks;
pub mod bits;
pub mod json;
pub mod parts;
pub mod replacement;
pub mod source;
pub mod splice;
