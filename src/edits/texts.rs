//! The new text of each edit.
//!
//! It is made when it is written, so that not all new texts are in memory at once. Must not decide what is edited.

use super::edit::{Addition, AdditionIndex, Cause, Edit};
use super::originals;
use crate::kube::arena::Arena;
use crate::kube::suffix::Suffix;
use crate::survey::inventory::{Copying, Inventory, Target, TargetIndex};
use crate::text::replacement::Piece;
use crate::text::source::Source;
use crate::text::splice::Pen;
use crate::yaml::split::Document;
use crate::yaml::{self, Tree};

/// What the texts are made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a, 's> {
    /// The text of the stream.
    pub source: &'s Source,
    /// Its documents.
    pub documents: &'a [Document],
    /// Its objects and targets.
    pub inventory: &'a Inventory<'s>,
}

impl Input<'_, '_> {
    /// Writes the text that replaces the bytes of an edit.
    pub(super) fn write(self, edit: &Edit, additions: &Arena<AdditionIndex, Addition>, pen: &mut Pen<'_>) {
        let source = self.source;
        let old = |index: AdditionIndex| &*additions[index].change.old;
        match edit.cause {
            Cause::Name(index) | Cause::Reference(index) => self.name(index, edit, pen.text()),
            Cause::Immutable(index) => self.target(index).immutable.write(source, pen.text()),
            Cause::Original(index, outside) => pen.pieces(&self.original(self.target(index), outside)),
            Cause::Addition(index) => pen.text_of(&additions[index].change.text),
            Cause::OldName(anchored) => {
                edit.writing.add(&[&scalar_text(source.slice(anchored))], false, pen.text());
            }
            Cause::OldValue(anchored) => pen.text().push_str(source.slice(anchored)),
            Cause::OldText(index) => edit.writing.add(&[old(index)], false, pen.text()),
        }
    }

    /// Adds the name that a target has in the output.
    fn name(self, index: TargetIndex, edit: &Edit, text: &mut String) {
        let target = self.target(index);
        let base = self.inventory.name(target);
        match target.suffix.as_ref().map(Suffix::as_str) {
            Ok(suffix) => {
                let is_word = target.fits && base.starts_with(|first: char| first.is_ascii_lowercase());
                edit.writing.add(&[base, "-", suffix], is_word, text);
            }
            Err(_) => edit.writing.add(&[base], false, text),
        }
    }

    /// Returns the copy of a target's document under the original name.
    fn original(self, target: &Target, outside: bool) -> Vec<Piece> {
        let Copying::Marked(mark) = target.copying else { return Vec::new() };
        let number = self.inventory.object(target).document;
        originals::marked(self.source, self.documents, number, (mark, outside)).unwrap_or_default()
    }

    fn target(&self, index: TargetIndex) -> &Target {
        &self.inventory.targets[index]
    }
}

/// Returns the text of a scalar that is written in this way.
fn scalar_text(written: &str) -> String {
    let mut tree = Tree::default();
    let root = yaml::parse(written, 0, &mut tree).ok().and_then(|()| tree.root());
    root.and_then(|root| tree.text(root)).unwrap_or(written).to_owned()
}
