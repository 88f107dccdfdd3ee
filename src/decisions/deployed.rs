//! The ConfigMaps and Secrets that the release before has, under their plain names and as versions.
//!
//! Contains values only.

use crate::kube::object::TargetKind;
use std::collections::HashMap;

/// What the release before has of the objects of one kind and plain name.
#[derive(Debug, Default)]
struct Entry {
    /// The namespaces in which it has them under the plain name only.
    plain: Vec<Option<Box<str>>>,
    /// The namespaces in which it has them under the plain name for another reason.
    beside: Vec<Option<Box<str>>>,
    /// The names of current versions, with their namespaces.
    versions: Vec<(Option<Box<str>>, Box<str>)>,
}

/// Objects by kind, plain name and namespace. An absent namespace matches any namespace.
#[derive(Debug, Default)]
pub struct Deployed {
    entries: HashMap<TargetKind, HashMap<Box<str>, Entry>>,
}

impl Deployed {
    /// Adds an object that has its plain name only, so that pods use that name.
    pub fn add(&mut self, kind: TargetKind, name: &str, namespace: Option<&str>) {
        self.entry(kind, name).plain.push(namespace.map(Into::into));
    }

    /// Adds an object with its plain name that is no reason to keep this name.
    pub fn add_beside(&mut self, kind: TargetKind, name: &str, namespace: Option<&str>) {
        self.entry(kind, name).beside.push(namespace.map(Into::into));
    }

    /// Adds the current version of the object with this plain name.
    pub fn add_version(&mut self, kind: TargetKind, name: &str, namespace: Option<&str>, version: &str) {
        self.entry(kind, name).versions.push((namespace.map(Into::into), version.into()));
    }

    /// True if the release before has the object under its plain name only.
    pub fn has(&self, kind: TargetKind, name: &str, namespace: Option<&str>) -> bool {
        let Some(entry) = self.get(kind, name) else { return false };
        entry.plain.iter().any(|home| is_same(home.as_deref(), namespace))
    }

    /// Returns the current versions of an object; none if the release before also has the plain name.
    pub fn versions(&self, kind: TargetKind, name: &str, namespace: Option<&str>) -> Vec<&str> {
        let Some(entry) = self.get(kind, name) else { return Vec::new() };
        let mut plain = entry.plain.iter().chain(&entry.beside);
        if plain.any(|home| is_same(home.as_deref(), namespace)) {
            return Vec::new();
        }
        let here = entry.versions.iter().filter(|(home, _)| is_same(home.as_deref(), namespace));
        here.map(|(_, version)| version.as_ref()).collect()
    }

    fn entry(&mut self, kind: TargetKind, name: &str) -> &mut Entry {
        self.entries.entry(kind).or_default().entry(name.into()).or_default()
    }

    fn get(&self, kind: TargetKind, name: &str) -> Option<&Entry> {
        self.entries.get(&kind)?.get(name)
    }
}

fn is_same(home: Option<&str>, namespace: Option<&str>) -> bool {
    home.zip(namespace).is_none_or(|(home, namespace)| home == namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_namespace_matches_any() {
        let mut deployed = Deployed::default();
        deployed.add(TargetKind::Secret, "db", Some("prod"));
        deployed.add(TargetKind::Secret, "web", None);
        let has = |name, namespace| deployed.has(TargetKind::Secret, name, namespace);
        assert!(has("db", None) && has("db", Some("prod")) && !has("db", Some("test")));
        assert!(has("web", Some("prod")) && !deployed.has(TargetKind::ConfigMap, "web", None));
    }

    #[test]
    fn a_plain_name_hides_the_versions() {
        let mut deployed = Deployed::default();
        deployed.add_version(TargetKind::Secret, "db", Some("prod"), "db-4h2mbtbbt6");
        let versions = |deployed: &Deployed| deployed.versions(TargetKind::Secret, "db", Some("prod")).len();
        assert_eq!(versions(&deployed), 1);
        deployed.add_beside(TargetKind::Secret, "db", Some("test"));
        assert_eq!(versions(&deployed), 1);
        deployed.add_beside(TargetKind::Secret, "db", Some("prod"));
        assert_eq!(versions(&deployed), 0);
    }
}
