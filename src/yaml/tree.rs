//! The nodes of one document, in the order of the text.
//!
//! The children of a node follow it directly, and `next` leads past them. So a whole document is one allocation, which
//! the next document reuses. Aliases stay aliases: nothing is ever copied or expanded.

use super::decoded::Decoded;
use super::node::{Cell, Form, Kind, Node, NodeId};
use super::wide::WideMappings;
use crate::text::source::Span;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::cell;

/// The number of visits through aliases that a document may cause, in addition to ten for each of its nodes.
const ALIAS_ALLOWANCE: usize = 400_000;

/// A node that aliases refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// The bytes of the anchored node.
    pub span: Span,
    /// The places of `*name`, in order.
    pub aliases: Vec<Span>,
}

/// NEL, LINE SEPARATOR and PARAGRAPH SEPARATOR.
pub const UNICODE_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// The nodes of one document. Empty if the document contains only comments.
#[derive(Debug, PartialEq, Eq)]
pub struct Tree<'s> {
    /// The text of the document, and its offset in the source.
    pub(super) source: (&'s str, u32),
    pub(super) nodes: Vec<Cell>,
    /// The texts of scalars whose text is not a slice of the source.
    pub(super) decoded: Decoded,
    pub(super) tags: Vec<(NodeId, String)>,
    pub(super) has_aliases: bool,
    pub(super) has_anchors: bool,
    pub(super) has_merges: bool,
    pub(super) has_lone_return: bool,
    pub(super) has_unicode_break: bool,
    /// Offset of the text after the end of the YAML document, which a `...` line marks.
    pub(super) ignored_from: Option<u32>,
    /// The number of nodes that may still be visited through aliases and merge keys.
    pub(super) budget: cell::Cell<u32>,
    pub(super) wide: WideMappings,
}

impl Default for Tree<'_> {
    fn default() -> Self {
        Tree {
            source: ("", 0),
            nodes: Vec::new(),
            decoded: Decoded::default(),
            tags: Vec::new(),
            has_aliases: false,
            has_anchors: false,
            has_merges: false,
            has_lone_return: false,
            has_unicode_break: false,
            ignored_from: None,
            budget: cell::Cell::new(0),
            wide: WideMappings::default(),
        }
    }
}

impl<'s> Tree<'s> {
    /// Prepares the tree for another document, `text`, which begins at `base` in the source.
    pub(super) fn clear(&mut self, text: &'s str, base: u32) {
        self.source = (text, base);
        self.nodes.clear();
        self.decoded.clear();
        self.tags.clear();
        self.has_aliases = false;
        self.has_anchors = false;
        self.has_merges = false;
        self.has_lone_return = false;
        self.has_unicode_break = false;
        self.ignored_from = None;
        self.wide.clear();
    }

    /// Adds a node without children.
    pub(super) fn push(&mut self, kind: Kind, span: Span, text: Cow<'s, str>, tag: Option<String>) -> NodeId {
        let id = self.next_id();
        let form = Form::of(kind);
        let as_written = matches!(&text, Cow::Borrowed(text) if self.is_as_written(form, span, text));
        let mut cell = match kind {
            Kind::Alias(target) => Cell::other(form, span, target.0),
            Kind::Mapping(_) | Kind::Sequence => Cell::other(form, span, id.0 + 1),
            Kind::Scalar(_) if as_written => {
                Cell::as_written(form, span, self.byte(span.start + form.quote()))
            }
            Kind::Scalar(_) => {
                self.decoded.writer().push_str(&text);
                Cell::decoded(form, span, self.decoded.end(), &text)
            }
        };
        if tag.is_some() {
            cell = cell.with_tag();
        }
        self.tags.extend(tag.map(|tag| (id, tag)));
        self.nodes.push(cell);
        id
    }

    /// Adds scalars without tags whose texts are slices of the source.
    #[inline(always)]
    pub(super) fn push_cells<const COUNT: usize>(&mut self, cells: [Cell; COUNT]) {
        self.nodes.extend_from_slice(&cells);
    }

    /// Adds a scalar without a tag. `text` is the value of [`Decoded::end`].
    #[inline(never)]
    pub(super) fn push_decoded(&mut self, cell: Cell, text: u32) {
        let cell = Cell::decoded(cell.form, cell.span, text, self.decoded.get(text));
        self.nodes.push(cell);
    }

    /// Adds a collection. [`Tree::close`] completes it.
    pub(super) fn open(&mut self, form: Form, start: u32) -> NodeId {
        let id = self.next_id();
        self.nodes.push(Cell::other(form, Span::empty(start), id.0 + 1));
        id
    }

    /// Ends a collection at the offset `end`. It contains all nodes that were added after it.
    pub(super) fn close(&mut self, id: NodeId, end: u32) {
        let next = self.next_id().0;
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.link = next;
            node.span.end = end;
        }
    }

    /// Returns the id of the node that is added next.
    pub(super) fn next_id(&self) -> NodeId {
        NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX))
    }

    /// Sets the budget. Must be called after all nodes are added.
    pub(super) fn grant_budget(&mut self) {
        let budget = ALIAS_ALLOWANCE + 10 * self.nodes.len();
        self.budget.set(u32::try_from(budget).unwrap_or(u32::MAX));
    }

    /// Returns the top node, if there is one.
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// Returns the node with this id.
    pub fn node(&self, id: NodeId) -> Node {
        self.cell(id).node(id)
    }

    pub(super) fn cell(&self, id: NodeId) -> &Cell {
        &self.nodes[id.0 as usize]
    }

    /// Returns the node that an alias refers to, or the node itself if it is not an alias.
    pub fn deref(&self, id: NodeId) -> NodeId {
        let cell = self.cell(id);
        if cell.form == Form::Alias { NodeId(cell.link) } else { id }
    }

    /// Returns the node that follows in the order of the text, children before siblings.
    pub fn after(&self, id: NodeId) -> Option<NodeId> {
        (id.0 as usize + 1 < self.nodes.len()).then_some(NodeId(id.0 + 1))
    }

    /// True if the node has a tag. [`Tree::tag`] returns the tag.
    pub fn is_tagged(&self, id: NodeId) -> bool {
        self.cell(id).is_tagged()
    }

    /// Returns the tag of the node in full: `tag:yaml.org,2002:str` for `!!str`.
    pub fn tag(&self, id: NodeId) -> Option<&str> {
        if !self.is_tagged(id) {
            return None;
        }
        let at = self.tags.binary_search_by_key(&id, |(node, _)| *node).ok()?;
        Some(self.tags[at].1.as_str())
    }

    /// Returns the direct children: the items, or the keys and values in turn.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children_from(NodeId(id.0 + 1), self.cell(id).next(id))
    }

    fn children_from(&self, mut at: NodeId, end: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let child = at;
            at = self.cell(child).next(child);
            Some(child)
        })
    }

    /// Returns the entries of a mapping as written, key and value. Merge keys are included like other entries. Empty if
    /// the node is not a mapping.
    #[inline]
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        self.keys(id).map(|(key, _, value)| (key, value))
    }

    /// Like [`Tree::entries`], but with the cell of each key.
    #[inline(always)]
    pub(super) fn keys(&self, id: NodeId) -> impl Iterator<Item = (NodeId, &Cell, NodeId)> + '_ {
        let end = if self.is_mapping(id) { self.cell(id).link } else { 0 };
        // One comparison with the end of this slice instead of two for each node.
        let nodes = self.nodes.get(..end as usize).unwrap_or_default();
        let mut at = NodeId(id.0 + 1);
        std::iter::from_fn(move || {
            let (key, cell) = (at, nodes.get(at.0 as usize)?);
            let value = cell.next(key);
            at = nodes.get(value.0 as usize)?.next(value);
            Some((key, cell, value))
        })
    }

    /// Returns the entries of a mapping, as far as they are scalars: each key, whether its value is a block scalar,
    /// and both texts if they are certainly text. Without collections, two nodes are an entry, so the entries after a
    /// collection are meaningless.
    #[inline(always)]
    pub fn pairs(&self, id: NodeId) -> impl Iterator<Item = (NodeId, bool, Option<(&str, &str)>)> + '_ {
        let end = if self.is_mapping(id) { self.cell(id).link } else { 0 };
        let first = id.0 + 1;
        let (pairs, _) = self.nodes.get(first as usize..end as usize).unwrap_or_default().as_chunks();
        let keys = (first..).step_by(2).map(NodeId);
        keys.zip(pairs)
            .map(|(id, [key, value])| (id, value.form == Form::Block, self.sure(key).zip(self.sure(value))))
    }

    /// Returns the items of a sequence. Empty if the node is not a sequence.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = if self.cell(id).form == Form::Sequence { self.cell(id).link } else { 0 };
        self.children_from(NodeId(id.0 + 1), NodeId(end))
    }

    /// True if the node is a mapping.
    pub fn is_mapping(&self, id: NodeId) -> bool {
        self.cell(id).form.is_mapping()
    }

    /// Spends one step of the budget for visits through aliases. Returns false if the budget is used up.
    ///
    /// kubectl's YAML reader has a similar limit. Without it, a few lines of aliases could cause years of work.
    pub fn step(&self) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(1));
        left > 0
    }

    /// True if following aliases has used up the budget, so that not everything was read.
    pub fn exhausted(&self) -> bool {
        self.has_aliases && self.budget.get() == 0
    }

    /// True if the document has an anchor, even one without aliases.
    pub fn has_anchors(&self) -> bool {
        self.has_anchors
    }

    /// True if the document has an alias.
    pub fn has_aliases(&self) -> bool {
        self.has_aliases
    }

    /// True if the document has a merge key.
    pub fn has_merges(&self) -> bool {
        self.has_merges
    }

    /// True if a carriage return alone ends a line, which YAML allows. Nothing can then be inserted that needs a
    /// separate line, because the rest of this program recognises only line feeds as line ends.
    pub fn has_lone_return(&self) -> bool {
        self.has_lone_return
    }

    /// True if the text contains one of [`UNICODE_BREAKS`], which end a line in YAML 1.1. False for JSON.
    pub fn has_unicode_break(&self) -> bool {
        self.has_unicode_break
    }

    /// Returns the offset of the text after the end of the document, if there is any.
    pub fn ignored_from(&self) -> Option<u32> {
        self.ignored_from
    }

    /// Returns the anchored nodes that have aliases, in the order of their first alias.
    pub fn anchored(&self) -> Vec<Anchored> {
        let mut found: IndexMap<NodeId, Vec<Span>> = IndexMap::new();
        for node in self.nodes.iter().filter(|node| node.form == Form::Alias) {
            found.entry(NodeId(node.link)).or_default().push(node.span);
        }
        found.into_iter().map(|(id, aliases)| Anchored { span: self.node(id).span, aliases }).collect()
    }
}
