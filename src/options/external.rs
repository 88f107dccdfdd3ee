//! The caller's choices about references to objects outside the input: how to report them, and which objects are known.
//!
//! Must not read files: the program does.

use crate::kube::object::TargetKind;
use crate::rules::glob;
use serde::Deserialize;

/// The maximum length of a line in bytes: enough for two names of 253 characters with a `*` before each character.
const LONGEST: usize = 2000;

/// How to report references to objects outside the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum External {
    /// Report nothing.
    #[default]
    #[serde(skip)]
    Silent,
    /// Report a note for each object.
    List,
    /// Report a warning for each object.
    Warn,
    /// Refuse the input.
    Error,
}

/// An object outside the input that is known to exist: `KIND/NAME` or `NAMESPACE/KIND/NAME`, with `*` for any
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Known {
    namespace: Option<String>,
    kind: TargetKind,
    name: String,
}

const EXPECTED: &str = "expected `KIND/NAME` or `NAMESPACE/KIND/NAME`, such as `Secret/regcred`";

impl TryFrom<String> for Known {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Known, &'static str> {
        Known::parse(&text).ok_or(EXPECTED)
    }
}

impl Known {
    /// Parses a list of known objects, one per line. Blank lines and comments after `#` are skipped. The kind may be in
    /// the form that `kubectl get -o name` writes (`configmap/web`, `secret/web`).
    ///
    /// # Errors
    /// The 1-based number of the first invalid line, and what was expected.
    pub fn read(text: &str) -> Result<Vec<Known>, (usize, String)> {
        let lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
        let named = lines.map(|(number, line)| (number, line.split('#').next().unwrap_or_default().trim()));
        let wrong = |number| (number, EXPECTED.to_owned());
        named
            .filter(|(_, line)| !line.is_empty())
            .map(|(number, line)| Known::parse(line).ok_or_else(|| wrong(number)))
            .collect()
    }

    /// Returns the kind.
    pub fn kind(&self) -> TargetKind {
        self.kind
    }

    /// Returns the namespace; `None` for any.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn parse(line: &str) -> Option<Known> {
        let parts: Vec<&str> = line.split('/').collect();
        let (namespace, kind, name) = match parts[..] {
            [kind, name] => (None, kind, name),
            [namespace, kind, name] => (Some(namespace.to_owned()), kind, name),
            _ => return None,
        };
        let kind = [TargetKind::ConfigMap, TargetKind::Secret]
            .into_iter()
            .find(|known| kind.strip_suffix('s').unwrap_or(kind).eq_ignore_ascii_case(known.as_str()))?;
        let is_name = !name.is_empty() && line.len() <= LONGEST;
        is_name.then(|| Known { namespace, kind, name: name.to_owned() })
    }

    /// True if this entry matches the object. An absent namespace, on either side, matches any namespace.
    pub fn matches(&self, kind: TargetKind, namespace: Option<&str>, name: &str) -> bool {
        let same_namespace = match (&self.namespace, namespace) {
            (Some(known), Some(namespace)) => glob(known, namespace),
            _ => true,
        };
        self.kind == kind && same_namespace && glob(&self.name, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_kubectl_writes_it_and_as_people_do() {
        let known = Known::read("# made elsewhere\nsecret/regcred\n\nprod/ConfigMap/web-*  # all\n").unwrap();
        let is_known = |kind, namespace, name| known.iter().any(|known| known.matches(kind, namespace, name));
        assert!(is_known(TargetKind::Secret, Some("any"), "regcred"));
        assert!(is_known(TargetKind::ConfigMap, Some("prod"), "web-config"));
        assert!(!is_known(TargetKind::ConfigMap, Some("test"), "web-config"));
        assert!(!is_known(TargetKind::ConfigMap, None, "regcred"));
        assert_eq!(Known::read("a\nSecret/b\n").map_err(|(line, _)| line), Err(1));
        assert_eq!(Known::read("Secret/b\npod/c\n").map_err(|(line, _)| line), Err(2));
    }
}
