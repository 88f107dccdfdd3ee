//! Objects that still contain directives of a Helm template, because the chart was not rendered.
//!
//! ConfigMaps and Secrets may contain templates of other programs in their data, and some custom resources contain
//! templates that their controller renders. These do not count.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::View;
use crate::text::source::Span;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Searches for directives in every object.
static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("{{"));

/// Text that only a Helm template contains.
const DIRECTIVES: [&str; 7] =
    [".Values.", ".Release.", ".Chart.", "include ", "template ", "- if ", "- range "];

/// Groups whose objects contain templates for their controllers (Argo CD, Flux, Crossplane, Kyverno, External Secrets).
const RENDER_THEMSELVES: [&str; 8] = [
    "argoproj.io",
    "helm.toolkit.fluxcd.io",
    "helm.cattle.io",
    "fleet.cattle.io",
    "apiextensions.crossplane.io",
    "kyverno.io",
    "external-secrets.io",
    "tekton.dev",
];

/// Returns the finding about an object that is not a ConfigMap or Secret and contains directives of a Helm template.
/// `text` is the object, which begins at byte `start` of the source.
pub fn not_rendered(view: &View<'_, '_>, group: &str, text: &str, start: u32) -> Option<Diagnostic> {
    if view.target_kind().is_some() || RENDER_THEMSELVES.contains(&group) {
        return None;
    }
    let at =
        FINDER.find_iter(text.as_bytes()).find(|at| is_directive(&text[*at..]) && !in_comment(text, *at))?;
    let start = start as usize + at;
    let finding = Diagnostic::new(Code::NotRendered, "this is a Helm template that was not rendered")
        .at(Span::new(start, start + 2), "Helm would fill this in");
    Some(finding.help("render the chart first: `helm template NAME CHART | immutably`"))
}

/// True if the text begins with a directive of Helm, which must end on the same line.
fn is_directive(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let Some(inner) = line.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) else { return false };
    DIRECTIVES.iter().any(|directive| inner.0.contains(directive))
}

fn in_comment(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
    line.trim_start().starts_with('#')
}
