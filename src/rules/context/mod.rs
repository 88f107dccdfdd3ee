//! What a text says about the words in it: which of them name a ConfigMap or Secret, and which name something else.
//!
//! The only module that interprets the words around a name: in command lines, in the data of ConfigMaps and Secrets, in
//! keys. Contains pure functions over text. The caller checks whether an object of that name exists.

mod commands;
mod joined;
mod nouns;
mod outline;
mod queries;
mod reader;
mod said;

pub use joined::Joined;
pub use nouns::{field, in_key, is_selecting_label, may_end_kind, resource};
pub use queries::{Query, Scope, queries};
pub use reader::read;
pub use said::{Noun, Said, Word};
