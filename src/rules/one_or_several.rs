//! A field that accepts either one value or a list of values.
//!
//! Must not interpret the values.

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use std::fmt::{self, Formatter};
use std::marker::PhantomData;
use std::slice;

/// One value, or a list of them.
#[derive(Clone, Debug)]
pub(super) enum OneOrSeveral<T> {
    One(T),
    Several(Vec<T>),
}

impl<T> OneOrSeveral<T> {
    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            OneOrSeveral::One(value) => slice::from_ref(value),
            OneOrSeveral::Several(values) => values,
        }
    }
}

/// A value that may be written alone or in a list.
pub(super) trait Element {
    /// The expected form, for error messages.
    const EXPECTED: &'static str;
}

/// Not `untagged`, because that would lose the position and the reason of an error.
impl<'de, T: Deserialize<'de> + Element> Deserialize<'de> for OneOrSeveral<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either(PhantomData))
    }
}

struct Either<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Element> Visitor<'de> for Either<T> {
    type Value = OneOrSeveral<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        T::deserialize(text.into_deserializer()).map(OneOrSeveral::One)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(OneOrSeveral::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items)).map(OneOrSeveral::Several)
    }
}
