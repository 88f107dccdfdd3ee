//! What tells that a Helm chart rendered an object.
//!
//! Must not decide anything about the object.

use super::annotations::HELM_TEMPLATE;
use super::object::View;

/// True for an object that a Helm chart rendered, told by the labels that charts set (`app.kubernetes.io/managed-by`,
/// `heritage`), by the annotation that Helm 4 sets for post-renderers, or by the comment `# Source: CHART/templates/...`
/// that Helm writes before each template. `preamble`: the text of the document before the object.
pub fn rendered(view: &View<'_, '_>, preamble: &str) -> bool {
    let labelled = |label: &str, values: &[&str]| {
        view.label(label).is_some_and(|value| values.contains(&value.as_ref()))
    };
    labelled("app.kubernetes.io/managed-by", &["Helm", "Tiller"])
        || labelled("heritage", &["Helm", "Tiller"])
        || view.annotation(HELM_TEMPLATE).is_some()
        || preamble.lines().any(is_source_comment)
}

/// The template of an object, as Helm's comment names it, is below the folder `templates` of a chart.
fn is_source_comment(line: &str) -> bool {
    line.strip_prefix("# Source: ").is_some_and(|template| template.contains("/templates/"))
}
