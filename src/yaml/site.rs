//! A place in the text where a scalar can be replaced.

use super::inner::Position;
use super::node::{Kind, NodeId, Style};
use super::scalar;
use super::tree::Tree;
use crate::text::source::{Source, Span};
use std::borrow::Cow;
use std::ops::Range;

/// How to write a new text at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// As a whole scalar, in this style.
    Scalar(Style),
    /// Unchanged, as a part of a scalar.
    Inner,
}

impl Writing {
    /// Returns the text to write.
    pub fn write(self, text: &str) -> Cow<'_, str> {
        match self {
            Writing::Scalar(style) => scalar::write(text, style),
            Writing::Inner => Cow::Borrowed(text),
        }
    }

    /// Adds a text that consists of `parts` to `out`. `is_word` is true for a text of lowercase letters, digits, dashes
    /// and dots that begins with a letter and contains a dash: it means itself in every style.
    pub fn add(self, parts: &[&str], is_word: bool, out: &mut String) {
        let quote = match self {
            Writing::Inner => "",
            Writing::Scalar(Style::Plain | Style::Block) if is_word => "",
            Writing::Scalar(Style::Single) if is_word => "'",
            Writing::Scalar(Style::Double) if is_word => "\"",
            Writing::Scalar(_) => return out.push_str(&self.write(&parts.concat())),
        };
        out.push_str(quote);
        out.extend(parts.iter().copied());
        out.push_str(quote);
    }
}

/// A place in the text with a scalar, or with an alias for one.
///
/// In a document with aliases, one place can be reached in several ways, which `via` distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The bytes to replace: the scalar with its quotes, or `*name`.
    pub span: Span,
    /// How to write a new text. An alias is replaced in plain style.
    pub writing: Writing,
    /// Offset of the last alias that was followed to this place; `None` if no alias was followed.
    pub via: Option<u32>,
}

impl Tree<'_> {
    /// Returns the place of a scalar, or of an alias for one, that was reached through the alias at `via`.
    pub fn site(&self, id: NodeId, via: Option<u32>) -> Site {
        let node = self.node(id);
        let style = match node.kind {
            Kind::Scalar(style) => style,
            _ => Style::Plain,
        };
        Site { span: node.span, writing: Writing::Scalar(style), via }
    }

    /// Returns the place of a part of a scalar's text. `part` is a range of bytes in that text. `None` if the part cannot
    /// be located in the source.
    pub fn inner_site(
        &self,
        id: NodeId,
        part: Range<usize>,
        via: Option<u32>,
        source: &Source,
    ) -> Option<Site> {
        self.inner_site_after(id, part, (via, source), &mut Position::default())
    }

    /// Like [`Tree::inner_site`], but continues at the position of an earlier part, which it replaces.
    pub fn inner_site_after(
        &self,
        id: NodeId,
        part: Range<usize>,
        (via, source): (Option<u32>, &Source),
        earlier: &mut Position,
    ) -> Option<Site> {
        let span = self.inner_after(id, part, source, earlier)?;
        Some(Site { span, writing: Writing::Inner, via })
    }
}
