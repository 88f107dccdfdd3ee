//! Written options: in a configuration object (kustomize, KRM), or in the configuration file `.immutably.yaml`.
//!
//! The names are those of the program's flags, in camel case. An unknown option is an error. Must not read files.

mod audit;
pub mod file;
mod model;
mod object;
mod written;

pub use audit::{AuditSettings, Exception};
pub use file::Configuration;
pub use model::Settings;
pub(crate) use object::KEYS;
pub use object::{is_configuration, read};
