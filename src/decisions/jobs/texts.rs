//! Finds names in one text from its field or from the words around them, and the place of each.

use super::places::Place;
use super::position::{Frame, Spot, Walk};
use super::words;
use crate::kube::job::{JobIndex, JobKind};
use crate::rules::Format;
use crate::rules::context::{self, Said};
use crate::survey::references::dependencies;
use crate::text::source::Span;
use crate::yaml::NodeId;
use std::ops::Range;

/// The largest number of places in one text that get a new name. Each has to be traced through the text.
const MOST_PLACES: usize = 100;

/// A text to search.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) node: NodeId,
    pub(super) text: &'a str,
    /// The kinds of object that the field names, either as the whole text or in a list.
    pub(super) whole: &'a [JobKind],
    /// True if the field may also name other kinds.
    pub(super) shared: bool,
    /// True if the name may also be one that only the program knows. It is never edited then.
    pub(super) unsure: bool,
    /// The namespace in a sibling field.
    pub(super) namespace: Option<&'a str>,
    /// True for a command line or an environment variable.
    pub(super) command: bool,
}

impl<'t> Walk<'_, 't, '_> {
    /// Finds names in an annotation that lists dependencies: `batch/namespaces/prod/Job/web`, `kind=Job,name=web`.
    /// Returns true for an annotation of that kind.
    pub(super) fn depends_on(&mut self, frame: Frame, key: &str, text: &'t str) -> bool {
        let Some(rule) = self.rules.annotation(key) else { return false };
        let found = dependencies::of(&rule.format, text);
        let beside = dependencies::namespace_key(key).and_then(|key| self.tree.text_of(frame.mapping, &key));
        for object in &found {
            let kind = [(JobKind::Job, "batch", "Job", "job"), (JobKind::Pod, "", "Pod", "po")]
                .into_iter()
                .find(|(_, group, kind, short)| object.is(group, kind, short));
            // The text may contain the kind without its group.
            let bare = object.group.is_empty() && object.kind.eq_ignore_ascii_case("job");
            let Some(kind) = kind.map(|kind| kind.0).or(bare.then_some(JobKind::Job)) else { continue };
            let name = &text[object.name.clone()];
            let jobs = self.jobs.named(Some(kind), name, &self.owner, object.namespace.or(beside));
            self.record(frame, frame.node, text, object.name.clone(), &jobs, true);
        }
        matches!(rule.format, Format::Objects | Format::Pairs | Format::TypeAndName)
    }

    /// Records every name in a text for which the field or the words around it give a kind.
    pub(super) fn text(&mut self, frame: Frame, of: Text<'t>) {
        for word in context::read(of.text, |word| self.jobs.is_wanted(word)) {
            let (range, name) = (word.range.clone(), &of.text[word.range.clone()]);
            let item = words::item(of.text, range.start, range.end).filter(|_| !of.whole.is_empty());
            if let Some(namespace) = item {
                let namespace = of.namespace.or(namespace);
                let named = |kind: &JobKind| self.jobs.named(Some(*kind), name, &self.owner, namespace);
                let jobs: Vec<JobIndex> = of.whole.iter().flat_map(named).collect();
                let known = !of.unsure && (!of.shared || self.jobs.is_lonely(name));
                self.record(frame, of.node, of.text, range, &jobs, known);
                continue;
            }
            let dashed = name.contains('-');
            match (word.said, words::kind(word.said)) {
                (_, Some(kind)) if of.command && (word.here || !words::is_apart(of.text, range.start)) => {
                    let jobs = self.jobs.named(Some(kind), name, &self.owner, None);
                    self.record(frame, of.node, of.text, range, &jobs, true);
                }
                (Said::Likely(_), Some(_)) if !dashed => {}
                (_, Some(kind)) => self.mention(frame, of, range, Some(kind)),
                (Said::Nothing, None) if of.command && dashed && self.is_bare(of.text, &range) => {
                    self.mention(frame, of, range, None);
                }
                _ => {}
            }
        }
    }

    /// True if the word can only be the name of a Job.
    fn is_bare(&self, text: &str, range: &Range<usize>) -> bool {
        self.jobs.is_lonely(&text[range.clone()]) && !text[range.end..].starts_with('/')
    }

    /// Records a place that contains the name and is never edited. A bare word in a Job's own command line does not
    /// count.
    fn mention(&mut self, frame: Frame, of: Text<'t>, range: Range<usize>, kind: Option<JobKind>) {
        let mut jobs = self.jobs.named(kind, &of.text[range.clone()], &self.owner, None);
        jobs.retain(|job| kind.is_some() || Some(*job) != self.owner.job);
        self.record(frame, of.node, of.text, range, &jobs, false);
    }

    fn record(
        &mut self,
        frame: Frame,
        node: NodeId,
        text: &str,
        range: Range<usize>,
        jobs: &[JobIndex],
        known: bool,
    ) {
        let whole = range == (0..text.len()) && self.tree.name(node).is_some();
        let site = match whole {
            true => Some(self.tree.site(node, frame.via)),
            false if self.traced.0 == node && self.traced.1 >= MOST_PLACES => None,
            false => self.tree.inner_site(node, range, frame.via, self.source),
        };
        let traced = if self.traced.0 == node { self.traced.1 } else { 0 };
        self.traced = (node, traced + 1);
        let jobs = &self.in_time(frame, jobs, site.map_or(self.tree.node(node).span, |site| site.span))[..];
        let within = self.owner.job.filter(|_| frame.below.spot == Spot::Template);
        match (site, jobs) {
            (_, []) => {}
            (Some(site), [job]) if known && !frame.below.content && !self.is_rewritten(site.span) => {
                self.named.places.push(Place { job: *job, site, within });
            }
            (site, jobs) => {
                let span = site.map_or(self.tree.node(node).span, |site| site.span);
                self.named.mentions.extend(jobs.iter().map(|job| (*job, span)));
            }
        }
    }

    /// Returns the Jobs that exist when the object runs, and records the others. A rule that grants access reads nothing.
    fn in_time(&mut self, frame: Frame, jobs: &[JobIndex], place: Span) -> Vec<JobIndex> {
        let moment = self.owner.moment.as_ref().filter(|_| self.key(frame) != "resourceNames");
        let is_late = |job: &&JobIndex| moment.is_some_and(|moment| self.jobs.is_later(**job, moment));
        let (late, in_time): (Vec<&JobIndex>, Vec<&JobIndex>) = jobs.iter().partition(is_late);
        self.named.early.extend(late.into_iter().map(|job| (*job, place)));
        in_time.into_iter().copied().collect()
    }

    fn is_rewritten(&self, place: Span) -> bool {
        let behind = self.rewritten.partition_point(|span| span.start <= place.start);
        let before = behind.checked_sub(1).and_then(|at| self.rewritten.get(at));
        before.is_some_and(|span| span.contains(place))
    }
}
