//! Values by kind, name and namespace. A missing namespace matches any namespace.

use crate::kube::object::TargetKind;
use indexmap::IndexMap;
use std::collections::HashMap;

/// A name in the new output.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) kind: TargetKind,
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    /// It carries the hash of the object's content.
    pub(super) version: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Directory<'a, V> {
    /// By kind and name, then by namespace; an absent one is empty.
    named: HashMap<(&'a str, &'a str), IndexMap<&'a str, V>>,
}

impl<V> Default for Directory<'_, V> {
    fn default() -> Self {
        Directory { named: HashMap::new() }
    }
}

impl<'a, V> Directory<'a, V> {
    /// What is there in this namespace, or in one that cannot be told from it.
    pub(super) fn get(&self, kind: &'a str, name: &'a str, namespace: Option<&str>) -> Option<&V> {
        let homes = self.named.get(&(kind, name))?;
        match namespace {
            Some(namespace) => homes.get(namespace).or_else(|| homes.get("")),
            None => homes.values().next(),
        }
    }

    /// Puts something in; what is there already in just this namespace stays.
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
