//! The findings about Jobs that keep their names.

use super::survey::Kept;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::annotations::MODE;
use crate::kube::job::Job;
use crate::kube::shown;
use crate::survey::inventory::Inventory;
use crate::text::source::Span;

/// A Job that keeps its name.
pub(super) struct Case<'a, 's> {
    pub(super) inventory: &'a Inventory<'s>,
    pub(super) job: &'a Job<'s>,
    /// The reason, if there is one.
    pub(super) kept: Option<&'a Kept>,
    /// What changes its template, if anything does.
    pub(super) changed: Option<&'a Changed>,
}

/// A name that changes a template.
#[derive(Debug)]
pub(super) struct Changed {
    /// Where the template contains the name.
    pub(super) place: Span,
    /// The object that has the name, in words.
    pub(super) by: String,
}

/// Returns why a Job keeps its name, in words that fit after a colon.
pub(super) fn reason(kept: &Kept, inventory: &Inventory<'_>) -> String {
    match kept {
        Kept::ByOptions => "`--jobs original` asks for it".to_owned(),
        Kept::Hook => {
            "a hook of the chart names it, and Helm 3 passes no hooks to a post-renderer".to_owned()
        }
        Kept::Mentioned(..) => "the name also appears in a place that is never edited".to_owned(),
        Kept::Early(_, None) => "an object that runs before it is created refers to it".to_owned(),
        Kept::Early(_, Some(name)) => format!(
            "an object that runs before it is created refers to it, and finds nothing, because the release before has it as `{}` only",
            shown::any_name(name)
        ),
        Kept::InTemplate(_, other) => {
            let other = &inventory.jobs[*other].id;
            format!("its name appears in the template of {other}, which keeps its name")
        }
        Kept::Circle => "it and other objects refer to each other in their templates".to_owned(),
        Kept::Shared(_) => "a YAML anchor shares its name with another place".to_owned(),
        Kept::Twice(_) => "it is defined more than once".to_owned(),
        Kept::Unfit(problem, _) => problem.clone(),
        Kept::Taken(_, name) => format!("its new name `{name}` is already used"),
    }
}

/// Returns the finding about a Job, if its decision needs one.
pub(super) fn finding(case: &Case<'_, '_>) -> Option<Diagnostic> {
    let (id, kind, fixed) = (&case.job.id, case.job.kind.as_str(), case.job.kind.fixed());
    let used = case.changed.map(|changed| changed.by.as_str());
    let why = case.kept.map(|kept| reason(kept, case.inventory));
    let message = match (used, why) {
        (Some(used), Some(why)) => {
            format!("{id} keeps its name, although its `{fixed}` changes with {used}: {why}")
        }
        (Some(used), None) => {
            format!(
                "{id} uses {used}, whose name changes with its content, but `{fixed}` of a {kind} is immutable"
            )
        }
        (None, Some(why)) if !case.is_told_already() => {
            format!("{id} and the objects it uses keep their names: {why}")
        }
        (None, _) => return None,
    };
    let finding = Diagnostic::new(Code::FixedTemplate, message).in_document(case.job.document);
    let is_hook = matches!((case.kept, case.changed), (Some(Kept::Hook), None));
    let finding = if is_hook { finding.with_severity(Severity::Note) } else { finding };
    let finding = case.places().into_iter().fold(finding, |finding, (span, text)| finding.at(span, text));
    let finding = finding.help(case.cure());
    let early = matches!(case.kept, Some(Kept::Early(_, None))) && case.changed.is_none();
    Some(if early { finding.with_severity(Severity::Note) } else { finding })
}

impl Case<'_, '_> {
    /// True if no finding is needed: the options ask for the decision, or the finding about the other copy explains it.
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
            Some(Kept::Early(place, _) | Kept::InTemplate(place, _)) => vec![(*place, "here".to_owned())],
            Some(Kept::Shared(alias)) => vec![(own, String::new()), (*alias, "and here".to_owned())],
            Some(Kept::Twice(other)) => vec![(own, "here".to_owned()), (*other, "and here".to_owned())],
            Some(Kept::Taken(other, _)) => {
                vec![(own, "would get this name".to_owned()), (*other, "has this name".to_owned())]
            }
            Some(Kept::Circle | Kept::Unfit(..) | Kept::Hook) => vec![(own, String::new())],
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
                "if this text does not refer to the {kind}, annotate the {kind} with `{MODE}: version`; if it does, annotate the objects the {kind} uses with `{MODE}: leave`"
            ),
            Some(Kept::Early(_, Some(_))) => format!(
                "deploy this release once without the object that refers to the {kind}, for example with `--no-hooks`: the next release finds the original name in the cluster"
            ),
            Some(Kept::Early(..)) if self.changed.is_none() => format!(
                "no action needed: the reader finds the {kind} of the release before, and a change of the objects that the {kind} uses takes effect in place"
            ),
            Some(Kept::Early(..) | Kept::InTemplate(..) | Kept::Circle) => {
                format!("annotate the objects the {kind} uses with `{MODE}: leave`")
            }
            Some(Kept::Shared(_)) => "replace the alias with a copy of the anchored value".to_owned(),
            Some(Kept::Twice(_)) => "delete one of them, or give it its own name or namespace".to_owned(),
            Some(Kept::Unfit(_, help)) => help.clone(),
            Some(Kept::Taken(..)) => "rename one of the two objects".to_owned(),
            Some(Kept::Hook) => format!(
                "no action needed; if no hook looks for the {kind}, annotate it with `{MODE}: version`"
            ),
            Some(Kept::ByOptions) => format!(
                "annotate the {kind} with `{MODE}: version` to give it its own suffix, or delete it before each deployment"
            ),
            None => format!(
                "use `--jobs version` to give the {kind} its own suffix, or `--jobs original` to keep both names"
            ),
        }
    }
}

fn here(count: usize) -> String {
    match count {
        0 | 1 => "here".to_owned(),
        2 => "here, and in one more place".to_owned(),
        count => format!("here, and in {} more places", count - 1),
    }
}
