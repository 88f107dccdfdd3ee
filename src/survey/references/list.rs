//! The references of a stream, in 48 bytes each. There are more of them than of objects, so their size counts most.
//!
//! Names are kept as places in the source. What few references have is kept elsewhere.

use super::reference::{InNamespace, ReferenceIndex};
use crate::kube::arena::{Arena, ArenaIndex};
use crate::kube::object::ObjectIndex;
use crate::rules::Kinds;
use crate::rules::lifetimes::{Fact, Lifetime};
use crate::rules::shapes::Strength;
use crate::text::source::{Source, Span};
use crate::text::texts::{Kept, Texts};
use crate::yaml::{Site, Writing};
use std::fmt;
use std::num::NonZeroU32;

/// The references of a stream, in order.
#[derive(Default)]
pub struct References<'s> {
    records: Arena<ReferenceIndex, Record>,
    /// The namespaces that references state.
    given: Vec<Kept>,
    texts: Texts<'s>,
}

#[derive(Debug)]
struct Record {
    fact: Option<&'static Fact>,
    name: Kept,
    span: Span,
    /// One more than the offset of the alias.
    via: Option<NonZeroU32>,
    object: ObjectIndex,
    namespace: Namespace,
    /// 0 without a key too.
    key: u32,
    writing: Writing,
    kinds: Kinds,
    strength: Strength,
    flags: Flags,
}

/// The statements of a reference that are true or false, one bit each.
#[derive(Clone, Copy, Debug)]
struct Flags(u8);

impl Flags {
    const HAS_KEY: u8 = 1;
    const BY_KEY: u8 = 2;
    const OPTIONAL: u8 = 4;

    fn of(reference: &NewReference<'_>) -> Flags {
        let set = |is: bool, flag: u8| if is { flag } else { 0 };
        Flags(
            set(reference.key.is_some(), Flags::HAS_KEY)
                | set(reference.by_key, Flags::BY_KEY)
                | set(reference.optional, Flags::OPTIONAL),
        )
    }

    fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }
}

/// An [`InNamespace`]: the numbers of those without a text, then those of the texts in [`References::given`].
#[derive(Clone, Copy, Debug)]
struct Namespace(u32);

impl Namespace {
    const OWN: Namespace = Namespace(0);
    const ANY: Namespace = Namespace(1);
    const EACH: Namespace = Namespace(2);
    const GIVEN: u32 = 3;

    fn given(position: usize) -> Namespace {
        Namespace(u32::try_from(position).unwrap_or(u32::MAX).saturating_add(Namespace::GIVEN))
    }

    /// Returns its position in [`References::given`].
    fn position(self) -> Option<usize> {
        self.0.checked_sub(Namespace::GIVEN).map(|position| position as usize)
    }
}

impl<'s> References<'s> {
    /// Creates a list for references in this source.
    pub fn of(source: &'s Source) -> References<'s> {
        References { records: Arena::default(), given: Vec::new(), texts: Texts::of(source) }
    }

    /// Returns the index of the next reference to be added.
    pub fn next_index(&self) -> ReferenceIndex {
        self.records.next_index()
    }

    /// Adds a reference.
    pub(super) fn push(&mut self, reference: &NewReference<'_>) {
        let NewReference { object, site, name, kinds, strength, fact, .. } = *reference;
        let name = self.texts.keep_at(site.span, name);
        let namespace = match reference.namespace {
            InNamespace::Own => Namespace::OWN,
            InNamespace::Any => Namespace::ANY,
            InNamespace::Each => Namespace::EACH,
            InNamespace::Given(text) => {
                self.given.push(self.texts.keep(text));
                Namespace::given(self.given.len() - 1)
            }
        };
        self.records.push(Record {
            fact,
            name,
            span: site.span,
            via: site.via.map(|via| NonZeroU32::MIN.saturating_add(via)),
            object,
            namespace,
            key: reference.key.unwrap_or_default(),
            writing: site.writing,
            kinds,
            strength,
            flags: Flags::of(reference),
        });
    }

    /// Changes the kinds of object that a reference may name.
    pub(super) fn set_kinds(&mut self, index: ReferenceIndex, kinds: Kinds) {
        self.records.get_mut(index).into_iter().for_each(|record| record.kinds = kinds);
    }

    /// Adds the references of later documents of the same source, whose objects are numbered from `first_object` on.
    pub(super) fn append(&mut self, mut later: References<'s>, first_object: usize) {
        let (texts, given) = (self.texts.append(later.texts), self.given.len());
        for record in &mut *later.records {
            record.object = record.object.moved(first_object);
            record.name = record.name.moved(texts);
            if let Some(position) = record.namespace.position() {
                record.namespace = Namespace::given(position + given);
            }
        }
        self.given.extend(later.given.into_iter().map(|text| text.moved(texts)));
        self.records.append(later.records);
    }

    /// Makes room for this many times as many references, if the system has it.
    pub(super) fn reserve(&mut self, times: usize) {
        self.records.reserve(times);
    }

    /// Returns the number of references.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns the reference at this index, which must be one of these references.
    pub fn at(&self, index: ReferenceIndex) -> Reference<'_> {
        self.read(&self.records[index])
    }

    /// Returns the reference at this index.
    pub fn get(&self, index: ReferenceIndex) -> Option<Reference<'_>> {
        self.records.get(index).map(|record| self.read(record))
    }

    /// Returns the number of references in objects before this one.
    pub fn before(&self, object: ObjectIndex) -> usize {
        self.records.partition_point(|record| record.object < object)
    }

    /// Returns the references, in order.
    pub fn iter(&self) -> impl Iterator<Item = Reference<'_>> + Clone {
        self.records.iter().map(|record| self.read(record))
    }

    /// Returns the references with their indices, in order.
    pub fn indexed(&self) -> impl Iterator<Item = (ReferenceIndex, Reference<'_>)> {
        self.records.indexed().map(|(index, record)| (index, self.read(record)))
    }

    #[inline]
    fn read<'i>(&'i self, record: &'i Record) -> Reference<'i> {
        Reference {
            list: self,
            record,
            object: record.object,
            site: Site {
                span: record.span,
                writing: record.writing,
                via: record.via.map(|via| via.get() - 1),
            },
            kinds: record.kinds,
            strength: record.strength,
            key: Some(record.key).filter(|_| record.flags.has(Flags::HAS_KEY)),
            by_key: record.flags.has(Flags::BY_KEY),
            optional: record.flags.has(Flags::OPTIONAL),
            fact: record.fact,
        }
    }
}

impl fmt::Debug for References<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A place that names an object.
#[derive(Clone, Copy)]
pub struct Reference<'i> {
    list: &'i References<'i>,
    record: &'i Record,
    /// The referring object's index in the inventory.
    pub object: ObjectIndex,
    /// The site of the name.
    pub site: Site,
    /// The kinds of object that it may name.
    pub kinds: Kinds,
    /// How certain it is that the place uses the object.
    pub strength: Strength,
    /// The data key that the reference requires, as [`crate::kube::content::key_hash`].
    pub key: Option<u32>,
    /// True if only an object that has the key matches.
    pub by_key: bool,
    /// True if `optional: true` is next to it.
    pub optional: bool,
    /// The row with its lifetime; `None` for a reference that rolls.
    pub fact: Option<&'static Fact>,
}

impl<'i> Reference<'i> {
    /// Returns the name.
    #[inline]
    pub fn name(&self) -> &'i str {
        self.list.texts.read(self.record.name)
    }

    /// Returns the namespace of the object that it names.
    pub fn namespace(&self) -> InNamespace<&'i str> {
        let given = |position| self.list.given.get(position).map_or("", |text| self.list.texts.read(*text));
        match (self.record.namespace.0, self.record.namespace.position()) {
            (_, Some(position)) => InNamespace::Given(given(position)),
            (0, None) => InNamespace::Own,
            (1, None) => InNamespace::Any,
            _ => InNamespace::Each,
        }
    }

    /// Returns when it is read and what happens when it changes, as far as the referring object shows.
    pub fn lifetime(&self) -> Lifetime {
        self.fact.map_or(Lifetime::Rolls, |fact| fact.lifetime)
    }

    /// True if nothing in the stream states the namespace: that of the release would be a guess.
    pub fn is_anywhere(&self) -> bool {
        match self.namespace() {
            InNamespace::Each => true,
            InNamespace::Any => self.lifetime() != Lifetime::Elsewhere,
            InNamespace::Own | InNamespace::Given(_) => false,
        }
    }
}

impl fmt::Debug for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reference")
            .field("object", &self.object)
            .field("site", &self.site)
            .field("name", &self.name())
            .field("kinds", &self.kinds)
            .field("namespace", &self.namespace())
            .field("strength", &self.strength)
            .field("key", &self.key)
            .field("by_key", &self.by_key)
            .field("optional", &self.optional)
            .field("fact", &self.fact)
            .finish()
    }
}

/// A reference to be added. The fields are those of [`Reference`].
#[derive(Clone, Copy, Debug)]
pub(super) struct NewReference<'a> {
    pub(super) object: ObjectIndex,
    pub(super) site: Site,
    pub(super) name: &'a str,
    pub(super) kinds: Kinds,
    pub(super) namespace: InNamespace<&'a str>,
    pub(super) strength: Strength,
    pub(super) key: Option<u32>,
    pub(super) by_key: bool,
    pub(super) optional: bool,
    pub(super) fact: Option<&'static Fact>,
}
