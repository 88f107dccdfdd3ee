//! Documents that are not a Kubernetes object, or that contain two.
//!
//! Must not show the content of a document: it may be a Secret without its kind.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::survey::findings::is_error;
use crate::text::source::Span;
use crate::yaml::{Kind, NodeId, Tree};
use memchr::memchr;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// The comment that `helm template` and `helm install --dry-run` write in place of a Secret with `--hide-secret`.
const HIDDEN: &str = "# HIDDEN: The Secret output has been suppressed";

/// Searches for [`HIDDEN`] in every document.
static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(HIDDEN));

/// Fields of a `kustomization.yaml`, in which `kind` is optional (kustomize 5, `types.Kustomization`).
const KUSTOMIZATION: [&str; 8] = [
    "configMapGenerator",
    "secretGenerator",
    "patches",
    "patchesStrategicMerge",
    "namePrefix",
    "nameSuffix",
    "bases",
    "generatorOptions",
];

/// True if the object, which is a whole document, is certainly one object for Kubernetes, as nearly all are.
pub fn is_one_object(view: &View<'_, '_>) -> bool {
    let kind = view.field("kind").and_then(|node| view.tree.text(node)).unwrap_or_default();
    !view.may_repeat_fields() && !matches!(kind, "" | "Kustomization" | "Component")
}

/// Returns the findings about a whole document. `text` is the document, which begins at byte `start` of the source. `one`
/// is true if it [`is_one_object`].
pub fn document(text: &str, start: u32, tree: &Tree<'_>, one: bool) -> Vec<Diagnostic> {
    let root = tree.root();
    let value = root.map(|root| tree.node(root).span);
    let mut findings: Vec<Diagnostic> = hidden_secret(text, start, value).into_iter().collect();
    let Some(root) = root.filter(|_| !one) else { return findings };
    findings.extend(not_an_object(tree, root));
    findings.extend(missing_separator(tree, root));
    findings
}

/// Searches the comments before and after the value of a document, where Helm writes them. The value may be large, so
/// it is not searched.
fn hidden_secret(text: &str, start: u32, value: Option<Span>) -> Option<Diagnostic> {
    // In a part of a long list, the value begins and ends in other parts.
    let place = |offset: u32| (offset.saturating_sub(start) as usize).min(text.len());
    let (begin, end) = value.map_or((text.len(), text.len()), |value| (place(value.start), place(value.end)));
    let start = start as usize;
    hidden_in(&text[..begin], start).or_else(|| hidden_in(&text[end..], start + end))
}

fn hidden_in(text: &str, start: usize) -> Option<Diagnostic> {
    // Most comments are shorter or have no capital letter, and the search takes a hundred instructions to begin.
    if text.len() < HIDDEN.len() || memchr(b'H', text.as_bytes()).is_none() {
        return None;
    }
    let mut found = FINDER.find_iter(text.as_bytes());
    let at = found.next()?;
    // Helm writes the comment on its own line.
    let own_line = |at: usize| at == 0 || text[..at].ends_with('\n');
    if !own_line(at) && !found.any(own_line) {
        return None;
    }
    let place = Span::new(start + at, start + at + HIDDEN.len());
    let finding = Diagnostic::new(Code::HiddenSecret, "Helm omitted a Secret from its output here")
        .at(place, "references to this Secret keep the old name");
    Some(finding.help("render the chart without `--hide-secret`"))
}

fn not_an_object(tree: &Tree<'_>, root: NodeId) -> Option<Diagnostic> {
    let (what, cure) = form(tree, root)?;
    let message = format!("this document is not a Kubernetes object: {what}");
    let place = Span::empty(tree.node(root).span.start);
    Some(Diagnostic::new(Code::NotAnObject, message).at(place, "in this document").help(cure))
}

/// Describes a document that is not an object, with the cure.
fn form(tree: &Tree<'_>, root: NodeId) -> Option<(&'static str, &'static str)> {
    const ERROR: (&str, &str) = (
        "it looks like an error message",
        "check the command that wrote it; with `set -o pipefail`, the shell stops when that command fails",
    );
    match tree.node(root).kind {
        Kind::Sequence => Some((
            "it is a list",
            "write each object as its own document after a `---` line, or all as `items` of a `kind: List`",
        )),
        Kind::Mapping(_) => mapping(tree, root, ERROR),
        _ => {
            let text = tree.text(root).map(|text| text.trim_start()).unwrap_or_default();
            Some(match text {
                "" => return None,
                _ if text.starts_with('<') => (
                    "it looks like a web page",
                    "check the command that downloaded it: the address may require a login, or point to a page instead of a file",
                ),
                _ if is_error(text) => ERROR,
                _ => {
                    ("it is plain text", "check the command that wrote it, or remove the text from the input")
                }
            })
        }
    }
}

fn mapping(
    tree: &Tree<'_>,
    root: NodeId,
    error: (&'static str, &'static str),
) -> Option<(&'static str, &'static str)> {
    const KUSTOMIZATION_CURE: (&str, &str) =
        ("it is a kustomization", "build it first: `kubectl kustomize DIR | immutably`");
    let text = |field: &str| tree.get(root, field).and_then(|node| tree.text(node));
    let has = |field: &&str| tree.get(root, field).is_some();
    match text("kind").filter(|kind| !kind.is_empty()) {
        Some("Kustomization" | "Component")
            if text("apiVersion").is_some_and(|version| version.starts_with("kustomize.config.k8s.io/")) =>
        {
            Some(KUSTOMIZATION_CURE)
        }
        Some(_) => None,
        None if tree.entries(root).next().is_none() => None,
        None if KUSTOMIZATION.iter().any(&has) => Some(KUSTOMIZATION_CURE),
        None if ["apiVersion", "metadata", "data", "stringData"].iter().any(has) => Some((
            "it has no `kind`, so kubectl refuses it",
            "add `apiVersion` and `kind`, for example `apiVersion: v1` and `kind: ConfigMap`",
        )),
        None if first_key(tree, root).is_some_and(is_error) => Some(error),
        None => Some((
            "it has no `kind`, so kubectl refuses it",
            "if it is a values file, render its chart and pipe the result: `helm template NAME CHART -f FILE | immutably`",
        )),
    }
}

fn first_key<'t>(tree: &'t Tree<'_>, root: NodeId) -> Option<&'t str> {
    tree.entries(root).next().and_then(|(key, _)| tree.text(key))
}

/// Finds two objects without a `---` line between them. They form one mapping with every field twice.
fn missing_separator(tree: &Tree<'_>, root: NodeId) -> Option<Diagnostic> {
    let keys = || tree.entries(root).map(|(key, _)| key);
    let again = |name: &'static str| {
        let mut found = keys().filter(move |key| tree.is_text(*key, name));
        found.next().zip(found.next())
    };
    let (first, kind) = again("kind")?;
    let begins = again("apiVersion").map_or(kind, |(_, version)| if version < kind { version } else { kind });
    let finding = Diagnostic::new(
        Code::MissingSeparator,
        "a second object begins in this document; kubectl keeps only the last value of each field, so one object is lost",
    )
    .at(tree.node(begins).span, "the second object begins here")
    .at(tree.node(first).span, "the first object is lost");
    Some(finding.help("write a `---` line before the second object"))
}
