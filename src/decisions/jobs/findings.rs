//! The findings about Jobs that keep their names.

use super::survey::Kept;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::MODE;
use crate::kube::job::Job;
use crate::survey::inventory::Inventory;
use crate::text::source::Span;

/// A Job that keeps its name.
pub(super) struct Case<'a, 's> {
    pub(super) inventory: &'a Inventory<'s>,
    pub(super) job: &'a Job<'s>,
    /// Why, unless nothing was to be done at all.
    pub(super) kept: Option<&'a Kept>,
    /// By what its template changes, if it does.
    pub(super) changed: Option<&'a Changed>,
}

/// By what a template changes.
#[derive(Debug)]
pub(super) struct Changed {
    /// Where that is named.
    pub(super) place: Span,
    /// What it is called.
    pub(super) by: String,
}

/// Why a Job keeps its name, in words that follow a colon.
pub(super) fn reason(kept: &Kept, inventory: &Inventory<'_>) -> String {
    match kept {
        Kept::ByOptions => "`--jobs original` says so".to_owned(),
        Kept::Mentioned(..) => "its name stands where nothing is rewritten".to_owned(),
        Kept::InTemplate(_, other) => {
            let other = &inventory.jobs[*other].id;
            format!("its name stands in the template of {other}, which keeps its name")
        }
        Kept::Circle => "it and others name each other in their templates".to_owned(),
        Kept::Shared(_) => "an anchor makes its name stand for another place too".to_owned(),
        Kept::Twice(_) => "it stands more than once".to_owned(),
        Kept::Unfit(problem, _) => problem.clone(),
        Kept::Taken(_, name) => format!("its new name `{name}` is taken"),
    }
}

/// The finding about a Job; none when all is as it was told to be.
pub(super) fn finding(case: &Case<'_, '_>) -> Option<Diagnostic> {
    let (id, kind, fixed) = (&case.job.id, case.job.kind.as_str(), case.job.kind.fixed());
    let used = case.changed.map(|changed| changed.by.as_str());
    let why = case.kept.map(|kept| reason(kept, case.inventory));
    let message = match (used, why) {
        (Some(used), Some(why)) => {
            format!("{id} keeps its name, though its `{fixed}` changes with {used}: {why}")
        }
        (Some(used), None) => {
            format!(
                "{id} uses {used}, which is named by its content, and `{fixed}` of a {kind} cannot change"
            )
        }
        (None, Some(why)) if !case.is_told_already() => {
            format!("{id} and what it uses keep their names: {why}")
        }
        (None, _) => return None,
    };
    let finding = Diagnostic::new(Code::FixedTemplate, message).in_document(case.job.document);
    let finding = case.places().into_iter().fold(finding, |finding, (span, text)| finding.at(span, text));
    Some(finding.help(case.cure()))
}

impl Case<'_, '_> {
    /// True where nothing needs to be said: the options say so, or the finding about a twin has.
    fn is_told_already(&self) -> bool {
        match self.kept {
            Some(Kept::Twice(other)) => other.start < self.job.name.span.start,
            kept => matches!(kept, Some(Kept::ByOptions)),
        }
    }

    fn places(&self) -> Vec<(Span, String)> {
        let own = self.job.name.span;
        let mut places = match self.kept {
            Some(Kept::Mentioned(place, count)) => vec![(*place, here(*count))],
            Some(Kept::InTemplate(place, _)) => vec![(*place, "here".to_owned())],
            Some(Kept::Shared(alias)) => vec![(own, String::new()), (*alias, "and here".to_owned())],
            Some(Kept::Twice(other)) => vec![(own, "here".to_owned()), (*other, "and here".to_owned())],
            Some(Kept::Taken(other, _)) => {
                vec![(own, "would get that name".to_owned()), (*other, "has that name".to_owned())]
            }
            Some(Kept::Circle | Kept::Unfit(..)) => vec![(own, String::new())],
            Some(Kept::ByOptions) | None => Vec::new(),
        };
        places.extend(
            self.changed.map(|changed| (changed.place, "this name changes with the content".to_owned())),
        );
        places
    }

    fn cure(&self) -> String {
        let kind = self.job.kind.as_str();
        match self.kept {
            Some(Kept::Mentioned(..)) => format!(
                "if this does not name the {kind}, annotate the {kind} with `{MODE}: version`; if it does, annotate what the {kind} uses with `{MODE}: leave`"
            ),
            Some(Kept::InTemplate(..) | Kept::Circle) => {
                format!("annotate what the {kind} uses with `{MODE}: leave`")
            }
            Some(Kept::Shared(_)) => "write the anchored part out in place of the alias".to_owned(),
            Some(Kept::Twice(_)) => "delete one, or give it a name or a namespace of its own".to_owned(),
            Some(Kept::Unfit(_, help)) => help.clone(),
            Some(Kept::Taken(..)) => "rename one of the two".to_owned(),
            Some(Kept::ByOptions) => format!(
                "annotate the {kind} with `{MODE}: version` to give it a suffix of its own, or delete it before each deployment"
            ),
            None => format!(
                "`--jobs version` gives the {kind} a suffix of its own, and `--jobs original` leaves both under their names"
            ),
        }
    }
}

fn here(count: usize) -> String {
    if count > 1 { format!("here, and in {} more places", count - 1) } else { "here".to_owned() }
}
