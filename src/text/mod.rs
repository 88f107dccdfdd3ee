//! The bytes of the input: their offsets, lines and columns, and how replacements are written.
//!
//! Must not know YAML.

mod marks;
pub mod bits;
pub mod json;
pub mod parts;
pub mod replacement;
pub mod source;
pub mod spans;
pub mod splice;
pub mod texts;
