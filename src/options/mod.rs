//! The choices of a caller as plain values, from flags or from a configuration object.
//!
//! Must not read files or the environment.

mod choices;
mod external;
mod patterns;
pub mod settings;

pub use choices::*;
pub use external::{External, Known};
pub use patterns::{MOST_LOOSE, Pattern, Patterns};
