//! What counts as a reference, and what is left alone whatever refers to it.
//!
//! Facts as tables, one row each, and the tables made ready for a walk over an object. Nothing here looks at a
//! manifest's values.

mod annotations;
pub mod charts;
pub mod context;
mod conventions;
mod exclusions;
pub mod lifetimes;
mod own;
mod paths;
pub mod shapes;
mod table;

pub use annotations::{Annotation, Format};
pub use conventions::{Convention, Piece, conventions};
pub use exclusions::{By, Exclusion, Exclusions, glob};
pub use own::{RuleList, read_annotation, read_file};
pub use paths::{Leaf, Paths, StateId};
pub use table::{
    BUILTIN, CATALOGUE, Kinds, Names, Namespace, Row, Step, Target, read, read_kinds, read_namespace,
    read_path,
};

use annotations::Annotations;

/// All rules in force.
#[derive(Debug)]
pub struct Rules {
    rows: Vec<Row>,
    annotations: Annotations,
}

impl Rules {
    /// The rules that come with the program, and rows of the user's own.
    pub fn new(own: &[Row]) -> Rules {
        let mut rows = own.to_vec();
        // A test reads the tables, so they are well-formed in every build that passed.
        rows.extend(table::read(table::BUILTIN, "built-in API").unwrap_or_default());
        rows.extend(table::read(table::CATALOGUE, "catalogue").unwrap_or_default());
        Rules { rows, annotations: Annotations::builtin() }
    }

    /// The paths for one kind of object.
    pub fn paths(&self, group: &str, kind: &str) -> Paths {
        let object = format!("{group}/{kind}");
        Paths::new(self.rows.iter().filter(|row| glob(&row.object, &object)), &self.rows)
    }

    /// The rule for an annotation of this key.
    pub fn annotation(&self, key: &str) -> Option<&Annotation> {
        self.annotations.find(key)
    }

    /// Every row, the user's own first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Every annotation.
    pub fn annotations(&self) -> &[Annotation] {
        self.annotations.rows()
    }
}
