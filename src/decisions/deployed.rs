//! The ConfigMaps and Secrets that the release before has, under their plain names and as versions, and which of them only a
//! reader outside it can use.
//!
//! Contains values only.

use crate::kube::job::JobKind;
use crate::kube::object::TargetKind;
use crate::kube::suffix::looks_like_suffix;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// The namespaces of the objects of one kind and name.
type Homes = HashSet<Option<Box<str>>>;

/// Objects by kind, name and namespace. An absent namespace matches any namespace.
#[derive(Debug, Default)]
pub struct Names {
    homes: HashMap<TargetKind, HashMap<Box<str>, Homes>>,
}

impl Names {
    /// Adds an object.
    pub fn add(&mut self, kind: TargetKind, name: &str, namespace: Option<&str>) {
        let homes = self.homes.entry(kind).or_default().entry(name.into()).or_default();
        homes.insert(namespace.map(Into::into));
    }

    /// True if the object is among these.
    pub fn has(&self, kind: TargetKind, name: &str, namespace: Option<&str>) -> bool {
        let Some(homes) = self.homes.get(&kind).and_then(|names| names.get(name)) else { return false };
        namespace.is_none_or(|namespace| homes.contains(&Some(namespace.into())) || homes.contains(&None))
    }
}

/// A namespace and the name of a version in it.
type Version = (Option<Box<str>>, Box<str>);

/// The objects of the release before.
#[derive(Default)]
pub struct Deployed<'a> {
    /// Those that it has under their plain names only.
    pub plain: Names,
    /// The originals next to versions.
    pub originals: Names,
    /// The originals that something outside the input may read, according to their annotation.
    pub outside: Names,
    /// The hooks.
    pub hooks: Names,
    /// The current versions, by kind and plain name.
    versions: HashMap<TargetKind, HashMap<Box<str>, Vec<Version>>>,
    /// The Jobs and bare Pods.
    jobs: HashMap<JobKind, Jobs>,
    uses: Uses<'a>,
}

/// The Jobs or bare Pods of the release before.
#[derive(Debug, Default)]
struct Jobs {
    /// Their names, with their namespaces.
    names: HashSet<(Option<Box<str>>, Box<str>)>,
    /// Those whose names look like names with a suffix, by the name without it.
    versions: HashMap<Box<str>, Vec<Version>>,
}

impl<'a> Deployed<'a> {
    /// Returns a release before without any objects. `search` finds what its objects refer to; it returns `None` if the
    /// release contains nothing that could refer to an object. It is called only when a decision depends on it.
    pub fn new(search: impl Fn() -> Option<Names> + 'a) -> Deployed<'a> {
        let uses = Uses { found: OnceCell::new(), search: Some(Box::new(search)) };
        Deployed { uses, ..Deployed::default() }
    }

    /// Adds the current version of the object with this plain name.
    pub fn add_version(&mut self, kind: TargetKind, name: &str, namespace: Option<&str>, version: &str) {
        let versions = self.versions.entry(kind).or_default().entry(name.into()).or_default();
        versions.push((namespace.map(Into::into), version.into()));
    }

    /// Adds a Job or bare Pod.
    pub fn add_job(&mut self, kind: JobKind, name: &str, namespace: Option<&str>) {
        let (jobs, home) = (self.jobs.entry(kind).or_default(), namespace.map(Box::from));
        if let Some((base, _)) = name.rsplit_once('-').filter(|(_, tail)| looks_like_suffix(tail)) {
            jobs.versions.entry(base.into()).or_default().push((home.clone(), name.into()));
        }
        jobs.names.insert((home, name.into()));
    }

    /// True if the release before has a ConfigMap or Secret as a version.
    pub fn has_versions(&self) -> bool {
        !self.versions.is_empty()
    }

    /// Returns the name with a suffix that a Job or bare Pod has in the release before; `None` if it has the plain name.
    pub fn job(&self, kind: JobKind, name: &str, namespace: Option<&str>) -> Option<&str> {
        let jobs = self.jobs.get(&kind)?;
        let has = |home: Option<Box<str>>| jobs.names.contains(&(home, name.into()));
        if has(namespace.map(Box::from)) || has(None) {
            return None;
        }
        let versions = jobs.versions.get(name)?;
        let here = versions.iter().find(|(home, _)| is_same(home.as_deref(), namespace));
        here.map(|(_, version)| version.as_ref())
    }

    /// Returns the current versions of an object; none if the release before also has the plain name.
    pub fn versions(&self, kind: TargetKind, name: &str, namespace: Option<&str>) -> Vec<&str> {
        let mut plain = [&self.plain, &self.originals, &self.outside, &self.hooks].into_iter();
        let Some(versions) = self.versions.get(&kind).and_then(|names| names.get(name)) else {
            return Vec::new();
        };
        if plain.any(|names| names.has(kind, name, namespace)) {
            return Vec::new();
        }
        let here = versions.iter().filter(|(home, _)| is_same(home.as_deref(), namespace));
        here.map(|(_, version)| version.as_ref()).collect()
    }

    /// Returns what is known about one object.
    pub fn before(&'a self, kind: TargetKind, name: &'a str, namespace: Option<&'a str>) -> Before<'a> {
        Before { deployed: self, kind, name, namespace }
    }
}

impl fmt::Debug for Deployed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [&self.plain, &self.originals, &self.outside, &self.hooks];
        f.debug_tuple("Deployed").field(&names).field(&self.versions).finish()
    }
}

fn is_same(home: Option<&str>, namespace: Option<&str>) -> bool {
    home.zip(namespace).is_none_or(|(home, namespace)| home == namespace)
}

/// What the objects of the release before refer to.
#[derive(Default)]
struct Uses<'a> {
    found: OnceCell<Option<Names>>,
    search: Option<Box<dyn Fn() -> Option<Names> + 'a>>,
}

impl Uses<'_> {
    fn get(&self) -> Option<&Names> {
        self.found.get_or_init(|| self.search.as_ref().and_then(|search| search())).as_ref()
    }
}

/// What the release before has of one object.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    deployed: &'a Deployed<'a>,
    kind: TargetKind,
    name: &'a str,
    namespace: Option<&'a str>,
}

impl Before<'_> {
    /// True if it has the object under its plain name only.
    pub fn is_plain(&self) -> bool {
        self.is_in(&self.deployed.plain)
    }

    /// True if it says of the original that something outside may read it.
    pub fn is_marked(&self) -> bool {
        self.is_in(&self.deployed.outside)
    }

    /// True if it has the object under its plain name, and only something outside can use that: nothing in it refers to the
    /// object, or an earlier release found that out.
    pub fn is_for_outside(&self) -> bool {
        let there = || self.is_plain() || self.is_in(&self.deployed.originals);
        let unused = || self.deployed.uses.get().is_some_and(|used| !self.is_in(used));
        self.is_marked() || (there() && unused())
    }

    fn is_in(&self, names: &Names) -> bool {
        names.has(self.kind, self.name, self.namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_namespace_matches_any() {
        let mut names = Names::default();
        names.add(TargetKind::Secret, "db", Some("prod"));
        names.add(TargetKind::Secret, "web", None);
        let has = |name, namespace| names.has(TargetKind::Secret, name, namespace);
        assert!(has("db", None) && has("db", Some("prod")) && !has("db", Some("test")));
        assert!(has("web", Some("prod")) && !names.has(TargetKind::ConfigMap, "web", None));
    }

    #[test]
    fn uses_are_searched_only_where_a_plain_name_exists() {
        let searched = OnceCell::new();
        let mut deployed = Deployed::new(|| {
            searched.set(()).ok();
            Some(Names::default())
        });
        assert!(!deployed.before(TargetKind::Secret, "db", None).is_for_outside());
        assert_eq!(searched.get(), None);
        deployed.originals.add(TargetKind::Secret, "db", None);
        assert!(deployed.before(TargetKind::Secret, "db", None).is_for_outside());
    }

    #[test]
    fn a_plain_name_hides_the_versions() {
        let mut deployed = Deployed::default();
        deployed.add_version(TargetKind::Secret, "db", Some("prod"), "db-4h2mbtbbt6");
        let versions =
            |deployed: &Deployed<'_>| deployed.versions(TargetKind::Secret, "db", Some("prod")).len();
        assert_eq!(versions(&deployed), 1);
        deployed.originals.add(TargetKind::Secret, "db", Some("test"));
        assert_eq!(versions(&deployed), 1);
        deployed.originals.add(TargetKind::Secret, "db", Some("prod"));
        assert_eq!(versions(&deployed), 0);
    }
}
