//! A node of a document, and its form in memory: 16 bytes, because a hostile document has a node for every two bytes.
//!
//! Must not know the text.

use crate::text::source::Span;

/// Index of a node in its [`Tree`](super::Tree).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// The style of a scalar.
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

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keys and values, alternating. True for flow style, `{...}`.
    Mapping(bool),
    /// Items.
    Sequence,
    /// A scalar.
    Scalar(Style),
    /// `*name`, with the node that it refers to.
    Alias(NodeId),
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The kind of the node.
    pub kind: Kind,
    /// The bytes, without anchor and tag. The span of a block scalar begins at its header (`|`). The span of an absent
    /// value is empty.
    pub span: Span,
    /// The first node after this one and its descendants.
    pub next: NodeId,
}

/// A node in memory. `link` has three uses, because only collections contain other nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) span: Span,
    /// For a collection, the first node after it. For an alias, the node that it refers to. For a scalar, 1 + the index
    /// of its text among the decoded texts, or 0 if the text is a slice of the source.
    pub(super) link: u32,
    pub(super) form: Form,
    /// The first byte of a scalar's text. It and the length decide nearly all comparisons of keys, and it tells most
    /// texts from numbers and booleans. Meaningless for an empty text and for nodes that are not scalars.
    pub(super) first: u8,
    /// The length of a scalar's text in bytes; [`LONG`] for longer texts and for nodes that are not scalars. [`TAGGED`]
    /// for any node with a tag.
    length: u16,
}

/// The length of a text that is too long to store its length, and of a node that is not a scalar.
const LONG: u16 = TAGGED - 1;

/// Marks a node with a tag, which is too rare for a separate byte.
const TAGGED: u16 = u16::MAX;

/// The kind of a node, in one byte. Quoted styles have odd values, so that the width of the quotes, which every access
/// to a text needs, is one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Form {
    Plain = 0,
    Single = 1,
    Block = 2,
    Double = 3,
    Alias = 4,
    BlockMapping = 6,
    FlowMapping = 8,
    Sequence = 10,
}

impl Cell {
    /// Creates a scalar whose text is a slice of the source that begins with `first`.
    #[inline(always)]
    pub(super) fn as_written(form: Form, span: Span, first: u8) -> Cell {
        Cell {
            span,
            link: 0,
            form,
            first,
            length: length((span.end - span.start - 2 * form.quote()) as usize),
        }
    }

    /// Creates a scalar with a decoded text. For `link`, see the field.
    pub(super) fn decoded(form: Form, span: Span, link: u32, text: &str) -> Cell {
        Cell { span, link, form, first: text.bytes().next().unwrap_or_default(), length: length(text.len()) }
    }

    /// Creates a node that is not a scalar.
    pub(super) fn other(form: Form, span: Span, link: u32) -> Cell {
        Cell { span, link, form, first: 0, length: LONG }
    }

    /// Returns the node with a tag.
    pub(super) fn with_tag(self) -> Cell {
        Cell { length: TAGGED, ..self }
    }

    /// True if the node has a tag.
    #[inline]
    pub(super) fn is_tagged(&self) -> bool {
        self.length == TAGGED
    }

    /// True for a scalar that certainly has no text. False for any node with a tag.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// False if the node certainly does not have this text.
    #[inline(always)]
    pub(super) fn may_be(&self, text: &[u8]) -> bool {
        usize::from(self.length) == text.len() && text.first().is_none_or(|first| *first == self.first)
            || self.length >= LONG
    }

    /// Returns the node. Its id is `id`.
    pub(super) fn node(&self, id: NodeId) -> Node {
        Node { kind: self.kind(), span: self.span, next: self.next(id) }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.form {
            Form::BlockMapping => Kind::Mapping(false),
            Form::FlowMapping => Kind::Mapping(true),
            Form::Sequence => Kind::Sequence,
            Form::Alias => Kind::Alias(NodeId(self.link)),
            Form::Plain => Kind::Scalar(Style::Plain),
            Form::Single => Kind::Scalar(Style::Single),
            Form::Double => Kind::Scalar(Style::Double),
            Form::Block => Kind::Scalar(Style::Block),
        }
    }

    /// Returns the first node after this one and its descendants. The id of this node is `id`.
    #[inline(always)]
    pub(super) fn next(&self, id: NodeId) -> NodeId {
        NodeId(if self.form.is_collection() { self.link } else { id.0 + 1 })
    }
}

/// Returns the length of a text as it is stored.
#[inline(always)]
fn length(bytes: usize) -> u16 {
    u16::try_from(bytes.min(LONG.into())).unwrap_or(LONG)
}

impl Form {
    pub(super) fn of(kind: Kind) -> Form {
        match kind {
            Kind::Mapping(false) => Form::BlockMapping,
            Kind::Mapping(true) => Form::FlowMapping,
            Kind::Sequence => Form::Sequence,
            Kind::Alias(_) => Form::Alias,
            Kind::Scalar(Style::Plain) => Form::Plain,
            Kind::Scalar(Style::Single) => Form::Single,
            Kind::Scalar(Style::Double) => Form::Double,
            Kind::Scalar(Style::Block) => Form::Block,
        }
    }

    pub(super) fn is_scalar(self) -> bool {
        matches!(self, Form::Plain | Form::Single | Form::Double | Form::Block)
    }

    pub(super) fn is_mapping(self) -> bool {
        matches!(self, Form::BlockMapping | Form::FlowMapping)
    }

    /// Returns the width of the quote on each side of a scalar, in bytes.
    pub(super) fn quote(self) -> u32 {
        u32::from(self as u8 & 1)
    }

    fn is_collection(self) -> bool {
        self as u8 >= Form::BlockMapping as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_quotes_is_odd() {
        for style in [Style::Plain, Style::Single, Style::Double, Style::Block] {
            let quoted = matches!(style, Style::Single | Style::Double);
            assert_eq!(Form::of(Kind::Scalar(style)).quote(), u32::from(quoted));
        }
        let others = [Kind::Alias(NodeId(0)), Kind::Mapping(false), Kind::Mapping(true), Kind::Sequence];
        assert!(others.into_iter().all(|kind| Form::of(kind).quote() == 0));
    }

    #[test]
    fn a_node_is_kept_in_16_bytes() {
        assert_eq!(size_of::<Cell>(), 16);
    }
}
