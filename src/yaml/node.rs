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
    /// True if the node has a tag.
    pub(super) tagged: bool,
    /// The length of a scalar's text in bytes, which decides most comparisons of keys. [`LONG`] for longer texts and
    /// for nodes that are not scalars.
    pub(super) length: u16,
}

/// The length of a text that is too long to store its length, and of a node that is not a scalar.
pub(super) const LONG: u16 = u16::MAX;

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
    /// Creates a scalar whose text has `length` bytes. For `link`, see the field.
    pub(super) fn scalar(form: Form, span: Span, link: u32, length: usize) -> Cell {
        Cell { span, link, form, tagged: false, length: u16::try_from(length).unwrap_or(LONG) }
    }

    /// Creates a node that is not a scalar.
    pub(super) fn other(form: Form, span: Span, link: u32) -> Cell {
        Cell { span, link, form, tagged: false, length: LONG }
    }

    /// False if the text certainly does not have this length.
    pub(super) fn may_have_length(&self, length: usize) -> bool {
        usize::from(self.length) == length || self.length == LONG
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
    pub(super) fn next(&self, id: NodeId) -> NodeId {
        NodeId(if self.form.is_collection() { self.link } else { id.0 + 1 })
    }
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
        matches!(self, Form::BlockMapping | Form::FlowMapping | Form::Sequence)
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
