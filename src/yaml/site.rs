//! A place where a scalar is written and can be replaced.

use super::node::{Kind, NodeId, Style};
use super::scalar;
use super::tree::Tree;
use crate::text::source::{Source, Span};
use std::borrow::Cow;
use std::ops::Range;

/// How a new text is written at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// As a scalar of its own, in this style.
    Scalar(Style),
    /// As it is, within a scalar.
    Inner,
}

impl Writing {
    /// The text to write.
    pub fn write(self, text: &str) -> Cow<'_, str> {
        match self {
            Writing::Scalar(style) => scalar::write(text, style),
            Writing::Inner => Cow::Borrowed(text),
        }
    }
}

/// One place in the text that holds a scalar or an alias for one.
///
/// In a document with aliases one place can be reached in several ways; `via` tells which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The bytes to write over: the scalar with its quotes, or `*name`.
    pub span: Span,
    /// How to write a new text there. An alias is replaced in plain style.
    pub writing: Writing,
    /// Offset of the alias that was followed last to get here; `None` for the direct way.
    pub via: Option<u32>,
}

impl Tree<'_> {
    /// The place of a scalar, or of an alias for one, that was reached through the alias at `via`.
    pub fn site(&self, id: NodeId, via: Option<u32>) -> Site {
        let node = self.node(id);
        let style = match node.kind {
            Kind::Scalar(style) => style,
            _ => Style::Plain,
        };
        Site { span: node.span, writing: Writing::Scalar(style), via }
    }

    /// The place of a part of a scalar's text, given in bytes of that text; `None` where the source does not hold it
    /// letter by letter.
    pub fn inner_site(
        &self,
        id: NodeId,
        part: Range<usize>,
        via: Option<u32>,
        source: &Source,
    ) -> Option<Site> {
        self.inner(id, part, source).map(|span| Site { span, writing: Writing::Inner, via })
    }
}
