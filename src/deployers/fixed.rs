//! The immutable parts of an object as digests, and whether another object can replace it.
//!
//! The table is in `fields`. Must not decide about pods.

use super::fields::{Field, Rule, fields};
use super::{normal, quantity};
use crate::kube::object::View;
use crate::kube::suffix::{self, Suffix as Digest};
use crate::yaml::NodeId;

/// The immutable parts of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Exact(Option<Digest>),
    Stated(Option<Digest>),
    Grows(Option<u128>),
}

impl Fixed {
    /// Reads an object. `text` returns the canonical text of a node.
    pub(super) fn of(view: &View<'_, '_>, kind: &str, text: impl Fn(NodeId) -> String) -> Fixed {
        Fixed(fields(view.group(), kind).map(|field| part(field, view, &text)).collect())
    }

    /// Adds names in fields that must not change.
    pub(super) fn with_names(mut self, names: &[&str]) -> Fixed {
        let digest = (!names.is_empty()).then(|| suffix::of_text(&names.join(" ")));
        self.0.push(Part::Exact(digest));
        self
    }

    /// True if the API server refuses to replace this object with `next`.
    pub fn refuses(&self, next: &Fixed) -> bool {
        self.0.len() != next.0.len()
            || self.0.iter().zip(&next.0).any(|(now, next)| match (now, next) {
                (_, Part::Stated(None)) => false,
                (Part::Grows(now), Part::Grows(next)) => now.zip(*next).is_some_and(|(now, next)| next < now),
                (now, next) => now != next,
            })
    }
}

/// Reads one field. `text` returns the canonical text of a node.
fn part(field: &Field, view: &View<'_, '_>, text: &impl Fn(NodeId) -> String) -> Part {
    let found = at(view, field.path());
    let value = || found.and_then(|node| view.tree.text(node)).filter(|text| !text.is_empty());
    let digest = |text: &str| Some(suffix::of_text(text));
    match field.rule() {
        Rule::Whole | Rule::Except(_) => {
            let text = found.and_then(|node| compared(field, &text(node)));
            Part::Exact(text.as_deref().and_then(digest))
        }
        Rule::Default(default) => Part::Exact(digest(value().unwrap_or(default))),
        // An `ExternalName` Service has no cluster IP.
        Rule::Stated if is_external(view) => Part::Stated(None),
        Rule::Stated => Part::Stated(value().and_then(digest)),
        Rule::Grows => Part::Grows(value().and_then(quantity::read)),
    }
}

/// Returns the value at a path of fields.
pub(super) fn at(view: &View<'_, '_>, path: &[&str]) -> Option<NodeId> {
    let below = |node, field: &&str| view.tree.get(view.tree.deref(node), field);
    path.iter().try_fold(view.root, below).map(|node| view.tree.deref(node))
}

fn is_external(view: &View<'_, '_>) -> bool {
    let text = at(view, &["spec", "type"]).and_then(|node| view.tree.text(node));
    text.is_some_and(|text| text == "ExternalName")
}

/// Returns the canonical text of a field as the API server compares it; `None` if it means the same as an absent field. A text
/// that nests too deep for this parser is compared as a whole.
fn compared(field: &Field, text: &str) -> Option<String> {
    let Ok(mut value) = serde_json::from_str(text) else { return Some(text.to_owned()) };
    field.normalize(&mut value);
    (!normal::is_nothing(&value)).then(|| value.to_string())
}
