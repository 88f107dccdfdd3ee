//! Label and field selectors of lists and watches.

use super::http::Request;
use serde_json::Value;

/// True for an object that the selectors of a request match.
pub(super) fn selected(request: &Request, object: &Value) -> bool {
    let labels = requirements(request.param("labelSelector"));
    let fields = requirements(request.param("fieldSelector"));
    labels.iter().all(|requirement| holds(requirement, |label| text(&object["metadata"]["labels"][label])))
        && fields.iter().all(|requirement| holds(requirement, |path| text(object.pointer(&pointer(path))?)))
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// Splits a selector at commas outside parentheses.
fn requirements(selector: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = selector.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn holds<'o>(requirement: &str, value: impl Fn(&str) -> Option<&'o str>) -> bool {
    let listed = |set: &str, found: Option<&str>| {
        let set = set.trim().trim_start_matches('(').trim_end_matches(')');
        set.split(',').any(|one| Some(one.trim()) == found)
    };
    if let Some((label, set)) = requirement.split_once(" notin ") {
        return !listed(set, value(label.trim()));
    }
    if let Some((label, set)) = requirement.split_once(" in ") {
        return listed(set, value(label.trim()));
    }
    if let Some((label, wanted)) = requirement.split_once("!=") {
        return value(label.trim()) != Some(wanted.trim());
    }
    if let Some((label, wanted)) = requirement.split_once('=') {
        return value(label.trim()) == Some(wanted.trim_start_matches('=').trim());
    }
    match requirement.strip_prefix('!') {
        Some(label) => value(label.trim()).is_none(),
        None => value(requirement).is_some(),
    }
}
