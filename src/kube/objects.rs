//! The objects of a stream, in 36 bytes each.
//!
//! A stream of small objects has one for every few hundred bytes, so their size decides how much memory the program
//! needs. Kinds, namespaces and names are kept as places in the source.

use crate::kube::arena::{Arena, ArenaIndex};
use crate::kube::object::{Identity, Object, ObjectIndex};
use crate::text::source::{Source, Span};
use crate::text::texts::{Kept, Texts};
use std::fmt;

/// The objects of a stream, in order.
#[derive(Default)]
pub struct Objects<'s> {
    records: Arena<ObjectIndex, Record>,
    texts: Texts<'s>,
}

#[derive(Debug)]
struct Record {
    kind: Kept,
    /// Empty if absent.
    namespace: Kept,
    name: Kept,
    span: Span,
    /// The number of the document, and in the lowest bit whether it is a hook. A document takes more than two bytes, so
    /// the number is small enough.
    document_and_hook: u32,
}

impl fmt::Debug for Objects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'s> Objects<'s> {
    /// Creates a list for objects of this source.
    pub fn of(source: &'s Source) -> Objects<'s> {
        Objects { records: Arena::default(), texts: Texts::of(source) }
    }

    /// Returns the index of the next object to be added.
    pub fn next_index(&self) -> ObjectIndex {
        self.records.next_index()
    }

    /// Adds an object.
    pub fn push(&mut self, object: Object<'_>) {
        let Object { id, document, span, hook } = object;
        let kind = self.texts.keep(id.kind);
        let namespace = self.texts.keep(id.namespace.unwrap_or_default());
        let name = self.texts.keep(id.name);
        let document_and_hook = document << 1 | u32::from(hook);
        self.records.push(Record { kind, namespace, name, span, document_and_hook });
    }

    /// Moves the objects of another list for the same source to the end of this one.
    pub fn append(&mut self, mut other: Objects<'s>) {
        let by = self.texts.append(other.texts);
        if by > 0 {
            for Record { kind, namespace, name, .. } in &mut *other.records {
                [kind, namespace, name].into_iter().for_each(|text| *text = text.moved(by));
            }
        }
        self.records.append(other.records);
    }

    /// Makes room for this many times as many objects, if the system has it.
    pub fn reserve(&mut self, times: usize) {
        self.records.reserve(times);
    }

    /// Returns the number of objects.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns the object at this index, which must be one of these objects.
    pub fn at(&self, index: ObjectIndex) -> Object<'_> {
        self.read(&self.records[index])
    }

    /// Returns the object at this index.
    pub fn get(&self, index: ObjectIndex) -> Option<Object<'_>> {
        self.records.get(index).map(|record| self.read(record))
    }

    /// Returns the name of an object, which must be one of these objects. Nearly every stage asks for nothing else.
    #[inline]
    pub fn name(&self, index: ObjectIndex) -> &str {
        self.texts.read(self.records[index].name)
    }

    /// Returns the namespace of an object, which must be one of these objects; `None` if absent or empty.
    #[inline]
    pub fn namespace(&self, index: ObjectIndex) -> Option<&str> {
        let namespace = self.records[index].namespace;
        (namespace != Kept::EMPTY).then(|| self.texts.read(namespace))
    }

    /// Returns the objects, in order.
    pub fn iter(&self) -> impl Iterator<Item = Object<'_>> {
        self.records.iter().map(|record| self.read(record))
    }

    /// Returns the last object that begins at this byte or before.
    pub fn last_before(&self, at: u32) -> Option<(ObjectIndex, Object<'_>)> {
        let behind = self.records.partition_point(|record| record.span.start <= at);
        let index = ObjectIndex::at(behind.checked_sub(1)?);
        Some((index, self.get(index)?))
    }

    fn read(&self, record: &Record) -> Object<'_> {
        let Record { kind, namespace, name, span, document_and_hook } = *record;
        let (document, hook) = (document_and_hook >> 1, document_and_hook & 1 == 1);
        let namespace = (namespace != Kept::EMPTY).then(|| self.texts.read(namespace));
        let id = Identity { kind: self.texts.read(kind), namespace, name: self.texts.read(name) };
        Object { id, document, span, hook }
    }
}
