//! What is known about the Jobs of a stream before the decisions.
//!
//! Contains values only. `jobs` collects them, and `naming` makes names from them.

use super::order::Edge;
use super::places::Named;
use crate::decisions::deployed::Deployed;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::kube::job::{Job, JobIndex, JobKind, Mode};
use crate::kube::suffix::LENGTH;
use crate::links::Links;
use crate::options::{self, Options};
use crate::rules::Rules;
use crate::survey::inventory::Inventory;
use crate::survey::references::ReferenceIndex;
use crate::text::source::Span;
use crate::yaml::split::Stream;

/// Why a Job keeps its name.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    /// The options ask for it.
    ByOptions,
    /// A hook that is not in the input names it.
    Hook,
    /// Its name is also in places that are never edited: the first of them, and their number.
    Mentioned(Span, usize),
    /// Its name is at this place, in an object that runs before it is created. The release before may have it under this
    /// name only.
    Early(Span, Option<String>),
    /// Its name is at this place in the template of this Job, which keeps its name.
    InTemplate(Span, JobIndex),
    /// It and other Jobs name each other in their templates.
    Circle,
    /// The text that would change is anchored, and this alias uses it elsewhere.
    Shared(Span),
    /// It is defined more than once; the place of another definition.
    Twice(Span),
    /// Its name cannot get a suffix: the problem and the cure.
    Unfit(String, String),
    /// Another object already has the new name: its place, and the name.
    Taken(Span, String),
}

/// A reference in the template of a Job.
#[derive(Clone, Copy, Debug)]
pub(super) struct JobUse {
    pub(super) job: JobIndex,
    pub(super) reference: ReferenceIndex,
}

/// What is known about the Jobs of a stream before the decisions.
#[derive(Debug, Default)]
pub struct Survey {
    /// The references in the templates of Jobs, in the order of the stream.
    pub(super) uses: Vec<JobUse>,
    /// For each Job, whether it uses a target that is likely to be versioned.
    pub(super) in_use: Arena<JobIndex, bool>,
    /// For each Job, why it keeps its name.
    pub(super) kept: Arena<JobIndex, Option<Kept>>,
    pub(super) named: Named,
    /// The findings about annotations of Jobs, and about documents that could not be searched.
    pub findings: Vec<Diagnostic>,
}

/// The values of earlier stages.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a, 's> {
    /// The stream.
    pub stream: &'a Stream<'s>,
    /// The objects, targets and references of the stream.
    pub inventory: &'a Inventory<'s>,
    /// The links between references and targets.
    pub links: &'a Links,
    /// The rules in force.
    pub rules: &'a Rules,
    /// The options of the caller.
    pub options: &'a Options,
    /// The objects of the release before.
    pub deployed: &'a Deployed<'a>,
}

impl Survey {
    /// Records why a Job keeps its name, unless a reason is known already.
    pub(super) fn keep(&mut self, job: JobIndex, why: Kept) {
        self.kept[job].get_or_insert(why);
    }

    /// Returns which Jobs need the names of which others first.
    pub(super) fn edges(&self) -> Vec<Edge> {
        let within = self.named.places.iter().filter_map(|place| Some((place.within?, place.job)));
        let other = within.filter(|(dependent, named)| dependent != named);
        other.map(|(dependent, named)| Edge { dependent, named }).collect()
    }
}

/// True if the Job gets a suffix unless something prevents it.
pub(super) fn is_versioned(job: &Job<'_>, options: &Options) -> bool {
    job.mode == Mode::Version || options.jobs == options::Jobs::Version
}

/// Returns why an object is left alone: a Job or Pod that uses it keeps its name.
pub(super) fn claim(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Job => "a Job that keeps its name uses it, and the template of a Job cannot change",
        JobKind::Pod => "a Pod that keeps its name uses it, and the spec of a Pod cannot change",
    }
}

/// Returns why a name of this length in bytes is not allowed, and the cure; `None` if it is allowed.
pub(super) fn too_long(kind: JobKind, length: usize) -> Option<(String, String)> {
    let longest = kind.longest_name();
    let problem =
        format!("the name would have {length} characters with its suffix, and {longest} are allowed");
    let help = format!("shorten the name to {} characters", longest - 1 - LENGTH);
    (length > longest).then_some((problem, help))
}
