//! Checks of `metadata` of a ConfigMap or Secret.
//!
//! Checks one object and returns findings. Must not decide about the object.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::content;
use crate::kube::object::View;
use crate::yaml::NodeId;

/// Checks that `metadata` is a mapping with a name.
///
/// # Errors
/// `metadata` that is missing, is not a mapping, or contains no name.
pub fn check(view: &View<'_, '_>) -> Result<(), Box<Diagnostic>> {
    let tree = view.tree;
    let bad = |span, found: &str, help: &str| {
        Err(Box::new(Diagnostic::new(Code::InvalidMetadata, found).at(span, "").help(help.to_owned())))
    };
    let Some(node) = view.field("metadata") else {
        return bad(tree.node(view.root).span, "`metadata` is missing", "add `metadata:` with a `name`");
    };
    if view.metadata().is_none() {
        return bad(
            tree.node(node).span,
            "`metadata` is not a mapping",
            &content::instead_of_mapping(view, node, "write `metadata:` with a `name` below it"),
        );
    }
    match view.meta("name") {
        Some(name) if tree.name(name).is_some_and(|name| !name.is_empty()) => Ok(()),
        Some(name) => {
            let found = tree.value(name).map_or("a collection", |value| value.describe());
            let message = format!("`metadata.name` is {found}, expected a name");
            bad(tree.node(name).span, &message, "write the name as text, in quotes if necessary")
        }
        None => bad(tree.node(node).span, "`metadata.name` is missing", "give the object a name"),
    }
}

/// Returns findings about duplicate keys of the object and of its metadata. Keys of the content are checked with the
/// content.
pub fn repeated_keys(view: &View<'_, '_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if !view.may_repeat_fields() {
        return findings;
    }
    let root = Some(view.root).filter(|_| !holds_two_objects(view));
    for (mapping, path) in [(root, ""), (view.metadata(), "metadata.")] {
        let mut seen: Vec<(&str, NodeId, NodeId, usize)> = Vec::with_capacity(8);
        for (key, _) in mapping.into_iter().flat_map(|mapping| view.tree.entries(mapping)) {
            let Some(text) = view.tree.text(key).filter(|_| !view.tree.is_merge(key)) else { continue };
            match seen.iter().position(|(name, ..)| *name == text) {
                Some(at) => (seen[at].2, seen[at].3) = (key, seen[at].3 + 1),
                // No Kubernetes object has so many fields, so the rest is not checked.
                None if seen.len() < 64 => seen.push((text, key, key, 1)),
                None => break,
            }
        }
        let repeated = seen.into_iter().filter(|(.., times)| *times > 1);
        findings.extend(repeated.map(|(text, first, last, times)| {
            content::duplicate(view, &field(path, text), (first, last), times)
        }));
    }
    findings
}

/// True if the object has several kinds: two objects without a `---` line between them have every field twice. Another
/// finding is about that document.
fn holds_two_objects(view: &View<'_, '_>) -> bool {
    let kinds = view.tree.entries(view.root).filter(|(key, _)| view.tree.is_text(*key, "kind"));
    kinds.count() > 1
}

/// Returns a duplicate field for messages. Text that is not a field of an object is not shown.
fn field(path: &str, text: &str) -> String {
    const KNOWN: [&str; 13] = [
        "annotations",
        "apiVersion",
        "binaryData",
        "data",
        "finalizers",
        "immutable",
        "kind",
        "labels",
        "metadata",
        "name",
        "namespace",
        "stringData",
        "type",
    ];
    if KNOWN.contains(&text) { format!("`{path}{text}`") } else { "a field".to_owned() }
}
