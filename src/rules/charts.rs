//! Template expressions in the values of a Helm chart.
//!
//! Pure functions over text.

use std::borrow::Cow;

/// The spellings of the release name in values that a chart renders as a template.
const RELEASE_NAME: [&str; 4] =
    ["{{ .Release.Name }}", "{{.Release.Name}}", "{{ $.Release.Name }}", "{{$.Release.Name}}"];

/// True if a text contains the template variable for the release name.
pub fn asks_for_release(text: &str) -> bool {
    text.contains(".Release.Name")
}

/// Returns a text with the release name filled in; `None` if the text contains other template expressions too.
pub fn filled<'t>(text: &'t str, release: &str) -> Option<Cow<'t, str>> {
    let filled = fill(text, release);
    (!filled.contains("{{")).then_some(filled)
}

/// Returns a text with every expression for the release name filled in.
pub fn fill<'t>(text: &'t str, release: &str) -> Cow<'t, str> {
    let mut filled = Cow::Borrowed(text);
    for written in RELEASE_NAME.into_iter().filter(|_| asks_for_release(text)) {
        if filled.contains(written) {
            filled = Cow::Owned(filled.replace(written, release));
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_filled_in() {
        assert_eq!(filled("{{ .Release.Name }}-config", "web").as_deref(), Some("web-config"));
        assert_eq!(filled("web-config", "x").as_deref(), Some("web-config"));
        assert_eq!(filled("{{ .Release.Name }}-{{ .Values.x }}", "web"), None);
    }
}
