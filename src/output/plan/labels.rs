//! Labels that contain the version of the chart or application: every upgrade changes them on every object.
//!
//! In a pod template such a label rolls pods like any other field. In the metadata of an object it changes nothing.

use serde_json::Value;

/// The names of these labels.
const OF_RELEASE: [&str; 3] = ["helm.sh/chart", "app.kubernetes.io/version", "chart"];

/// True for the path of such a label.
pub(super) fn is_of_release(path: &str) -> bool {
    OF_RELEASE.iter().any(|label| path.strip_suffix(label).is_some_and(|rest| rest.ends_with(".labels.")))
}

/// Returns the canonical text of an object without such labels in its metadata.
pub(super) fn without(text: &str) -> String {
    if !OF_RELEASE.iter().any(|label| text.contains(label)) {
        return text.to_owned();
    }
    // A text too deep for this parser is compared as a whole.
    let Ok(mut object) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let labels = object.pointer_mut("/metadata/labels").and_then(Value::as_object_mut);
    labels.into_iter().for_each(|labels| labels.retain(|label, _| !OF_RELEASE.contains(&label.as_str())));
    object.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_a_release_are_told_from_others() {
        assert!(is_of_release("spec.template.metadata.labels.helm.sh/chart"));
        assert!(!is_of_release("spec.template.metadata.labels.app"));
        assert!(!is_of_release("spec.template.metadata.annotations.chart"));
    }

    #[test]
    fn only_labels_of_the_object_itself_are_left_out() {
        let template = r#""spec":{"template":{"metadata":{"labels":{"helm.sh/chart":"web-2"}}}}"#;
        let object =
            |label: &str| format!("{{\"metadata\":{{\"labels\":{{\"a\":\"b\"{label}}}}},{template}}}");
        assert_eq!(without(&object(r#","helm.sh/chart":"web-1""#)), object(""));
        assert_eq!(without("["), "[");
    }
}
