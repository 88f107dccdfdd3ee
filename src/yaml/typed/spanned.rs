//! A value with its place in the text.

use crate::text::source::Span;
use serde::Deserialize;

/// The type name by which [`Parts`] requests its place. No other type of the program has this name.
pub(super) const NAME: &str = "$spanned";

/// A value, and the bytes of the text from which it was read. For an alias, these are the bytes of the alias itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Parts<T>")]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The bytes.
    pub span: Span,
}

/// What the reader returns for a [`Spanned`]: start, end, value.
#[derive(Deserialize)]
#[serde(rename = "$spanned")]
struct Parts<T>(u32, u32, T);

impl<T> From<Parts<T>> for Spanned<T> {
    fn from(Parts(start, end, value): Parts<T>) -> Spanned<T> {
        Spanned { value, span: Span { start, end } }
    }
}
