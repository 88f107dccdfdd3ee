//! Patterns that select objects by kind and name, with `*` for any characters.
//!
//! Exact names are looked up in a hash map. Only patterns with a `*` are tried one by one, so their number is limited.

use crate::kube::object::TargetKind;
use crate::rules::glob;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// The maximum number of patterns with a `*` in the name for one option.
pub const MOST_LOOSE: usize = 1000;

/// The maximum length of a pattern in bytes: enough for a name of 253 characters with a `*` around each of them.
const LONGEST: usize = 1000;

/// A pattern for the kind and name of objects: `ConfigMap/argocd-*`, `*/web`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    kind: String,
    name: String,
    /// True if the pattern is meant for several inputs, so it need not match anything in this one.
    shared: bool,
}

impl Pattern {
    /// Parses `KIND/NAME`, in which `*` matches any characters.
    ///
    /// # Errors
    /// A description of the mistake.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        if text.len() > LONGEST {
            return Err(format!("a pattern is at most {LONGEST} bytes long, this one has {}", text.len()));
        }
        let Some((kind, name)) = text.split_once('/') else {
            return Err("expected KIND/NAME, such as `ConfigMap/argocd-*`".to_owned());
        };
        if !KINDS.iter().any(|known| glob(kind, known.as_str())) {
            return Err(format!("`{kind}` is neither `ConfigMap` nor `Secret` nor `*`"));
        }
        check(name)?;
        Ok(Pattern { kind: kind.to_owned(), name: name.to_owned(), shared: false })
    }

    /// Returns the same pattern, marked as meant for several inputs, some of which may have no matching object.
    #[must_use]
    pub fn shared(self) -> Pattern {
        Pattern { shared: true, ..self }
    }

    /// True if the pattern is meant for several inputs.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Returns the part after the slash.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True for a pattern that matches every ConfigMap and Secret.
    pub fn matches_everything(&self) -> bool {
        self.name() == "*" && self.kinds().count() == 2
    }

    /// True if the pattern selects one object, without `*`.
    pub fn is_exact(&self) -> bool {
        !self.is_loose() && !self.kind.contains('*')
    }

    /// True if the name contains a `*`.
    pub fn is_loose(&self) -> bool {
        self.name.contains('*')
    }

    /// Returns the kinds that the pattern matches.
    pub fn kinds(&self) -> impl Iterator<Item = TargetKind> + '_ {
        KINDS.into_iter().filter(|kind| glob(&self.kind, kind.as_str()))
    }

    /// True if the pattern matches the object.
    pub fn matches(&self, kind: TargetKind, name: &str) -> bool {
        glob(&self.kind, kind.as_str()) && glob(&self.name, name)
    }
}

/// Refuses a pattern that matches no name that the API server accepts (RFC 1123): it would protect nothing, in silence.
fn check(name: &str) -> Result<(), String> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.*".contains(&byte);
    if name.is_empty() {
        return Err("the name after `/` is missing; `*` stands for all names".to_owned());
    }
    if name.bytes().any(|byte| byte == b',' || byte.is_ascii_whitespace()) {
        return Err("a pattern is one KIND/NAME, without spaces and commas: write each pattern as a separate item or option".to_owned());
    }
    if !name.bytes().all(fits) {
        return Err("no object can have such a name: names have lower-case letters, digits, `-` and `.`, and `*` in a pattern stands for any of them".to_owned());
    }
    Ok(())
}

const KINDS: [TargetKind; 2] = [TargetKind::ConfigMap, TargetKind::Secret];

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Pattern, String> {
        Pattern::parse(&text)
    }
}

impl std::fmt::Display for Pattern {
    /// Writes the pattern in the form that the command line accepts.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

/// All patterns of one option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    list: Vec<Pattern>,
    names: HashMap<TargetKind, HashSet<String>>,
    /// The indices of the patterns with a `*` in the name.
    loose: Vec<usize>,
}

impl Patterns {
    /// Returns every pattern, in the order in which they were given.
    pub fn iter(&self) -> std::slice::Iter<'_, Pattern> {
        self.list.iter()
    }

    /// True if there are no patterns.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// True if one of the patterns matches the object. Patterns with a `*` in the name beyond [`MOST_LOOSE`] are
    /// ignored.
    pub fn matches(&self, kind: TargetKind, name: &str) -> bool {
        let loose = self.loose.iter().take(MOST_LOOSE).map(|index| &self.list[*index]);
        self.names.get(&kind).is_some_and(|names| names.contains(name))
            || loose.into_iter().any(|pattern| pattern.matches(kind, name))
    }

    /// Returns these patterns and `more`.
    #[must_use]
    pub fn with(mut self, more: Vec<Pattern>) -> Patterns {
        self.extend(more);
        self
    }

    /// Returns the number of patterns with a `*` in the name.
    pub fn loose(&self) -> usize {
        self.loose.len()
    }
}

impl Extend<Pattern> for Patterns {
    fn extend<I: IntoIterator<Item = Pattern>>(&mut self, patterns: I) {
        for pattern in patterns {
            if pattern.is_loose() {
                self.loose.push(self.list.len());
            } else {
                for kind in pattern.kinds() {
                    self.names.entry(kind).or_default().insert(pattern.name.clone());
                }
            }
            self.list.push(pattern);
        }
    }
}

impl FromIterator<Pattern> for Patterns {
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> Patterns {
        let mut all = Patterns::default();
        all.extend(patterns);
        all
    }
}

impl From<Vec<Pattern>> for Patterns {
    fn from(patterns: Vec<Pattern>) -> Patterns {
        patterns.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_together_mean_what_each_of_them_means() {
        let texts = ["ConfigMap/web", "*/db", "Secret/tls-*", "*/*-ca"];
        let list: Vec<Pattern> = texts.iter().map(|text| Pattern::parse(text).unwrap()).collect();
        let all = Patterns::from(list.clone());
        for kind in KINDS {
            for name in ["web", "db", "tls-", "tls-a", "tls", "x-ca", "web-a", ""] {
                let one = list.iter().any(|pattern| pattern.matches(kind, name));
                assert_eq!(all.matches(kind, name), one, "{kind:?}/{name}");
            }
        }
        assert_eq!(all.loose(), 2);
        assert!(Pattern::parse(&format!("Secret/{}", "*".repeat(LONGEST))).is_err());
    }

    #[test]
    fn a_pattern_that_can_match_nothing_is_refused() {
        for text in [
            "ConfigMap/",
            "ConfigMap/ web",
            "ConfigMap/web,Secret/web",
            "ConfigMap/web\nSecret/web",
            "ConfigMap/Web",
            "ConfigMap/web-?",
            "ConfigMap/[w]eb",
            "ConfigMap/a/b",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text:?}");
        }
    }
}
