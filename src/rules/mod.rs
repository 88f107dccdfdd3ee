//! What counts as a reference, and which objects are always left alone.
//!
//! Facts as tables, one row each, and the tables made ready for a walk over an object. Nothing here looks at a
//! manifest's values.

mod annotations;
pub mod charts;
pub mod context;
mod conventions;
mod exclusions;
mod filed;
pub mod lifetimes;
mod lines;
mod one_or_several;
mod own;
mod paths;
mod selections;
pub mod shapes;
mod table;

pub use annotations::{Annotation, Format};
pub use conventions::{Convention, Piece, conventions};
pub use exclusions::{By, Exclusion, excluded, glob};
pub use own::{RuleList, read_annotation, read_file};
pub use paths::{Leaf, Paths, StateId};
pub use selections::{Selection, selections};
pub use table::{
    BUILTIN, CATALOGUE, Kinds, Names, Namespace, Row, Step, Target, read, read_kinds, read_namespace,
    read_path,
};

use annotations::Annotations;
use std::sync::LazyLock;

/// All rules in force.
#[derive(Debug)]
pub struct Rules {
    own: Vec<Row>,
}

/// Read when the first annotation of the input asks for it.
static ANNOTATIONS: LazyLock<Annotations> = LazyLock::new(Annotations::builtin);

impl Rules {
    /// The rules that come with the program, and rows of the user's own.
    pub fn new(own: &[Row]) -> Rules {
        Rules { own: own.to_vec() }
    }

    /// The paths for one kind of object.
    pub fn paths(&self, group: &str, kind: &str) -> Paths {
        let object = format!("{group}/{kind}");
        let own = self.own.iter().filter(|row| glob(&row.object, &object));
        Paths::new(own.chain(filed::about(&object)), filed::shapes())
    }

    /// The rule for an annotation of this key.
    pub fn annotation(&self, key: &str) -> Option<&Annotation> {
        ANNOTATIONS.find(key)
    }

    /// Every row, the user's own first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.own.iter().chain(filed::all())
    }

    /// Every annotation.
    pub fn annotations(&self) -> &[Annotation] {
        ANNOTATIONS.rows()
    }
}
