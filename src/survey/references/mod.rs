//! The places where objects name ConfigMaps and Secrets, found by rules and by the shape of fields.
//!
//! Collects the places and what they state. Must not check whether the stream contains an object of that name.

mod annotations;
mod arguments;
mod bound;
mod collected;
pub(crate) mod dependencies;
mod kinds;
mod lifetime;
mod list;
mod implied;
mod parts;
mod policies;
mod record;
mod reference;
mod releases;
mod selections;
mod selectors;
mod sidecars;
mod times;
mod walk;

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::rules::lifetimes::Timetable;
use crate::rules::{self, Paths, Rules};
pub use bound::Bound;
use collected::Known;
pub use collected::{Collected, Subject};
pub use list::{Reference, References};
pub use record::Memory;
use record::Walk;
pub use reference::{Claim, InNamespace, ReferenceIndex, Required, Sought};

/// The annotation with which a person declares references that no rule finds.
pub const REFERENCES: &str = "immutably.dev/references";

impl<'s> Collected<'s> {
    /// Walks an object along the paths for its kind and by shape.
    ///
    /// # Errors
    /// The object's annotation [`REFERENCES`] contains something that is not a rule.
    pub fn walk(
        &mut self,
        subject: Subject<'_, '_, 's>,
        rules: &Rules,
        memory: &mut Memory<'s>,
    ) -> Result<(), Box<Diagnostic>> {
        let (group, kind) = subject.api;
        let known = &*memory.kinds.get(rules, group, kind);
        if group == "admissionregistration.k8s.io" && kind.ends_with("AdmissionPolicy") {
            self.params.extend(policies::param(subject.view, kind));
        }
        if kind == "RoleBinding" && group == "rbac.authorization.k8s.io" {
            self.bound.extend(bound::bound(subject.view));
        }
        self.conventions(subject, known);
        self.selections(subject, known);
        Walk::new(subject, rules, (known, memory), self).run();
        // Sorting the few of one object is cheap, and those of the whole stream are then in order.
        self.unsearched.sort_unstable();
        self.unsearched.drain(..).for_each(|span| self.details.aside.unsearched.push(span));
        if let Some(text) = subject.view.annotation(REFERENCES) {
            let rows =
                rules::read_annotation(text).map_err(|problem| invalid_annotation(subject.view, &problem))?;
            let paths = Paths::new(rows.iter(), &[]);
            let times = Timetable::of(group, kind);
            let known = Known { paths, times, cluster_scoped: known.cluster_scoped, ..Known::default() };
            Walk::new(subject, rules, (&known, memory), self).along_paths();
        }
        Ok(())
    }
}

fn invalid_annotation(view: &View<'_, '_>, problem: &str) -> Box<Diagnostic> {
    let annotation = view.meta("annotations").and_then(|annotations| view.tree.get(annotations, REFERENCES));
    let span = view.tree.node(annotation.unwrap_or(view.root)).span;
    let message = format!("{}: the annotation `{REFERENCES}` holds no rules: {problem}", view.id());
    let help = "write a list of `{path: spec.field, names: ConfigMap}`; docs/rules.md describes the form";
    Box::new(Diagnostic::new(Code::InvalidRules, message).at(span, "").help(help))
}
