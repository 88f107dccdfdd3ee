//! Input that is almost correct: kubectl refuses it, or reads it differently than the author meant.
//!
//! Finds what a person should know. Must not show any text of the input except field names, kinds and annotation keys
//! that are certain to be harmless, and must not affect any decision.

mod annotations;
mod documents;
mod kinds;
mod templates;

pub use annotations::unknown_annotations;
pub use documents::{document, is_one_object};
pub use kinds::nearly_a_target;
pub use templates::not_rendered;
