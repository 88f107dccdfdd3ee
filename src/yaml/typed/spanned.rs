//! A value with its place in the text.

use crate::text::source::Span;
use serde::Deserialize;

/// The name by which [`Parts`] asks for its place. No type of the program has such a name.
pub(super) const NAME: &str = "$spanned";

/// A value, and the bytes of the text that it was read from. Of an alias they are the alias, not what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Parts<T>")]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its bytes.
    pub span: Span,
}

/// What the reader gives for a [`Spanned`]: where it starts, where it ends, the value.
#[derive(Deserialize)]
#[serde(rename = "$spanned")]
struct Parts<T>(u32, u32, T);

impl<T> From<Parts<T>> for Spanned<T> {
    fn from(Parts(start, end, value): Parts<T>) -> Spanned<T> {
        Spanned { value, span: Span { start, end } }
    }
}
