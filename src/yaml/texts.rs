//! The texts of scalars: slices of the source, or decoded.

use super::node::{Cell, Form, NodeId};
use super::tree::Tree;
use crate::text::source::Span;
use std::borrow::Cow;

impl<'s> Tree<'s> {
    /// Returns the scalar, following an alias.
    pub(super) fn scalar(&self, id: NodeId) -> Option<&Cell> {
        let mut cell = self.cell(id);
        if cell.form == Form::Alias {
            cell = self.cell(NodeId(cell.link));
        }
        cell.form.is_scalar().then_some(cell)
    }

    /// Returns the text of a scalar, following an alias.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        self.scalar(id).map(|cell| self.read(cell))
    }

    /// Like [`Tree::text`], but as bytes, without the check for character boundaries.
    pub(super) fn bytes(&self, id: NodeId) -> Option<&[u8]> {
        let cell = self.scalar(id)?;
        if cell.link == 0 { self.bytes_of(cell) } else { Some(self.decoded.get(cell.link).as_bytes()) }
    }

    /// Returns the bytes of a scalar whose text is a slice of the source.
    #[inline]
    pub(super) fn bytes_of(&self, cell: &Cell) -> Option<&'s [u8]> {
        let (text, base) = self.source;
        let start = (cell.span.start - base + cell.form.quote()) as usize;
        let end = (cell.span.end - base - cell.form.quote()) as usize;
        text.as_bytes().get(start..end)
    }

    /// Returns the text of a scalar.
    pub(super) fn read(&self, cell: &Cell) -> &str {
        if cell.link == 0 { self.written(cell.form, cell.span) } else { self.decoded.get(cell.link) }
    }

    /// True if [`Tree::text`] is this text. Most texts differ in length or in the first byte and are not compared.
    #[inline]
    pub fn is_text(&self, id: NodeId, text: &str) -> bool {
        self.cell(id).may_be(text.as_bytes()) && self.bytes(id) == Some(text.as_bytes())
    }

    /// Like [`Tree::text`], but may outlive the tree: the text is borrowed from the source if it is a slice of it.
    pub fn text_to_keep(&self, id: NodeId) -> Option<Cow<'s, str>> {
        let cell = self.scalar(id)?;
        Some(match cell.link {
            0 => Cow::Borrowed(self.written(cell.form, cell.span)),
            _ => Cow::Owned(self.decoded.get(cell.link).to_owned()),
        })
    }

    /// True if the text is exactly the bytes between the quotes of the scalar in the source.
    pub(super) fn is_as_written(&self, form: Form, span: Span, text: &str) -> bool {
        let written = self.written(form, span);
        form != Form::Block
            && text.len() == written.len()
            && (text.is_empty() || text.as_ptr() == written.as_ptr())
    }

    /// Returns the source between the quotes of a scalar.
    fn written(&self, form: Form, span: Span) -> &'s str {
        let (text, base) = self.source;
        let start = span.start.wrapping_sub(base).wrapping_add(form.quote()) as usize;
        let end = span.end.wrapping_sub(base).wrapping_sub(form.quote()) as usize;
        text.get(start..end).unwrap_or_default()
    }

    /// Returns the byte at an offset in the source; 0 after the end of the document.
    pub(super) fn byte(&self, at: u32) -> u8 {
        let (text, base) = self.source;
        text.as_bytes().get(at.wrapping_sub(base) as usize).copied().unwrap_or_default()
    }
}
