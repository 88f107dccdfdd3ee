//! What a node of a document is, and how it is kept: in 16 bytes, as a hostile document has one for every two bytes.
//!
//! Must not know the text.

use crate::text::source::Span;

/// Index of a node in its [`Tree`](super::Tree).
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

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes, without anchor and tag. For a block scalar from its header (`|`) on; empty for an absent value.
    pub span: Span,
    /// The first node after this one and all that it holds.
    pub next: NodeId,
}

/// A node in memory. `link` serves three purposes, since only collections hold other nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) span: Span,
    /// Of a collection the first node after it. Of an alias the node that it stands for. Of a scalar 1 + the index of
    /// its text among the decoded texts, or 0 when the text is a slice of the source.
    pub(super) link: u32,
    pub(super) form: Form,
    /// True when a tag is before the node.
    pub(super) tagged: bool,
    /// Bytes of the text of a scalar: most comparisons of keys end here. [`LONG`] for a longer text, and for a
    /// node that is not a scalar.
    pub(super) length: u16,
}

/// A length that says nothing.
pub(super) const LONG: u16 = u16::MAX;

/// What a node is, in a byte. What has quotes is odd: how wide they are is one instruction, in every look at a text.
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
    /// A scalar whose text has this many bytes. `link`: see there.
    pub(super) fn scalar(form: Form, span: Span, link: u32, length: usize) -> Cell {
        Cell { span, link, form, tagged: false, length: u16::try_from(length).unwrap_or(LONG) }
    }

    /// A node that is not a scalar.
    pub(super) fn other(form: Form, span: Span, link: u32) -> Cell {
        Cell { span, link, form, tagged: false, length: LONG }
    }

    /// False for a text that is surely not of this length.
    pub(super) fn may_have_length(&self, length: usize) -> bool {
        usize::from(self.length) == length || self.length == LONG
    }

    /// The node, which has this id.
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

    /// The first node after this one, which has this id, and after all that it holds.
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

    /// Bytes of the quote on each side of a scalar.
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
