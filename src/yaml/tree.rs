//! The nodes of one document, in the order of the text.
//!
//! A node's children follow it directly and `next` leads past them, so that a whole document is one allocation which
//! the next document reuses. Aliases stay aliases: nothing is ever copied or expanded.

use crate::text::source::Span;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::cell::Cell;

/// Visits through aliases that a document may ask for, beyond ten for each of its nodes.
const ALIAS_ALLOWANCE: usize = 400_000;

/// Index of a node in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|` or `>`
    Block,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keys and values, alternating. True for flow style, `{...}`.
    Mapping(bool),
    /// Items.
    Sequence,
    /// Text.
    Scalar(Style),
    /// `*name`; the node that it stands for.
    Alias(NodeId),
}

/// One node, in 24 bytes: a hostile document has one for every two or three bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes, without anchor and tag. For a block scalar from its header (`|`) on; empty for an absent value.
    pub span: Span,
    /// The first node after this one and all that it holds.
    pub next: NodeId,
    /// Where its text is and whether a tag is before it.
    text: TextIndex,
}

/// Where the text of a scalar is: 0 in the source, else 1 + its index among the decoded texts. The highest bit says
/// whether a tag is before the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TextIndex(u32);

impl TextIndex {
    const TAGGED: u32 = 1 << 31;

    fn decoded(self) -> Option<usize> {
        (self.0 & !TextIndex::TAGGED).checked_sub(1).map(|index| index as usize)
    }

    fn is_tagged(self) -> bool {
        self.0 & TextIndex::TAGGED != 0
    }
}

/// A node that aliases refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// The anchored node's bytes.
    pub span: Span,
    /// The `*name` places, in order.
    pub aliases: Vec<Span>,
}

/// The nodes of one document. Empty when the document holds nothing but comments.
#[derive(Debug, PartialEq, Eq)]
pub struct Tree<'s> {
    /// The text of the document, and where it begins in the source.
    source: (&'s str, u32),
    pub(super) nodes: Vec<Node>,
    /// Texts of scalars that are not written as they are read.
    decoded: Vec<Cow<'s, str>>,
    pub(super) tags: Vec<(NodeId, String)>,
    pub(super) has_aliases: bool,
    pub(super) has_merges: bool,
    /// Offset where the YAML document ended though the text goes on, after a `...` line.
    pub(super) ignored_from: Option<u32>,
    /// How many more nodes may be visited through aliases and merge keys.
    pub(super) budget: Cell<u32>,
}

impl Default for Tree<'_> {
    fn default() -> Self {
        Tree {
            source: ("", 0),
            nodes: Vec::new(),
            decoded: Vec::new(),
            tags: Vec::new(),
            has_aliases: false,
            has_merges: false,
            ignored_from: None,
            budget: Cell::new(0),
        }
    }
}

impl<'s> Tree<'s> {
    /// Makes the tree ready for another document, `text`, which begins at `base` of the source.
    pub(super) fn clear(&mut self, text: &'s str, base: u32) {
        self.source = (text, base);
        self.nodes.clear();
        self.decoded.clear();
        self.tags.clear();
        self.has_aliases = false;
        self.has_merges = false;
        self.ignored_from = None;
    }

    /// Adds a node without children.
    pub(super) fn push(&mut self, kind: Kind, span: Span, text: Cow<'s, str>, tag: Option<String>) -> NodeId {
        let id = self.next_id();
        let as_written = match (kind, &text) {
            (Kind::Scalar(style), Cow::Borrowed(text)) => self.is_as_written(style, span, text),
            (kind, _) => !matches!(kind, Kind::Scalar(_)),
        };
        let index = if as_written {
            0
        } else {
            self.decoded.push(text);
            // A source of 4 GiB has fewer decoded texts than 31 bits can count.
            u32::try_from(self.decoded.len()).unwrap_or_default()
        };
        let tagged = if tag.is_some() { TextIndex::TAGGED } else { 0 };
        self.tags.extend(tag.map(|tag| (id, tag)));
        self.nodes.push(Node { kind, span, next: NodeId(id.0 + 1), text: TextIndex(index | tagged) });
        id
    }

    /// Adds a node without children and without a tag: a collection, or a scalar that is not of block style and whose text
    /// is the very bytes of the source between its quotes.
    pub(super) fn push_as_written(&mut self, kind: Kind, span: Span) -> NodeId {
        let id = self.next_id();
        self.nodes.push(Node { kind, span, next: NodeId(id.0 + 1), text: TextIndex(0) });
        id
    }

    /// The id of the node that is added next.
    pub(super) fn next_id(&self) -> NodeId {
        NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX))
    }

    /// True for a text that is the very bytes of the source between the quotes of the scalar.
    fn is_as_written(&self, style: Style, span: Span, text: &str) -> bool {
        let written = self.written(style, span);
        style != Style::Block
            && text.len() == written.len()
            && (text.is_empty() || text.as_ptr() == written.as_ptr())
    }

    /// What is between the quotes of a scalar.
    fn written(&self, style: Style, span: Span) -> &'s str {
        let (text, base) = self.source;
        let quote = usize::from(matches!(style, Style::Single | Style::Double));
        let range = span.range();
        let at = |offset: usize| offset.saturating_sub(base as usize);
        text.get(at(range.start) + quote..at(range.end).saturating_sub(quote)).unwrap_or_default()
    }

    /// Sets the budget, now that all nodes are there.
    pub(super) fn grant_budget(&mut self) {
        let budget = ALIAS_ALLOWANCE + 10 * self.nodes.len();
        self.budget.set(u32::try_from(budget).unwrap_or(u32::MAX));
    }

    /// The top node, if there is one.
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The node itself, or what it stands for when it is an alias.
    pub fn deref(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            Kind::Alias(target) => target,
            _ => id,
        }
    }

    /// The node that follows in the order of the text, children before siblings.
    pub fn after(&self, id: NodeId) -> Option<NodeId> {
        (id.0 as usize + 1 < self.nodes.len()).then_some(NodeId(id.0 + 1))
    }

    /// True when a tag is before the node; [`Tree::tag`] has it.
    pub fn is_tagged(&self, id: NodeId) -> bool {
        self.node(id).text.is_tagged()
    }

    /// The tag written before the node, in full: `tag:yaml.org,2002:str` for `!!str`.
    pub fn tag(&self, id: NodeId) -> Option<&str> {
        if !self.is_tagged(id) {
            return None;
        }
        let at = self.tags.binary_search_by_key(&id, |(node, _)| *node).ok()?;
        Some(self.tags[at].1.as_str())
    }

    /// The direct children: items, or keys and values in turn.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.node(id).next;
        let mut at = NodeId(id.0 + 1);
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let child = at;
            at = self.node(child).next;
            Some(child)
        })
    }

    /// The entries of a mapping as written, key and value; merge keys are entries like any other. Empty for anything
    /// but a mapping.
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        let mapping = matches!(self.node(id).kind, Kind::Mapping(_));
        let mut children = self.children(id);
        std::iter::from_fn(move || {
            if !mapping {
                return None;
            }
            Some((children.next()?, children.next()?))
        })
    }

    /// The items of a sequence. Empty for anything else.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let sequence = self.node(id).kind == Kind::Sequence;
        self.children(id).take_while(move |_| sequence)
    }

    /// True when the node is a mapping.
    pub fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Mapping(_))
    }

    /// The text of a scalar or of the scalar that an alias stands for.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        let node = self.node(self.deref(id));
        let Kind::Scalar(style) = node.kind else { return None };
        Some(match node.text.decoded() {
            Some(index) => self.decoded.get(index).map(AsRef::as_ref).unwrap_or_default(),
            None => self.written(style, node.span),
        })
    }

    /// True when [`Tree::text`] is this text. Most texts differ in their length, and are not looked at.
    pub fn is_text(&self, id: NodeId, text: &str) -> bool {
        let node = self.node(id);
        let Kind::Scalar(style) = node.kind else { return self.text(id) == Some(text) };
        let quotes = if matches!(style, Style::Single | Style::Double) { 2 } else { 0 };
        let length = (node.span.end - node.span.start) as usize;
        (node.text.decoded().is_some() || length == text.len() + quotes) && self.text(id) == Some(text)
    }

    /// The same as [`Tree::text`], to be kept longer than the tree: borrowed from the source if its text there is its value.
    pub fn text_to_keep(&self, id: NodeId) -> Option<Cow<'s, str>> {
        let node = self.node(self.deref(id));
        let Kind::Scalar(style) = node.kind else { return None };
        Some(match node.text.decoded() {
            Some(index) => self.decoded.get(index).cloned().unwrap_or_default(),
            None => Cow::Borrowed(self.written(style, node.span)),
        })
    }

    /// Takes one step of the budget for what is reached through aliases; false when it is used up.
    ///
    /// kubectl's YAML reader has such a limit too; without it a few lines of aliases could ask for years of work.
    pub fn step(&self) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(1));
        left > 0
    }

    /// True when following aliases has used the budget up, so that what was read is not all there is.
    pub fn exhausted(&self) -> bool {
        self.has_aliases && self.budget.get() == 0
    }

    /// True when the document has an alias anywhere.
    pub fn has_aliases(&self) -> bool {
        self.has_aliases
    }

    /// True when the document has a merge key anywhere.
    pub fn has_merges(&self) -> bool {
        self.has_merges
    }

    /// Where text begins that lies after the end of the document, if there is any.
    pub fn ignored_from(&self) -> Option<u32> {
        self.ignored_from
    }

    /// The anchored nodes that have aliases, in the order of their first alias.
    pub fn anchored(&self) -> Vec<Anchored> {
        let mut found: IndexMap<NodeId, Vec<Span>> = IndexMap::new();
        for node in &self.nodes {
            if let Kind::Alias(target) = node.kind {
                found.entry(target).or_default().push(node.span);
            }
        }
        found.into_iter().map(|(id, aliases)| Anchored { span: self.node(id).span, aliases }).collect()
    }
}
