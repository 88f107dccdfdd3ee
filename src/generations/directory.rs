//! A map from kind, name and namespace to values. An absent namespace matches any namespace.

use crate::kube::object::TargetKind;
use indexmap::IndexMap;
use std::collections::HashMap;

/// A name of a ConfigMap or Secret in the new output.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) kind: TargetKind,
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    /// True if the name ends in the hash of the object's content.
    pub(super) version: bool,
}

/// A map from kind, name and namespace to values.
#[derive(Debug)]
pub(super) struct Directory<'a, V> {
    /// Values by kind and name, then by namespace. An absent namespace is an empty string.
    named: HashMap<(&'a str, &'a str), IndexMap<&'a str, V>>,
}

impl<V> Default for Directory<'_, V> {
    fn default() -> Self {
        Directory { named: HashMap::new() }
    }
}

impl<'a, V> Directory<'a, V> {
    /// Returns the value for this namespace, or the one without a namespace. Without a namespace, returns the first
    /// value.
    pub(super) fn get(&self, kind: &'a str, name: &'a str, namespace: Option<&str>) -> Option<&V> {
        let homes = self.named.get(&(kind, name))?;
        match namespace {
            Some(namespace) => homes.get(namespace).or_else(|| homes.get("")),
            None => homes.values().next(),
        }
    }

    /// Adds a value. An existing value for exactly this namespace stays.
    pub(super) fn add(&mut self, kind: &'a str, name: &'a str, namespace: Option<&'a str>, value: V) {
        self.named.entry((kind, name)).or_default().entry(namespace.unwrap_or_default()).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_namespace_matches_any() {
        let mut directory = Directory::default();
        directory.add("ConfigMap", "web", Some("prod"), 1);
        assert_eq!(directory.get("ConfigMap", "web", None), Some(&1));
        assert_eq!(directory.get("ConfigMap", "web", Some("prod")), Some(&1));
        assert_eq!(directory.get("ConfigMap", "web", Some("test")), None);
        assert_eq!(directory.get("Secret", "web", None), None);
        directory.add("ConfigMap", "web", None, 2);
        assert_eq!(directory.get("ConfigMap", "web", Some("test")), Some(&2));
    }
}
