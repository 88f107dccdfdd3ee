//! The ConfigMaps and Secrets that the release before has under their plain names only, so that its pods use those names.
//!
//! Contains values only.

use crate::kube::object::TargetKind;
use std::collections::{HashMap, HashSet};

/// The namespaces of the objects of one kind and name.
type Homes = HashSet<Option<Box<str>>>;

/// Objects by kind, name and namespace. An absent namespace matches any namespace.
#[derive(Debug, Default)]
pub struct Deployed {
    homes: HashMap<TargetKind, HashMap<Box<str>, Homes>>,
}

impl Deployed {
    /// Adds an object.
    pub fn add(&mut self, kind: TargetKind, name: &str, namespace: Option<&str>) {
        let homes = self.homes.entry(kind).or_default().entry(name.into()).or_default();
        homes.insert(namespace.map(Into::into));
    }

    /// True if the release before has the object.
    pub fn has(&self, kind: TargetKind, name: &str, namespace: Option<&str>) -> bool {
        let Some(homes) = self.homes.get(&kind).and_then(|names| names.get(name)) else { return false };
        namespace.is_none_or(|namespace| homes.contains(&Some(namespace.into())) || homes.contains(&None))
    }
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
}
