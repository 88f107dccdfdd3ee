//! The fields of a mapping for a walk that looks at nearly every field of a document.
//!
//! A field keeps what was found about its nodes, so that the walk need not look them up again for each question.

use super::node::{Cell, Form, NodeId};
use super::tree::Tree;
use crate::text::source::Span;

/// A field of a mapping, as written.
#[derive(Clone, Copy, Debug)]
pub struct Field<'t, 's> {
    /// The key.
    pub key: NodeId,
    /// The value.
    pub node: NodeId,
    tree: &'t Tree<'s>,
    name: &'t Cell,
    value: &'t Cell,
}

impl<'s> Tree<'s> {
    /// Returns the fields of a mapping as written. Merge keys are included like other fields. Empty if the node is not
    /// a mapping.
    #[inline]
    pub fn fields(&self, mapping: NodeId) -> impl Iterator<Item = Field<'_, 's>> {
        let mut at = mapping.0 + 1;
        let end = if self.is_mapping(mapping) { self.cell(mapping).link } else { at };
        std::iter::from_fn(move || {
            let key = NodeId(at);
            let name = self.nodes.get(at as usize).filter(|_| at < end)?;
            let node = name.next(key);
            let value = self.nodes.get(node.0 as usize)?;
            at = value.next(node).0;
            Some(Field { key, node, tree: self, name, value })
        })
    }
}

impl<'t, 's> Field<'t, 's> {
    /// Returns the text of the key; empty if the key is not a scalar.
    pub fn text(&self) -> &'t str {
        self.tree.text(self.key).unwrap_or_default()
    }

    /// Returns the text of the key as bytes that outlive the tree; `None` if it is not a slice of the source, as nearly
    /// all are.
    #[inline]
    pub fn bytes_in_source(&self) -> Option<&'s [u8]> {
        if self.name.form.is_scalar() && self.name.link == 0 { self.tree.bytes_of(self.name) } else { None }
    }

    /// Returns the text of the key as bytes; empty if the key is not a scalar.
    #[inline]
    pub fn bytes(&self) -> &'t [u8] {
        self.bytes_in_source().or_else(|| self.tree.bytes(self.key)).unwrap_or_default()
    }

    /// True if the value is a scalar, or an alias for one.
    #[inline]
    pub fn is_scalar(&self) -> bool {
        self.value.form.is_scalar() || (self.value.form == Form::Alias && self.tree.is_scalar(self.node))
    }

    /// Returns the bytes of the value.
    #[inline]
    pub fn span(&self) -> Span {
        self.value.span
    }
}
