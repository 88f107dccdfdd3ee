//! Scalars as text, numbers and booleans, if the type specifies which.
//!
//! A plain scalar has the same value as for kubectl. In addition, text may be unquoted (`namespace: 123`), and a number
//! or a boolean may be quoted (`keep: "3"`), because the type leaves no doubt.

use super::error::Error;
use crate::yaml::scalar::resolve;
use crate::yaml::{NodeId, Tree, Value};
use std::borrow::Cow;

/// Returns the text of a scalar as written; borrowed if it is a slice of the source.
pub(super) fn text<'de>(tree: &Tree<'de>, node: NodeId) -> Result<Cow<'de, str>, Error> {
    let text = match tree.value(node) {
        Some(Value::Text(text)) => tree.name(node).or_else(|| Some(Cow::Owned(text.into_owned()))),
        Some(Value::Bool(_) | Value::Int(_) | Value::Float(_)) => tree.text_to_keep(node),
        Some(Value::Null | Value::Invalid) | None => None,
    };
    text.ok_or_else(|| Error::expected("text"))
}

/// Returns a boolean, which may be any of the words of YAML 1.1.
pub(super) fn boolean(tree: &Tree<'_>, node: NodeId) -> Result<bool, Error> {
    match meaning(tree, node) {
        Some(Value::Bool(value)) => Ok(value),
        _ => Err(Error::expected("`true` or `false`")),
    }
}

/// Returns a whole number. Refuses `010`, which is eight for kubectl and ten for most people.
pub(super) fn number(tree: &Tree<'_>, node: NodeId) -> Result<i128, Error> {
    let Some(Value::Int(value)) = meaning(tree, node) else { return Err(Error::expected("a number")) };
    let rest = tree.text(node).and_then(|text| text.trim_start_matches(['-', '+']).strip_prefix('0'));
    if rest.is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit())) {
        return Err(Error::expected("a number without a leading zero"));
    }
    Ok(value)
}

/// Returns the value of a scalar; for a quoted scalar, the value that it would have without quotes.
fn meaning<'t>(tree: &'t Tree<'_>, node: NodeId) -> Option<Value<'t>> {
    match tree.value(node)? {
        Value::Text(Cow::Borrowed(text)) => Some(resolve(text)),
        value => Some(value),
    }
}
