//! Everything that the survey found, and how the findings of several parts of a stream are joined.
//!
//! Contains values only. `inventory` makes them.

use crate::findings::diagnostic::Diagnostic;
use crate::findings::few::LeftOut;
use crate::kube::arena::{Arena, ArenaIndex, reserve};
use crate::kube::job::{Job, JobIndex};
use crate::kube::kustomize::Affixes;
use crate::kube::object::{Object, ObjectIndex};
use crate::kube::objects::Objects;
use crate::survey::aliased::AliasedDocument;
use crate::survey::moments::Moment;
use crate::survey::references::Collected;
use crate::survey::target::{Target, TargetIndex};
use crate::text::source::{Source, Span};
use crate::yaml::split::{Document, Stream};
use std::collections::HashMap;

/// Everything that the survey found in the documents.
#[derive(Debug, Default)]
pub struct Inventory<'s> {
    /// Every object that is a target or refers to one, in the order of the stream.
    pub objects: Objects<'s>,
    /// The ConfigMaps and Secrets among them.
    pub targets: Arena<TargetIndex, Target>,
    /// The Jobs and bare Pods whose template cannot change.
    pub jobs: Arena<JobIndex, Job<'s>>,
    /// The references, claims and details that the walks over the objects collected.
    pub collected: Collected<'s>,
    /// The documents with aliases.
    pub aliased: Vec<AliasedDocument>,
    /// The prefixes and suffixes that a kustomize build added to names, by the index of the object.
    pub affixes: HashMap<ObjectIndex, Affixes>,
    /// When a deployer creates an object, for the objects that state it.
    pub moments: HashMap<ObjectIndex, Moment>,
    /// The fields of ConfigMaps and Secrets that contain base64, sorted.
    pub encoded: Vec<Span>,
    /// The names of all objects that are neither ConfigMap nor Secret, as [`key_hash`](crate::kube::content::key_hash).
    pub other_names: Vec<u32>,
    /// The findings about the documents.
    pub findings: Vec<Diagnostic>,
    pub(super) left_out: LeftOut,
    /// The number of parts of the stream that were joined.
    pub(super) parts: usize,
    /// True if a long list could not be read in parts, so all documents were read whole.
    pub(super) whole: bool,
}

impl<'s> Inventory<'s> {
    /// Creates an empty inventory of this source.
    pub(super) fn of(source: &'s Source) -> Inventory<'s> {
        let (objects, collected) = (Objects::of(source), Collected::of(source));
        Inventory { objects, collected, ..Inventory::default() }
    }

    /// Returns the object of a target.
    pub fn object(&self, target: &Target) -> Object<'_> {
        self.objects.at(target.object)
    }

    /// Returns the name of a target.
    #[inline]
    pub fn name(&self, target: &Target) -> &str {
        self.objects.name(target.object)
    }

    /// Returns the namespace of a target; `None` if absent or empty.
    #[inline]
    pub fn namespace(&self, target: &Target) -> Option<&str> {
        self.objects.namespace(target.object)
    }

    /// Returns the documents as they were read: long lists in parts, if possible.
    pub fn documents<'a>(&self, stream: &'a Stream<'_>) -> &'a [Document] {
        if self.whole { &stream.documents } else { stream.parts() }
    }

    /// Returns the index of the document with aliases that contains a span.
    pub fn shared_at(&self, span: Span) -> Option<usize> {
        let at = self.aliased.partition_point(|shared| shared.span.end < span.start);
        self.aliased.get(at).is_some_and(|shared| shared.span.contains(span)).then_some(at)
    }

    /// Makes room for this many times as much, if the system has it.
    pub(super) fn reserve(&mut self, times: usize) {
        self.objects.reserve(times);
        self.targets.reserve(times);
        self.collected.reserve(times);
        reserve(&mut self.encoded, times);
        reserve(&mut self.other_names, times);
    }

    /// Adds what was found in later documents.
    pub(super) fn append(&mut self, mut part: Inventory<'s>) {
        let first = self.objects.len();
        let later = |object: ObjectIndex| object.moved(first);
        part.targets.iter_mut().for_each(|target| target.object = later(target.object));
        self.affixes.extend(part.affixes.into_iter().map(|(object, affixes)| (later(object), affixes)));
        self.moments.extend(part.moments.into_iter().map(|(object, moment)| (later(object), moment)));
        part.jobs.iter_mut().for_each(|job| job.object = job.object.map(later));
        self.objects.append(part.objects);
        self.targets.append(part.targets);
        self.jobs.append(part.jobs);
        self.collected.append(part.collected, first);
        self.aliased.append(&mut part.aliased);
        self.encoded.append(&mut part.encoded);
        self.other_names.append(&mut part.other_names);
        self.findings.append(&mut part.findings);
        self.parts += part.parts;
        self.whole |= part.whole;
        self.left_out.join(part.left_out);
        self.left_out.bound(&mut self.findings);
    }
}
