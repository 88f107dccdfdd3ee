//! Keys of the content that differ in YAML but are the same text in JSON.
//!
//! A message contains keys of ConfigMaps, but never a value.

use super::content::{FIELDS, entry};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::yaml::NodeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Returns a warning about keys of the content that differ in YAML but are the same text in JSON, such as `1` and
/// `"1"`. kubectl uses the value of either key, and may choose another one in each run.
pub fn either(view: &View<'_, '_>) -> Option<Diagnostic> {
    let tree = view.tree;
    for field in FIELDS {
        let Some(mapping) = view.field(field).filter(|mapping| repeats(view, *mapping)) else { continue };
        let mut seen: HashMap<Cow<'_, str>, NodeId> = HashMap::new();
        let mut found = None;
        tree.each_field(mapping, &mut |key, _| {
            let Some(text) = tree.key(key) else { return };
            match seen.entry(text) {
                Entry::Occupied(first) if tree.value(*first.get()) != tree.value(key) => {
                    found.get_or_insert((first.key().clone(), *first.get(), key));
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(place) => drop(place.insert(key)),
            }
        });
        if let Some((key, first, second)) = found {
            return Some(taken_at_random(view, &entry(view, field, &key), first, second));
        }
    }
    None
}

/// True if two keys are the same text. Skips mappings in which all keys are text, because such keys cannot differ in
/// YAML and be the same in JSON.
fn repeats(view: &View<'_, '_>, mapping: NodeId) -> bool {
    let mut all_text = true;
    view.tree.each_field(mapping, &mut |key, _| all_text &= view.tree.is_string(key));
    if all_text {
        return false;
    }
    let mut keys = Vec::new();
    view.tree.each_field(mapping, &mut |key, _| keys.extend(view.tree.key(key)));
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

fn taken_at_random(view: &View<'_, '_>, path: &str, first: NodeId, second: NodeId) -> Diagnostic {
    let message = format!(
        "{path} is defined twice, with keys of different types; kubectl may use either, so the object keeps its name"
    );
    Diagnostic::new(Code::DuplicateKey, message)
        .at(view.tree.node(second).span, "the same key as text")
        .at(view.tree.node(first).span, "first defined here")
        .help("delete the unwanted entry")
}
