//! Who uses what, as a graph: configuration objects, the objects that refer to them, and how.
//!
//! A view of the report in several formats. Must not decide anything, and must not read the stream.

pub mod build;
pub mod dot;
pub mod fold;
pub mod html;
pub mod json;
pub mod labels;
pub mod layout;
pub mod markup;
pub mod mermaid;
pub mod model;
pub mod select;
pub mod svg;
pub mod table;
pub mod text;
