//! The Kubernetes view of a document: objects, with their names, content and suffixes.
//!
//! Must not decide what happens to an object, and must not look at more than one object at a time.

pub mod arena;
pub mod annotations;
pub mod shown;
mod head;
pub mod object;
pub mod objects;
mod plain;
pub mod signs;
pub mod escape;
mod canonical;
pub mod helm;
pub mod origin;
pub mod scope;
pub mod key;
pub mod suffix;
pub mod table;
pub mod written;
pub mod scheme;
pub mod carried;
mod key_hash;
mod ordinary;
pub mod content;
pub mod either;
pub mod filled_later;
pub mod metadata;
pub mod helm_text;
pub mod immutable;
pub mod release;
pub mod kustomize;
pub mod mark;
pub mod names;
pub mod job;
pub mod time;
