//! Presents a node of a document to serde.
//!
//! Follows aliases and merge keys within the budget of the tree. Nesting is counted through aliases too, so a recursive
//! type cannot exhaust the stack. Enums are words without values.

use super::error::{Error, Problem};
use super::{scalars, spanned};
use crate::text::source::Span;
use crate::yaml::{Kind, NodeId, Tree, Value};
use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;
use std::vec;

/// The maximum nesting of collections, also through aliases.
const MAX_DEPTH: u16 = 255;

/// A node, and how it was reached.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'t, 'de> {
    tree: &'t Tree<'de>,
    /// The node as written, which may be an alias. `None` for a document without content.
    node: Option<NodeId>,
    /// True if the node is an alias or was reached through one.
    is_repeated: bool,
    /// The number of collections around the node.
    depth: u16,
}

impl<'t, 'de> Reader<'t, 'de> {
    pub(super) fn new(tree: &'t Tree<'de>, root: Option<NodeId>) -> Self {
        Reader { tree, node: root, is_repeated: false, depth: 0 }
    }

    /// Returns the reader of an item, a key or a value of this collection.
    fn child(self, node: NodeId) -> Result<Self, Error> {
        let tree = self.tree;
        let is_repeated = self.is_repeated || matches!(tree.node(node).kind, Kind::Alias(_));
        let child = Reader { tree, node: Some(node), is_repeated, depth: self.depth + 1 };
        if (is_repeated && !tree.step()) || child.depth > MAX_DEPTH {
            return Err(Error::new(Problem::AliasLimit).at(child.span()));
        }
        Ok(child)
    }

    pub(super) fn read<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self).map_err(|error| error.at(self.span()))
    }

    /// Returns the bytes of the node. For an alias, these are the bytes of the alias itself.
    fn span(self) -> Span {
        self.node.map_or(Span::empty(0), |node| self.tree.node(node).span)
    }

    fn kind(self) -> Option<Kind> {
        self.node.map(|node| self.tree.node(self.tree.deref(node)).kind)
    }

    fn scalar(self, expected: &str) -> Result<NodeId, Error> {
        let is_scalar = matches!(self.kind(), Some(Kind::Scalar(_)));
        self.node.filter(|_| is_scalar).ok_or_else(|| Error::expected(expected))
    }

    /// Returns the value of a scalar for kubectl; `None` for collections.
    fn value(self) -> Option<Value<'t>> {
        self.tree.value(self.node?)
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let items = match (self.kind(), self.node) {
            (Some(Kind::Sequence), Some(node)) => self.tree.items(self.tree.deref(node)).collect(),
            (None, _) => Vec::new(),
            _ => return Err(Error::expected("a list")),
        };
        visitor.visit_seq(Items { list: self, items: items.into_iter() })
    }

    fn mapping<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let entries = match (self.kind(), self.node) {
            (Some(Kind::Mapping(_)), Some(node)) => entries(self.tree, self.tree.deref(node)),
            (None, _) => Vec::new(),
            _ => return Err(Error::expected("a mapping")),
        };
        if self.tree.exhausted() {
            return Err(Error::new(Problem::AliasLimit));
        }
        visitor.visit_map(Entries { mapping: self, entries: entries.into_iter(), value: None })
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match scalars::text(self.tree, self.scalar("text")?)? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let number = scalars::number(self.tree, self.scalar("a number")?)?;
        whole(number, visitor).map_err(|_| Error::expected("a number"))
    }
}

fn whole<'de, V: Visitor<'de>>(number: i128, visitor: V) -> Result<V::Value, Error> {
    match (u64::try_from(number), i64::try_from(number)) {
        (Ok(number), _) => visitor.visit_u64(number),
        (_, Ok(number)) => visitor.visit_i64(number),
        _ => visitor.visit_i128(number),
    }
}

/// Returns the keys and values of a mapping. Its own keys replace those from merge keys, regardless of the order.
fn entries(tree: &Tree<'_>, mapping: NodeId) -> Vec<(NodeId, NodeId)> {
    let own = || tree.entries(mapping).filter(|(key, _)| !tree.is_merge(*key));
    if !tree.has_merges() {
        return own().collect();
    }
    let mut found = IndexMap::new();
    tree.each_field(mapping, &mut |key, value| {
        found.insert(tree.text(key), (key, value));
    });
    found.extend(own().map(|(key, value)| (tree.text(key), (key, value))));
    found.into_values().collect()
}

/// Declares methods that differ only in how the node is read.
macro_rules! read_as {
    ($read:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.$read(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match (self.kind(), self.value()) {
            (Some(Kind::Mapping(_)), _) => self.mapping(visitor),
            (Some(Kind::Sequence), _) => self.list(visitor),
            (_, Some(Value::Bool(value))) => visitor.visit_bool(value),
            (_, Some(Value::Int(number))) => whole(number, visitor),
            (_, Some(Value::Float(number))) => visitor.visit_f64(number),
            (_, Some(Value::Text(_))) => self.text(visitor),
            (_, Some(Value::Invalid)) => Err(Error::expected("a value that fits its tag")),
            (_, Some(Value::Null) | None) => visitor.visit_unit(),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let scalar = self.scalar("`true` or `false`")?;
        visitor.visit_bool(scalars::boolean(self.tree, scalar)?)
    }

    read_as! { number: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    read_as! { number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 }
    read_as! { text: deserialize_str deserialize_string deserialize_identifier }
    read_as! { list: deserialize_seq }
    read_as! { mapping: deserialize_map }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value() {
            Some(Value::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == spanned::NAME {
            return visitor.visit_seq(Placed { value: self, given: 0 });
        }
        self.list(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.mapping(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(scalars::text(self.tree, self.scalar("text")?)?.into_deserializer())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Does not examine the content of the node.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple }
}

struct Items<'t, 'de> {
    list: Reader<'t, 'de>,
    items: vec::IntoIter<NodeId>,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.list.child(item)?.read(seed).map(Some)
    }
}

struct Entries<'t, 'de> {
    mapping: Reader<'t, 'de>,
    entries: vec::IntoIter<(NodeId, NodeId)>,
    /// The value of the last key that was read.
    value: Option<NodeId>,
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        self.mapping.child(key)?.read(seed).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value = self.value.take().ok_or_else(|| Error::expected("a key before its value"))?;
        self.mapping.child(value)?.read(seed)
    }
}

/// The sequence from which serde makes a [`super::Spanned`]: start, end, value.
struct Placed<'t, 'de> {
    value: Reader<'t, 'de>,
    /// The number of elements that were returned.
    given: u8,
}

impl<'de> SeqAccess<'de> for Placed<'_, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let span = self.value.span();
        self.given += 1;
        match self.given {
            1 => seed.deserialize(span.start.into_deserializer()).map(Some),
            2 => seed.deserialize(span.end.into_deserializer()).map(Some),
            _ => self.value.read(seed).map(Some),
        }
    }
}
