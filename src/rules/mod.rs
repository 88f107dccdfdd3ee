//! What counts as a reference, and which objects are always left alone.
//!
//! Contains facts as tables, one row per fact, and prepares the tables for a walk over an object. Must not look at the
//! values of a manifest.

mod annotations;
pub mod arguments;
pub mod charts;
mod conditions;
pub mod context;
mod conventions;
mod exclusions;
mod filed;
mod keys;
pub mod lifetimes;
mod lines;
mod one_or_several;
mod own;
mod paths;
mod selections;
pub mod shapes;
mod table;

pub use annotations::{Annotation, Format};
pub use conventions::{Convention, Piece, Unless, conventions};
pub use exclusions::{By, Exclusion, excluded, glob};
pub use keys::{Key, Keys, Sign, Signs};
pub use own::{RuleList, read_annotation, read_file};
pub use paths::{Leaf, Paths, StateId};
pub use selections::{Selection, selected_by_shape, selections};
pub use table::{
    BUILTIN, CATALOGUE, Kinds, Names, Namespace, Row, Step, Target, read, read_kinds, read_namespace,
    read_path,
};

use annotations::Annotations;
use std::sync::LazyLock;

/// All rules that apply.
#[derive(Debug)]
pub struct Rules {
    own: Vec<Row>,
}

/// Parsed when the first annotation is looked up.
static ANNOTATIONS: LazyLock<Annotations> = LazyLock::new(Annotations::builtin);

impl Rules {
    /// Combines the built-in rules with custom ones.
    pub fn new(own: &[Row]) -> Rules {
        Rules { own: own.to_vec() }
    }

    /// Returns the paths for one kind of object.
    pub fn paths(&self, group: &str, kind: &str) -> Paths {
        let object = format!("{group}/{kind}");
        let own = self.own.iter().filter(|row| glob(&row.object, &object));
        Paths::new(own.chain(filed::about(&object)), filed::shapes())
    }

    /// Returns the rule for an annotation with this key.
    pub fn annotation(&self, key: &str) -> Option<&Annotation> {
        ANNOTATIONS.find(key)
    }

    /// Returns every row, custom rows first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.own.iter().chain(filed::all())
    }

    /// Returns the rule for every known annotation.
    pub fn annotations(&self) -> &[Annotation] {
        ANNOTATIONS.rows()
    }
}
