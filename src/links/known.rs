//! Known objects outside the input, looked up by kind and name.
//!
//! Only entries with a `*` are compared one by one, so their number is limited. Must not read lists.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::TargetKind;
use crate::options::{Known, MOST_LOOSE};
use crate::rules::glob;
use std::collections::{HashMap, HashSet};

/// All known objects.
#[derive(Debug, Default)]
pub(super) struct KnownObjects<'k> {
    /// Names without a `*`. The value is true if the name is known in every namespace.
    named: HashMap<(TargetKind, &'k str), bool>,
    /// The same names, with the namespaces in which they are known.
    within: HashSet<(TargetKind, &'k str, &'k str)>,
    /// The same names, with namespaces that contain a `*`.
    loose_within: HashMap<(TargetKind, &'k str), Vec<&'k str>>,
    /// Entries whose name contains a `*`.
    loose: Vec<&'k Known>,
    /// The number of entries with a `*` in the name or the namespace.
    patterns: usize,
}

impl<'k> KnownObjects<'k> {
    pub(super) fn new(list: &'k [Known]) -> KnownObjects<'k> {
        let mut known = KnownObjects::default();
        for entry in list {
            known.add(entry);
        }
        known
    }

    fn add(&mut self, entry: &'k Known) {
        let (kind, name, namespace) = (entry.kind(), entry.name(), entry.namespace());
        let loose = namespace.filter(|namespace| namespace.contains('*'));
        self.patterns += usize::from(name.contains('*') || loose.is_some());
        if self.patterns > MOST_LOOSE {
            return;
        }
        if name.contains('*') {
            return self.loose.push(entry);
        }
        *self.named.entry((kind, name)).or_default() |= namespace.is_none();
        match (namespace, loose) {
            (_, Some(loose)) => self.loose_within.entry((kind, name)).or_default().push(loose),
            (Some(namespace), None) => drop(self.within.insert((kind, namespace, name))),
            (None, None) => {}
        }
    }

    /// True if the object is known. An absent namespace, on either side, matches any namespace.
    pub(super) fn has(&self, kind: TargetKind, namespace: Option<&str>, name: &str) -> bool {
        let within = |anywhere: &bool| {
            let Some(namespace) = namespace.filter(|_| !anywhere) else { return true };
            let mut loose = self.loose_within.get(&(kind, name)).into_iter().flatten();
            self.within.contains(&(kind, namespace, name)) || loose.any(|loose| glob(loose, namespace))
        };
        self.named.get(&(kind, name)).is_some_and(within)
            || self.loose.iter().any(|known| known.matches(kind, namespace, name))
    }

    /// Returns the finding about too many entries with a `*`, each of which is compared with every reference.
    pub(super) fn too_many(&self) -> Option<Diagnostic> {
        let message = format!(
            "the lists of known objects contain {} or more entries with `*`, but at most {MOST_LOOSE} are supported",
            self.patterns
        );
        (self.patterns > MOST_LOOSE).then(|| {
            Diagnostic::new(Code::InvalidConfiguration, message)
                .help("replace several entries with one shorter pattern, or write names without `*`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_list_knows_what_its_entries_know() {
        let list = Known::read("secret/a\nprod/secret/b\nprod-*/secret/c\nconfigmap/d-*\nx/configmap/e-*\n")
            .unwrap();
        let known = KnownObjects::new(&list);
        for kind in [TargetKind::ConfigMap, TargetKind::Secret] {
            for namespace in [None, Some("prod"), Some("prod-1"), Some("x"), Some("other")] {
                for name in ["a", "b", "c", "d-1", "d", "e-1"] {
                    let one = list.iter().any(|entry| entry.matches(kind, namespace, name));
                    assert_eq!(known.has(kind, namespace, name), one, "{namespace:?} {kind:?} {name}");
                }
            }
        }
        assert!(known.too_many().is_none());
    }

    #[test]
    fn too_many_patterns_are_an_error() {
        let list = Known::read(&"secret/a-*\n".repeat(MOST_LOOSE + 1)).unwrap();
        assert!(KnownObjects::new(&list).too_many().is_some());
    }
}
