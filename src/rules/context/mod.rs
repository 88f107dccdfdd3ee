//! What a text says of the words in it: which of them name a ConfigMap or Secret, which name something else.
//!
//! The only place that judges the words around a name: in command lines, in the data of ConfigMaps and Secrets, in
//! keys. Pure functions over text. Whether an object of that name exists is for the caller.

mod commands;
mod joined;
mod nouns;
mod outline;
mod reader;
mod said;

pub use joined::Joined;
pub use nouns::{field, in_key, is_selecting_label, may_end_kind, resource};
pub use reader::read;
pub use said::{Noun, Said, Word};
