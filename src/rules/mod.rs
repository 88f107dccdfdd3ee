//! What counts as a reference, and which objects are always left alone.
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
use std::sync::LazyLock;

/// All rules in force.
#[derive(Debug)]
pub struct Rules {
    own: Vec<Row>,
    builtin: &'static [Row],
    annotations: &'static Annotations,
}

/// The tables that come with the program, read once, when the first one is needed. A test reads them, so they are
/// well-formed in every build that passed.
static TABLES: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let read = |table, origin| table::read(table, origin).unwrap_or_default();
    [read(table::BUILTIN, "built-in API"), read(table::CATALOGUE, "catalogue")].concat()
});
static ANNOTATIONS: LazyLock<Annotations> = LazyLock::new(Annotations::builtin);

impl Rules {
    /// The rules that come with the program, and rows of the user's own.
    pub fn new(own: &[Row]) -> Rules {
        Rules { own: own.to_vec(), builtin: &TABLES, annotations: &ANNOTATIONS }
    }

    /// The paths for one kind of object.
    pub fn paths(&self, group: &str, kind: &str) -> Paths {
        let object = format!("{group}/{kind}");
        Paths::new(self.rows().filter(|row| glob(&row.object, &object)), self.builtin)
    }

    /// The rule for an annotation of this key.
    pub fn annotation(&self, key: &str) -> Option<&Annotation> {
        self.annotations.find(key)
    }

    /// Every row, the user's own first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.own.iter().chain(self.builtin)
    }

    /// Every annotation.
    pub fn annotations(&self) -> &[Annotation] {
        self.annotations.rows()
    }
}
