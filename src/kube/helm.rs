//! Recognises objects that a Helm chart rendered.
//!
//! Must not decide anything about the object.

use super::annotations::HELM_TEMPLATE;
use super::object::View;
use crate::text::source::{Source, Span};

/// True if a Helm chart rendered the object, according to the labels that charts set (`app.kubernetes.io/managed-by`,
/// `heritage`) or the annotation that Helm 4 sets for post-renderers. [`HelmComment`] is another sign.
pub fn rendered(view: &View<'_, '_>) -> bool {
    let labelled =
        |label: &str, values: &[&str]| view.label(label).is_some_and(|value| values.contains(&value));
    labelled("app.kubernetes.io/managed-by", &["Helm", "Tiller"])
        || labelled("heritage", &["Helm", "Tiller"])
        || view.annotation(HELM_TEMPLATE).is_some()
}

/// Finds the comment `# Source: CHART/templates/...`, which Helm writes before each template, before the objects of a
/// document. Searches each byte only once, because a document may be a
/// list of many objects.
#[derive(Debug, Default)]
pub struct HelmComment {
    searched: u32,
    found: bool,
}

impl HelmComment {
    /// Creates the search in a document.
    pub fn from(document: Span) -> HelmComment {
        HelmComment { searched: document.start, found: false }
    }

    /// True if the comment precedes the object. Must be called in the order of the objects.
    pub fn is_before(&mut self, source: &Source, view: &View<'_, '_>) -> bool {
        let start = view.tree.node(view.root).span.start;
        if !self.found && self.searched < start {
            self.found = has_source_comment(source.slice(Span { start: self.searched, end: start }));
            self.searched = start;
        }
        self.found
    }
}

/// True if a line begins with Helm's comment. The template of an object is below the folder `templates` of a chart.
fn has_source_comment(text: &str) -> bool {
    let begins_line = |at: usize| at == 0 || text.as_bytes()[at - 1] == b'\n';
    let template = |at: usize| text[at..].strip_prefix("# Source: ")?.lines().next();
    memchr::memchr_iter(b'#', text.as_bytes())
        .filter(|at| begins_line(*at))
        .filter_map(template)
        .any(|template| template.contains("/templates/"))
}
