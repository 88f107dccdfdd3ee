//! The text of an earlier version for the new release: with its age, and without fields that only a server writes.
//!
//! Every step parses its input. A version is not carried if the result would not be the same object.

use super::lift;
use super::roll::{self, Entry, GENERATIONS_AGO, Version};
use super::without;
use crate::edits::annotation::annotate;
use crate::edits::helm_text::quote;
use crate::edits::stamps::retained;
use crate::kube::immutable;
use crate::kube::object::{View, objects};
use crate::options::Options;
use crate::text::replacement::Text;
use crate::text::source::{Source, Span};
use crate::text::splice::{Pen, Splice};
use crate::yaml::split;
use crate::yaml::{self, Tree};

/// Fields of `metadata` that an API server writes and that nobody should apply.
const SERVER_FIELDS: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];
/// An annotation that `kubectl apply` writes. It contains the whole object again.
const SERVER_ANNOTATIONS: [&str; 1] = ["kubectl.kubernetes.io/last-applied-configuration"];

/// The label with which kubectl marks the members of an ApplySet. kubectl refuses manifests that contain it.
const SERVER_LABELS: [&str; 1] = ["applyset.kubernetes.io/part-of"];

/// Spans to replace, each with its new text.
type Edits = Vec<(Span, Text)>;

/// Returns the text to carry.
///
/// # Errors
/// Why the version cannot be carried, in words that fit after "cannot be carried forward: ".
pub(super) fn compose(
    source: &Source,
    entry: &Entry<'_>,
    version: &Version,
    ago: u32,
    to_helm_4: bool,
    options: &Options,
) -> Result<String, &'static str> {
    let text = version.held.text(source);
    let text = step(text, |source, view| {
        if lift::meaning(view.tree, view.root) != version.meaning {
            return Err("outside its list it would not mean the same");
        }
        let mut wanted = retained::annotations(view, &options.retain);
        wanted.push((GENERATIONS_AGO.to_owned(), ago.to_string()));
        let changes = annotate(view.tree, source, view.root, None, &wanted);
        let changes = changes.map_err(|_| "its `metadata` or its annotations are no mapping")?;
        Ok(changes.into_iter().map(|change| (change.site.span, change.text)).collect())
    })?;
    let text = step(text, |source, view| Ok(server_fields(source, view)))?;
    let text = if to_helm_4 { step(text, |source, view| Ok(quoted(source, view)))? } else { text };
    step(text, |_, view| check(view, (entry, version), ago, options))
}

/// Parses a text that contains one object, and applies edits to it.
fn step(
    text: String,
    edits: impl FnOnce(&Source, &View<'_, '_>) -> Result<Edits, &'static str>,
) -> Result<String, &'static str> {
    let source = Source::new("", text).map_err(|_| "it is too large")?;
    let stream = split::split(&source);
    let mut tree = Tree::default();
    let read = yaml::parse(source.text(), 0, &mut tree);
    if stream.documents.len() != 1 || !stream.findings.is_empty() || read.is_err() {
        return Err("outside its list it cannot be read");
    }
    let views: Vec<View<'_, '_>> = objects(&tree).collect();
    let [view] = &views[..] else { return Err("it does not say what it is") };
    let mut edits = edits(&source, view)?;
    let anchored = tree.anchored();
    if edits.iter().any(|(span, _)| anchored.iter().any(|anchored| anchored.span.contains(*span))) {
        return Err("what has to change in it is shared through an anchor");
    }
    edits.sort_by_key(|(span, _)| *span);
    let mut out = Vec::with_capacity(source.text().len() + 64);
    let mut splice = Splice::new(source.text(), &mut out);
    let write = |(_, text): &(Span, Text), pen: &mut Pen| pen.text_of(text);
    let spliced = splice.replace(1, &edits, |(span, _)| *span, write).and_then(|()| splice.finish());
    spliced.map_err(|_| "it cannot be put together")?;
    String::from_utf8(out).map_err(|_| "it cannot be put together")
}

/// Quotes text that Helm 4 would change, because an immutable object must stay the same.
fn quoted(source: &Source, view: &View<'_, '_>) -> Edits {
    quote(source, view).into_iter().map(|change| (change.site.span, change.text)).collect()
}

fn server_fields(source: &Source, view: &View<'_, '_>) -> Edits {
    let tree = view.tree;
    let mut spans = Vec::new();
    let labels = view.meta("labels").map(|labels| tree.deref(labels));
    let other = |key| tree.text(key).is_none_or(|key| !SERVER_LABELS.contains(&key));
    let others = labels.is_some_and(|labels| tree.entries(labels).any(|(key, _)| other(key)));
    if let Some(metadata) = view.metadata() {
        // If no other label remains, the whole `labels` field is removed, so that no empty mapping stays.
        let of_labels =
            labels.filter(|labels| !others && tree.entries(*labels).next().is_some()).map(|_| "labels");
        let fields: Vec<&str> = SERVER_FIELDS.into_iter().chain(of_labels).collect();
        spans.extend(without::entries(source, tree, metadata, &fields));
    }
    if let Some(labels) = labels.filter(|_| others) {
        spans.extend(without::entries(source, tree, labels, &SERVER_LABELS));
    }
    if let Some(annotations) = view.meta("annotations") {
        spans.extend(without::entries(source, tree, tree.deref(annotations), &SERVER_ANNOTATIONS));
    }
    spans.into_iter().map(|span| (span, Text::Written(String::new()))).collect()
}

/// Returns an error unless the final text is still the same immutable object, with its age. Never returns edits.
fn check(
    view: &View<'_, '_>,
    (entry, version): (&Entry<'_>, &Version),
    ago: u32,
    options: &Options,
) -> Result<Edits, &'static str> {
    let kind = view.target_kind().filter(|kind| Some(*kind) == entry.target);
    let kind = kind.ok_or("it does not say what it is")?;
    let says_its_age = view.annotation(GENERATIONS_AGO).is_some_and(|said| *said == ago.to_string());
    let same = view.id() == entry.id && immutable::is_immutable(view) && says_its_age;
    if same && roll::carried(view, kind, &entry.id.name, options.scheme()) == version.carried {
        Ok(Edits::new())
    } else {
        Err("it would not be the same object")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generations::roll;

    fn composed(text: &str) -> Vec<Result<String, &'static str>> {
        let source = Source::new("x", text).unwrap();
        let roll = roll::read(&source, Some(Options::default().scheme()));
        let versions = roll.entries.iter().filter_map(|entry| Some((entry, entry.version.as_ref()?)));
        let options = Options::default();
        versions.map(|(entry, version)| compose(&source, entry, version, 1, false, &options)).collect()
    }

    #[test]
    fn what_a_server_writes_is_left_out_in_every_style() {
        let block = "apiVersion: v1\ndata: {a: b}\nimmutable: true\nkind: ConfigMap\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {}\n  creationTimestamp: \"2026-11-25T08:00:00Z\"\n  managedFields:\n  - a: b\n  name: web-4h2mbtbbt6\n  uid: x\n";
        let expected = "apiVersion: v1\ndata: {a: b}\nimmutable: true\nkind: ConfigMap\nmetadata:\n  annotations:\n    immutably.dev/generations-ago: \"1\"\n  name: web-4h2mbtbbt6\n";
        assert_eq!(composed(block), [Ok(expected.to_owned())]);
        let flow = r#"{"apiVersion":"v1","data":{"a":"b"},"immutable":true,"kind":"ConfigMap","metadata":{"name":"web-4h2mbtbbt6","resourceVersion":"1","uid":"x"}}"#;
        let expected = r#"{"apiVersion":"v1","data":{"a":"b"},"immutable":true,"kind":"ConfigMap","metadata":{"annotations":{"immutably.dev/generations-ago":"1"},"name":"web-4h2mbtbbt6"}}"#;
        assert_eq!(composed(flow), [Ok(expected.to_owned())]);
    }

    #[test]
    fn the_label_of_an_apply_set_is_left_out() {
        let text = |labels: &str| {
            format!(
                "apiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata:\n{labels}  name: web-4h2mbtbbt6\ndata: {{a: b}}\n"
            )
        };
        let expected = |labels: &str| {
            let age = "  annotations:\n    immutably.dev/generations-ago: \"1\"\n";
            text(&format!("{age}{labels}"))
        };
        let alone = "  labels:\n    applyset.kubernetes.io/part-of: applyset-x-v1\n";
        assert_eq!(composed(&text(alone)), [Ok(expected(""))]);
        let beside = "  labels:\n    app: web\n    applyset.kubernetes.io/part-of: applyset-x-v1\n";
        assert_eq!(composed(&text(beside)), [Ok(expected("  labels:\n    app: web\n"))]);
    }

    #[test]
    fn what_is_shared_is_not_written_to() {
        let text = "apiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {name: web-4h2mbtbbt6, annotations: &a {c: d}, labels: *a}\ndata: {a: b}\n";
        assert_eq!(composed(text), [Err("what has to change in it is shared through an anchor")]);
    }
}
