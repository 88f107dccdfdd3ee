//! Containers that load every ConfigMap or Secret with a given label, such as the k8s-sidecar of Grafana and Loki.
//! Environment variables state the label, the kinds and the namespaces.

use super::collected::Subject;
use super::record::{Frame, Walk};
use super::reference::{Required, Sought};
use crate::rules::Kinds;

/// Why such an object keeps its name.
const REASON: &str = "a sidecar in the input finds it by its label";

impl Walk<'_, '_, '_> {
    /// Records what a sidecar looks for, if this list of environment variables belongs to one.
    pub(super) fn sidecar(&mut self, frame: Frame) {
        let variable = |wanted: &str| {
            let named = |item: &_| self.tree.text_of(*item, "name") == Some(wanted);
            self.tree.items(frame.node).find(named)
        };
        let value = |wanted: &str| variable(wanted).and_then(|item| self.tree.text_of(item, "value"));
        let (Some(label), Some(_)) = (value("LABEL").filter(|label| !label.is_empty()), variable("FOLDER"))
        else {
            return;
        };
        let kinds = match value("RESOURCE") {
            Some("both") => Kinds::BOTH,
            Some("secret") => Kinds::SECRET,
            _ => Kinds::CONFIG_MAP,
        };
        let first = Required::new(label, value("LABEL_VALUE").filter(|value| !value.is_empty()));
        let namespaces: Vec<Option<Box<str>>> = match (variable("NAMESPACE"), value("NAMESPACE")) {
            (None, _) => vec![own(self.subject)],
            (Some(_), None | Some("ALL")) => vec![None],
            (Some(_), Some(list)) => list.split(',').map(|name| Some(name.trim().into())).collect(),
        };
        let sought = |namespace| Sought { kinds, first, also: Box::default(), namespace, reason: REASON };
        self.found.sought.extend(namespaces.into_iter().map(sought));
    }
}

fn own(subject: Subject<'_, '_, '_>) -> Option<Box<str>> {
    let namespace = subject.view.meta("namespace").and_then(|node| subject.view.tree.name(node));
    namespace.filter(|name| !name.is_empty()).map(|name| name.as_ref().into())
}
