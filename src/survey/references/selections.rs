//! Objects that a resource finds by a label selector.
//!
//! Collects what the selectors ask for. `links` looks for objects that fit.

use super::collected::{Collected, Known, Subject};
use super::implied;
use super::record::{Frame, Walk};
use super::reference::{Required, Sought};
use super::selectors::given_namespace;
use crate::kube::content::key_hash;
use crate::kube::object::{TargetKind, View};
use crate::rules::context::{self, Scope};
use crate::rules::{Kinds, Selection, selected_by_shape};
use crate::yaml::NodeId;
use memchr::memmem;
use std::sync::LazyLock;

/// The program whose commands are read.
static KUBECTL: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("kubectl"));

/// The most requirements of a selector that are looked at. Without the others it finds more, which does no harm.
const MOST_REQUIREMENTS: usize = 8;

const BY_SHAPE: &str =
    "a label selector in the input selects it, which would find versions of earlier releases too";

const BY_COMMAND: &str = "a command of kubectl in the input finds it by its labels, and would find versions of earlier releases too";

impl Collected<'_> {
    /// Notes what the selectors of this object look for, and the scripts in it if it is a ConfigMap.
    pub(super) fn selections(&mut self, subject: Subject<'_, '_, '_>, known: &Known) {
        if subject.target == Some(TargetKind::ConfigMap) {
            self.scripts(subject);
        }
        for row in known.selections.iter().copied() {
            for holder in implied::nodes(subject.view, &row.path) {
                self.sought.extend(sought(subject.view, row, holder));
            }
        }
    }
}

impl Collected<'_> {
    fn scripts(&mut self, subject: Subject<'_, '_, '_>) {
        let tree = subject.view.tree;
        let text = subject.source.slice(tree.node(subject.view.root).span);
        if KUBECTL.find(text.as_bytes()).is_none() {
            return;
        }
        let Some(data) = subject.view.field("data") else { return };
        tree.each_field(data, &mut |_, value| {
            let script = tree.text(value).filter(|text| text.contains("kubectl")).unwrap_or_default();
            self.queries(subject.view, script);
        });
    }

    /// Notes what the commands in a text look for.
    pub(super) fn queries(&mut self, view: &View<'_, '_>, text: &str) {
        for query in context::queries(text) {
            let namespace = match query.scope {
                Scope::Own => own(view),
                Scope::Any => None,
                Scope::Given(namespace) => Some(namespace.into()),
            };
            let required = query.labels.iter().map(|(key, value)| Required::new(key, *value)).collect();
            self.sought.extend(Sought::new(query.kinds, required, namespace, BY_COMMAND));
        }
    }
}

impl Walk<'_, '_, '_> {
    /// Notes what a label selector looks for, if its keys or the `kind` beside it say that it selects ConfigMaps or
    /// Secrets. `holder` is the key of the mapping that contains the selector.
    pub(super) fn selector(&mut self, field: Frame, holder: &str, name: &str) {
        let beside = self.tree.text_of(field.mapping, "kind");
        let kinds = selected_by_shape(holder, name, beside);
        if kinds == Kinds::NONE {
            return;
        }
        let required = requirements(self.subject.view, self.tree.deref(field.node));
        self.found.sought.extend(Sought::new(kinds, required, None, BY_SHAPE));
    }
}

fn sought(view: &View<'_, '_>, row: &Selection, holder: NodeId) -> Option<Sought> {
    let required = requirements(view, view.tree.deref(view.tree.get(holder, row.field)?));
    let namespace = match given_namespace(view.tree, &row.namespace, holder) {
        None if !row.namespace.any => own(view),
        given => given.map(|name| name.as_ref().into()),
    };
    Sought::new(row.names, required, namespace, row.reason)
}

/// Returns the namespace of an object.
fn own(view: &View<'_, '_>) -> Option<Box<str>> {
    let namespace = view.meta("namespace").and_then(|node| view.tree.name(node));
    namespace.filter(|name| !name.is_empty()).map(|name| name.as_ref().into())
}

impl Sought {
    /// `None` if nothing is required.
    fn new(
        kinds: Kinds,
        mut required: Vec<Required>,
        namespace: Option<Box<str>>,
        reason: &'static str,
    ) -> Option<Sought> {
        // A value tells more than a key, and the first is looked up.
        required.sort_by_key(|required| required.value.is_none());
        required.truncate(MOST_REQUIREMENTS);
        let first = required.first().copied()?;
        Some(Sought { kinds, first, also: required.into_iter().skip(1).collect(), namespace, reason })
    }
}

/// Returns what a selector requires of labels. A selector without `matchLabels` and `matchExpressions` is itself a map of
/// labels. What it excludes is skipped.
fn requirements(view: &View<'_, '_>, selector: NodeId) -> Vec<Required> {
    let tree = view.tree;
    let mut found = Vec::new();
    let labels = match tree.get(selector, "matchExpressions") {
        Some(_) => tree.get(selector, "matchLabels"),
        None => tree.get(selector, "matchLabels").or(Some(selector)),
    };
    if let Some(labels) = labels {
        tree.each_field(tree.deref(labels), &mut |key, value| {
            let texts = tree.text(key).zip(tree.text(value));
            found.extend(texts.map(|(key, value)| Required::new(key, Some(value))));
        });
    }
    for expression in implied::nodes_below(view, selector, &["matchExpressions"]) {
        let key = tree.text_of(expression, "key");
        let values = || implied::nodes_below(view, expression, &["values"]);
        let value = match (tree.text_of(expression, "operator"), &values()[..]) {
            (Some("In"), [value]) => tree.text(*value),
            (Some("In" | "Exists"), _) => None,
            _ => continue,
        };
        found.extend(key.map(|key| Required::new(key, value)));
    }
    found
}

impl Required {
    /// A label of this key, with this value or with any.
    pub(super) fn new(key: &str, value: Option<&str>) -> Required {
        Required { label: key_hash(key), value: value.map(key_hash) }
    }
}
