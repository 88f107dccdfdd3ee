//! What is known about the Jobs of a stream before anything is decided.
//!
//! Holds values only. `jobs` finds them, and `naming` makes names from them.

use super::order::Edge;
use super::places::Named;
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
    /// The options say so.
    ByOptions,
    /// Its name is where nothing is rewritten: the first place, and how many there are.
    Mentioned(Span, usize),
    /// Its name is in the template of this Job, which keeps its own.
    InTemplate(Span, JobIndex),
    /// It and others name each other.
    Circle,
    /// What would change stands for this place as well, through an anchor.
    Shared(Span),
    /// It occurs more than once, here too.
    Twice(Span),
    /// No new name can be made of its name: what is wrong, and the cure.
    Unfit(String, String),
    /// Another object, here, already has its new name.
    Taken(Span, String),
}

/// A use of a target that changes a Job's template: the Job, and the reference's index.
#[derive(Clone, Copy, Debug)]
pub(super) struct JobUse {
    pub(super) job: JobIndex,
    pub(super) reference: ReferenceIndex,
}

/// What is known of the stream's Jobs before anything is decided.
#[derive(Debug, Default)]
pub struct Survey {
    /// In the order of the references.
    pub(super) uses: Vec<JobUse>,
    /// For each Job whether it seems to use something versioned.
    pub(super) in_use: Arena<JobIndex, bool>,
    /// For each Job why it keeps its name.
    pub(super) kept: Arena<JobIndex, Option<Kept>>,
    pub(super) named: Named,
    /// What is wrong with what people say of Jobs, and what could not be searched.
    pub findings: Vec<Diagnostic>,
}

/// The values of earlier stages.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a, 's> {
    /// The stream.
    pub stream: &'a Stream<'s>,
    /// What it holds.
    pub inventory: &'a Inventory<'s>,
    /// What refers to what.
    pub links: &'a Links,
    /// The rules in force.
    pub rules: &'a Rules,
    /// The choices of the caller.
    pub options: &'a Options,
}

impl Survey {
    /// Notes that a Job keeps its name, unless that is known already.
    pub(super) fn keep(&mut self, job: JobIndex, why: Kept) {
        self.kept[job].get_or_insert(why);
    }

    /// Who needs whose name first.
    pub(super) fn edges(&self) -> Vec<Edge> {
        let within = self.named.places.iter().filter_map(|place| Some((place.within?, place.job)));
        let other = within.filter(|(dependent, named)| dependent != named);
        other.map(|(dependent, named)| Edge { dependent, named }).collect()
    }
}

/// True for a Job that gets a suffix unless something prevents it.
pub(super) fn is_versioned(job: &Job<'_>, options: &Options) -> bool {
    job.mode == Mode::Version || options.jobs == options::Jobs::Version
}

/// Why what a Job uses that keeps its name is left alone.
pub(super) fn claim(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Job => "a Job that keeps its name uses it, and the template of a Job cannot change",
        JobKind::Pod => "a Pod that keeps its name uses it, and the spec of a Pod cannot change",
    }
}

/// Why a name of this length cannot be, and the cure.
pub(super) fn too_long(kind: JobKind, length: usize) -> Option<(String, String)> {
    let longest = kind.longest_name();
    let problem =
        format!("the name would have {length} characters with its suffix, and {longest} are allowed");
    let help = format!("shorten the name to {} characters", longest - 1 - LENGTH);
    (length > longest).then_some((problem, help))
}
