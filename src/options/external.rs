//! What the caller says about references to objects outside the input: whether to list them, and which are known.
//!
//! Must not read files: the program does.

use crate::kube::object::TargetKind;
use crate::rules::glob;
use serde::Deserialize;

/// Bytes in the longest line: two names of 253 characters, a `*` before each of these, and some room.
const LONGEST: usize = 2000;

/// What to do with references that lead out of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum External {
    /// Say nothing.
    #[default]
    #[serde(skip)]
    Silent,
    /// A note for each object.
    List,
    /// A warning for each object.
    Warn,
    /// Refuse the input.
    Error,
}

/// An object outside the input that is known to exist: `KIND/NAME` or `NAMESPACE/KIND/NAME`, `*` for any characters.
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
    /// Reads a list of known objects: one on each line, blank lines and comments after `#` left out. The kind may be
    /// written as `kubectl get -o name` writes it (`configmap/web`, `secret/web`).
    ///
    /// # Errors
    /// The first line that is none, 1-based, and what was expected.
    pub fn read(text: &str) -> Result<Vec<Known>, (usize, String)> {
        let lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
        let named = lines.map(|(number, line)| (number, line.split('#').next().unwrap_or_default().trim()));
        let wrong = |number| (number, EXPECTED.to_owned());
        named
            .filter(|(_, line)| !line.is_empty())
            .map(|(number, line)| Known::parse(line).ok_or_else(|| wrong(number)))
            .collect()
    }

    /// Its kind.
    pub fn kind(&self) -> TargetKind {
        self.kind
    }

    /// Its namespace; `None` for any.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Its name.
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

    /// True for an object that this one means. A namespace that is absent on either side may be any.
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
