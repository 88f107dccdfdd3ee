//! Objects that a deployer waits for, from annotations that state kind, namespace and name in one text.

use crate::rules::Format;
use std::ops::Range;

/// An object that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency<'a> {
    /// The group; empty for the core group.
    pub(crate) group: &'a str,
    /// The kind, or a name that kubectl accepts for it.
    pub(crate) kind: &'a str,
    /// The namespace, if the text states one.
    pub(crate) namespace: Option<&'a str>,
    /// The bytes of the name in the text.
    pub(crate) name: Range<usize>,
}

/// Parses a comma-separated list of `group/namespaces/namespace/kind/name` and `group/kind/name` (kpt and Config Sync).
fn objects(text: &str) -> impl Iterator<Item = Dependency<'_>> {
    split(text, 0..text.len(), ',').filter_map(|item| {
        let fields: Vec<Range<usize>> = split(text, item, '/').collect();
        let word = |at: usize| &text[fields[at].clone()];
        let (namespace, kind) = match fields.len() {
            5 if word(1) == "namespaces" => (Some(word(2)), word(3)),
            3 => (None, word(1)),
            _ => return None,
        };
        Some(Dependency { group: word(0), kind, namespace, name: fields.last()?.clone() })
    })
}

/// Parses `state=present,kind=KIND,name=NAME,namespace=NAMESPACE` (werf).
fn pairs(text: &str) -> Option<Dependency<'_>> {
    let value = |wanted: &str| {
        split(text, 0..text.len(), ',').find_map(|item| {
            let mut sides = split(text, item, '=');
            let key = sides.next()?;
            sides.next().filter(|_| &text[key] == wanted)
        })
    };
    let word = |key: &str| value(key).map(|range| &text[range]);
    Some(Dependency {
        group: word("group").unwrap_or_default(),
        kind: word("kind")?,
        namespace: word("namespace"),
        name: value("name")?,
    })
}

/// Parses `TYPE/NAME` and `TYPE.VERSION.GROUP/NAME` (werf).
fn type_and_name(text: &str) -> Option<Dependency<'_>> {
    let mut sides = split(text, 0..text.len(), '/');
    let (kind, name) = (sides.next()?, sides.next()?);
    let resource = &text[kind];
    let (kind, version) = resource.split_once('.').unwrap_or((resource, ""));
    let group = version.split_once('.').map_or("", |(_, group)| group);
    sides.next().is_none().then_some(Dependency { group, kind, namespace: None, name })
}

/// Parses the value of an annotation in one of these formats. Returns nothing for other formats.
pub(crate) fn of<'a>(format: &Format, text: &'a str) -> Vec<Dependency<'a>> {
    match format {
        Format::Objects => objects(text).collect(),
        Format::Pairs => pairs(text).into_iter().collect(),
        Format::TypeAndName => type_and_name(text).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Returns the key of the annotation that contains the namespace, for a key that ends in `/resource`.
pub(crate) fn namespace_key(key: &str) -> Option<String> {
    key.strip_suffix("/resource").map(|id| format!("{id}/namespace"))
}

impl Dependency<'_> {
    /// True for this kind in this group: in any case, in the singular or plural, or as the short name that kubectl
    /// accepts.
    pub(crate) fn is(&self, group: &str, kind: &str, short: &str) -> bool {
        let is = |word: &str| self.kind.eq_ignore_ascii_case(word);
        let plural = self.kind.strip_suffix(['s', 'S']).unwrap_or_default();
        let known = is(kind) || is(short) || plural.eq_ignore_ascii_case(kind);
        known && self.group == group && !self.name.is_empty()
    }
}

/// Returns the bytes of the text between separators, without surrounding white space.
fn split(text: &str, within: Range<usize>, separator: char) -> impl Iterator<Item = Range<usize>> {
    let mut at = within.start;
    text[within].split(separator).map(move |piece| {
        let start = at + (piece.len() - piece.trim_start().len());
        at += piece.len() + 1;
        start..start + piece.trim().len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words<'a>(
        text: &'a str,
        found: impl IntoIterator<Item = Dependency<'a>>,
    ) -> Vec<(&'a str, &'a str, &'a str, Option<&'a str>)> {
        found.into_iter().map(|of| (of.group, of.kind, &text[of.name], of.namespace)).collect()
    }

    #[test]
    fn objects_are_told_by_group_kind_and_namespace() {
        let text = "/namespaces/prod/ConfigMap/web, apps/namespaces/prod/Deployment/web,/Secret/db";
        let expected = [
            ("", "ConfigMap", "web", Some("prod")),
            ("apps", "Deployment", "web", Some("prod")),
            ("", "Secret", "db", None),
        ];
        assert_eq!(words(text, objects(text)), expected);
        assert_eq!(objects("a/b").count() + objects("").count() + objects("a/b/c/d/e").count(), 0);
    }

    #[test]
    fn pairs_are_told_by_their_keys() {
        let text = "state=present,kind=Secret, name=db,namespace=prod";
        assert_eq!(words(text, pairs(text)), [("", "Secret", "db", Some("prod"))]);
        assert_eq!(pairs("kind=Secret"), None);
    }

    #[test]
    fn types_are_told_as_kubectl_takes_them() {
        for text in ["secret/db", "Secrets/db", "secrets.v1/db"] {
            assert!(type_and_name(text).is_some_and(|of| of.is("", "Secret", "secret")), "{text}");
        }
        assert!(type_and_name("cm/web").is_some_and(|of| of.is("", "ConfigMap", "cm")));
        assert!(type_and_name("jobs.v1.batch/web").is_some_and(|of| of.is("batch", "Job", "job")));
        assert_eq!(type_and_name("a/b/c"), None);
        let namespace = namespace_key("a.external-dependency.werf.io/resource");
        assert_eq!(namespace.as_deref(), Some("a.external-dependency.werf.io/namespace"));
    }
}
