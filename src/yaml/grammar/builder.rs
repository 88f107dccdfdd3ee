//! Adds nodes to a [`Tree`] in the order in which they are parsed.

use super::fault::Fault;
use crate::text::source::Span;
use crate::yaml::node::{Kind, NodeId, Style};
use crate::yaml::tree::Tree;
use std::borrow::Cow;
use std::collections::HashMap;

/// The maximum nesting of collections.
const MAX_DEPTH: usize = 255;

/// The properties before a node.
#[derive(Debug, Default)]
pub(super) struct Properties<'s> {
    pub(super) anchor: Option<&'s str>,
    pub(super) tag: Option<String>,
}

pub(super) struct Builder<'t, 's> {
    text: &'s str,
    base: usize,
    tree: &'t mut Tree<'s>,
    /// The open collections.
    open: Vec<NodeId>,
    /// The node to which each anchor currently refers.
    anchors: HashMap<&'s str, NodeId>,
    /// The end of the last node.
    pub(super) last_end: usize,
}

impl<'t, 's> Builder<'t, 's> {
    pub(super) fn new(text: &'s str, base: u32, tree: &'t mut Tree<'s>) -> Self {
        tree.clear(text, base);
        Builder { text, base: base as usize, tree, open: Vec::new(), anchors: HashMap::new(), last_end: 0 }
    }

    pub(super) fn scalar(
        &mut self,
        properties: Properties<'s>,
        (style, text): (Style, Cow<'s, str>),
        (start, end): (usize, usize),
    ) {
        self.last_end = end;
        // A block scalar extends to where the next token may begin. Its span ends with the last line that is not blank.
        let written = self.text.get(start..end).unwrap_or_default();
        let end = if style == Style::Block { start + written.trim_end().len() } else { end };
        if (style == Style::Plain || properties.tag.is_some()) && text == "<<" {
            self.tree.has_merges = true;
        }
        self.add(Kind::Scalar(style), text, properties, start, end);
    }

    /// Adds an absent key or value.
    pub(super) fn absent(&mut self, properties: Properties<'s>, at: usize) {
        self.last_end = at;
        self.add(Kind::Scalar(Style::Plain), Cow::Borrowed(""), properties, at, at);
    }

    pub(super) fn alias(&mut self, name: &str, start: usize, end: usize) -> Result<(), Fault> {
        let target = self.anchors.get(name).copied();
        let unknown = Fault::new(start, "found an alias whose anchor is not in the same document");
        let target = target.ok_or(unknown)?;
        if self.open.binary_search(&target).is_ok() {
            return Err(Fault::new(start, "found an alias inside the node that it refers to"));
        }
        self.tree.has_aliases = true;
        self.last_end = end;
        self.add(Kind::Alias(target), Cow::Borrowed(""), Properties::default(), start, end);
        Ok(())
    }

    pub(super) fn open(&mut self, kind: Kind, properties: Properties<'s>, start: usize) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::too_deep(start));
        }
        let id = self.add(kind, Cow::Borrowed(""), properties, start, start);
        self.open.push(id);
        Ok(())
    }

    /// Closes the innermost collection at the end of the last node.
    pub(super) fn close(&mut self) {
        let end = Span::new(0, self.base + self.last_end).end;
        if let Some(id) = self.open.pop() {
            self.tree.close(id, end);
        }
    }

    /// Closes the innermost collection with a bracket that ends at `end`.
    pub(super) fn close_at(&mut self, end: usize) {
        self.last_end = end;
        self.close();
    }

    /// Records the offset of text after the end of the document, which is at `end`.
    pub(super) fn ignored(&mut self, end: usize) {
        let mut at = end;
        for line in self.text.get(end..).unwrap_or_default().split_inclusive('\n') {
            let content = line.trim_start();
            if !content.is_empty() && !content.starts_with('#') && !content.starts_with("...") {
                let start = self.base + at + (line.len() - content.len());
                self.tree.ignored_from = Some(Span::new(start, start).start);
                return;
            }
            at += line.len();
        }
    }

    fn add(
        &mut self,
        kind: Kind,
        text: Cow<'s, str>,
        properties: Properties<'s>,
        start: usize,
        end: usize,
    ) -> NodeId {
        if let Some(anchor) = properties.anchor {
            self.tree.has_anchors = true;
            self.anchors.insert(anchor, self.tree.next_id());
        }
        let span = Span::new(self.base + start, self.base + end);
        self.tree.push(kind, span, text, properties.tag)
    }
}
