//! Objects looked at once more, for stages that write something into them.
//!
//! No document's tree is kept, so the few documents that hold such objects are read again. Changes nothing.

use crate::inventory::Inventory;
use crate::object::{View, objects};
use crate::source::Source;
use crate::split::Document;
use crate::yaml::{self, Tree};
use std::collections::{BTreeSet, HashMap};

/// Calls `visit` with each object of `wanted`, which holds indices into the inventory's objects, in the order of the
/// stream.
pub fn each(
    source: &Source,
    documents: &[Document],
    inventory: &Inventory<'_>,
    wanted: &BTreeSet<u32>,
    visit: &mut dyn FnMut(u32, &View<'_, '_>),
) {
    let mut tree = Tree::default();
    let mut wanted = wanted.iter().copied().peekable();
    for document in documents {
        let mut here: HashMap<u32, u32> = HashMap::new();
        while let Some(object) = wanted.next_if(|object| document_of(inventory, *object) == document.number) {
            here.insert(inventory.objects[object as usize].span.start, object);
        }
        let text = source.slice(document.span);
        if here.is_empty() || yaml::parse(text, document.span.start, &mut tree).is_err() {
            continue;
        }
        for view in objects(&tree) {
            if let Some(object) = here.get(&tree.node(view.root).span.start) {
                visit(*object, &view);
            }
        }
    }
}

fn document_of(inventory: &Inventory<'_>, object: u32) -> u32 {
    inventory.objects[object as usize].document
}
