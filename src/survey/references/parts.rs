//! Names as parts of a longer text: `namespace/name`, `$(POD_NAMESPACE)/name`, comma lists.

use super::reference::InNamespace;
use std::borrow::Cow;
use std::ops::Range;

/// One name in a text, as bytes of the text, and the namespace before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) range: Range<usize>,
    pub(super) namespace: Option<&'a str>,
}

/// Returns the name in `name` or `namespace/name`, without surrounding white space. `within` is the part of `text` to
/// read.
pub(super) fn name(text: &str, within: Range<usize>) -> Option<Part<'_>> {
    let slice = text.get(within.clone())?;
    let trimmed = slice.trim();
    let start = within.start + (slice.len() - slice.trim_start().len());
    match trimmed.split_once('/') {
        None => (!trimmed.is_empty()).then(|| Part { range: start..start + trimmed.len(), namespace: None }),
        Some((namespace, name)) if !name.is_empty() && !name.contains('/') => {
            let at = start + namespace.len() + 1;
            Some(Part { range: at..at + name.len(), namespace: Some(namespace) })
        }
        Some(_) => None,
    }
}

/// Returns the names in a comma-separated list.
pub(super) fn list(text: &str, within: Range<usize>) -> impl Iterator<Item = Part<'_>> {
    let mut at = within.start;
    let slice = text.get(within).unwrap_or_default();
    slice.split(',').filter_map(move |item| {
        let start = at;
        at += item.len() + 1;
        name(text, start..start + item.len())
    })
}

/// Returns the names of the Secrets in `ENV=secret:key,...` (Dapr).
pub(super) fn env_list(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut at = 0;
    text.split(',').filter_map(move |item| {
        let start = at;
        at += item.len() + 1;
        let value = item.find('=').map_or(0, |equals| equals + 1);
        let end = item[value..].find(':').map_or(item.len(), |colon| value + colon);
        name(text, start + value..start + end)
    })
}

/// Returns the namespace that a text states. A variable such as `$(POD_NAMESPACE)` is the referring object's own
/// namespace.
pub(super) fn in_namespace<'s>(
    namespace: Option<&str>,
    otherwise: InNamespace<Cow<'s, str>>,
) -> InNamespace<Cow<'s, str>> {
    match namespace {
        None | Some("") => otherwise,
        Some(variable) if variable.starts_with('$') || variable.contains("{{") => InNamespace::Own,
        Some(namespace) => InNamespace::Given(Cow::Owned(namespace.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_behind_its_namespace() {
        assert_eq!(name("prod/web", 0..8), Some(Part { range: 5..8, namespace: Some("prod") }));
        assert_eq!(name(" web ", 0..5), Some(Part { range: 1..4, namespace: None }));
        assert_eq!(name("a/b/c", 0..5), None);
    }

    #[test]
    fn lists_are_taken_apart() {
        let ranges = |parts: Vec<Part<'_>>| parts.into_iter().map(|part| part.range).collect::<Vec<_>>();
        assert_eq!(ranges(list("a, ns/b,c", 0..9).collect()), [0..1, 6..7, 8..9]);
        assert_eq!(ranges(env_list("A=one:key,B=two").collect()), [2..5, 12..15]);
    }
}
