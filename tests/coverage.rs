//! Measures how many references of public custom resources are rewritten, with `data/custom-paths.tsv`.
//!
//! Each row becomes an object with a name at the given path and the other required fields of its schema, and a
//! ConfigMap or Secret with that name. All go through the library as one stream. Thresholds: at least 97 % of the
//! fields that a controller reads get the new name, and no field that a controller writes or that is not a reference.
//!
//! `cargo test --test coverage -- --nocapture` prints the figures and the missed fields. docs/coverage.md shows them by
//! group; `UPDATE=1` writes that table again.

#![allow(clippy::print_stdout, reason = "the figures are what the test is for")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod instances;
mod library;
mod pages;
mod places;

use immutably::rules::{Rules, read_path};
use instances::{ELSEWHERE, HERE, Instance};
use places::steps;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = include_str!("data/custom-paths.tsv");
const LEAST_PER_CENT: usize = 97;

#[test]
fn what_is_read_is_rewritten_and_what_is_written_is_not() {
    let cases = cases();
    let renamed = renamed(&cases);
    let of = |way: Way| cases.iter().zip(&renamed).filter(move |(case, _)| case.place.way == way);
    let missed: Vec<String> = of(Way::Read).filter(|(_, new)| !**new).map(|(case, _)| case.show()).collect();
    let read = of(Way::Read).count();
    println!("Read: {} of {read} rewritten; these are not:\n{}", read - missed.len(), missed.join("\n"));
    for way in [Way::Written, Way::Trap] {
        let wrong: Vec<String> = of(way).filter(|(_, new)| **new).map(|(case, _)| case.show()).collect();
        println!("{way:?}: {} of {} rewritten", wrong.len(), of(way).count());
        assert!(wrong.is_empty(), "{way:?}, but rewritten:\n{}", wrong.join("\n"));
    }
    assert!((read - missed.len()) * 100 >= read * LEAST_PER_CENT, "{} of {read} are missed", missed.len());
}

#[test]
fn the_page_shows_what_is_covered_and_how() {
    let rules = Rules::new(&[]);
    let cases = cases();
    let mut groups: BTreeMap<&str, Group<'_>> = BTreeMap::new();
    for (case, renamed) in cases.iter().zip(renamed(&cases)) {
        let group = groups.entry(case.place.group).or_default();
        group.kinds.insert(case.place.kind);
        match (case.place.way, renamed) {
            (Way::Read, true) if case.place.has_row(&rules) => group.catalogue += 1,
            (Way::Read, true) => group.shape += 1,
            (Way::Read, false) => group.missed += 1,
            (Way::Written | Way::Trap, _) => group.kept += 1,
        }
    }
    let mut all = Group::default();
    groups.values().for_each(|group| all.add(group));
    let kinds: usize = groups.values().map(|group| group.kinds.len()).sum();
    let mut table =
        "| group | kinds | by shape | by the catalogue | not covered | not to be touched |\n".to_owned();
    table.push_str("|---|---|---|---|---|---|\n");
    table.push_str(&format!("| **{} groups** | {kinds} kinds | {} |\n", groups.len(), all.figures()));
    for (name, group) in &groups {
        let kinds = group.kinds.iter().copied().collect::<Vec<_>>().join(", ");
        table.push_str(&format!("| `{name}` | {kinds} | {} |\n", group.figures()));
    }
    pages::keep_table("coverage.md", "coverage", &table);
}

/// The counts for one API group.
#[derive(Default)]
struct Group<'t> {
    kinds: BTreeSet<&'t str>,
    shape: usize,
    catalogue: usize,
    missed: usize,
    kept: usize,
}

impl Group<'_> {
    fn add(&mut self, other: &Group<'_>) {
        self.shape += other.shape;
        self.catalogue += other.catalogue;
        self.missed += other.missed;
        self.kept += other.kept;
    }

    fn figures(&self) -> String {
        let figures = [self.shape, self.catalogue, self.missed, self.kept];
        figures.map(|figure| if figure == 0 { String::new() } else { figure.to_string() }).join(" | ")
    }
}

/// What a controller does with the object of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Read,
    Written,
    Trap,
}

/// A row of the table.
#[derive(Clone, Debug)]
struct Place {
    group: &'static str,
    kind: &'static str,
    path: String,
    names: &'static [&'static str],
    way: Way,
    tell: &'static str,
    namespace: &'static str,
}

/// A row with one of the kinds that it can name.
#[derive(Clone, Debug)]
struct Case {
    place: Place,
    names: &'static str,
    name: String,
}

fn cases() -> Vec<Case> {
    let each =
        places().into_iter().flat_map(|place| place.names.iter().map(move |names| (place.clone(), *names)));
    let case = |(number, (place, names))| Case { place, names, name: format!("wanted-{number}x") };
    each.enumerate().map(case).collect()
}

fn places() -> Vec<Place> {
    let (mut found, mut group, mut kinds, mut path) = (Vec::new(), "", "", String::new());
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (shared, rest) = (columns.next().unwrap_or_default(), columns.next());
        let Some(rest) = rest else {
            (group, kinds) = line.split_once('/').expect("group/Kind");
            path.clear();
            continue;
        };
        path.truncate(if shared.is_empty() { 0 } else { shared.parse().expect("how much is shared") });
        path.push_str(rest);
        let words = columns.next().unwrap_or_default();
        found.extend(kinds.split('|').map(|kind| place(group, kind, &path, words)));
    }
    found
}

fn place(group: &'static str, kind: &'static str, path: &str, words: &'static str) -> Place {
    let (names, way) = (&["Secret"][..], Way::Read);
    let mut place = Place { group, kind, path: path.to_owned(), names, way, tell: "", namespace: "" };
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "ConfigMap" => place.names = &["ConfigMap"],
            "either" => place.names = &["ConfigMap", "Secret"],
            "writes" => place.way = Way::Written,
            "trap" => place.way = Way::Trap,
            _ => match (word.strip_prefix('+'), word.strip_prefix('@')) {
                (Some(tell), _) => place.tell = tell,
                (_, Some(namespace)) => place.namespace = namespace,
                _ => panic!("{word} says nothing"),
            },
        }
    }
    place
}

impl Place {
    /// True if a row of a rules table matches the path.
    fn has_row(&self, rules: &Rules) -> bool {
        use immutably::rules::{Key, Step};
        let paths = rules.paths(self.group, self.kind);
        let path = read_path(&self.path).expect("the path is well-formed");
        let end = path.iter().fold(paths.start(), |state, step| match step {
            Step::Key(key) => state.and_then(|state| paths.key(state, Key::of(key), || key.as_bytes())),
            Step::Value => state.and_then(|state| paths.key(state, Key::of("entry"), || b"entry")),
            Step::Item => state.map(|state| paths.item(state)),
        });
        end.is_some_and(|end| !paths.leaves(end).is_empty())
    }
}

/// Returns for each case whether the field has the new name.
fn renamed(cases: &[Case]) -> Vec<bool> {
    let instances: Vec<Instance> = cases.iter().map(Case::instance).collect();
    let both = cases.iter().zip(instances::names_after(&instances));
    both.map(|(case, found)| {
        assert_ne!(found.target, case.name, "{} is versioned", case.show());
        found.place == found.target
    })
    .collect()
}

impl Case {
    fn instance(&self) -> Instance {
        let fixed = self.place.namespace.strip_prefix('=');
        let namespace = fixed.unwrap_or(if self.place.namespace.is_empty() { HERE } else { ELSEWHERE });
        let target = instances::target(self.names, &self.name, namespace, true);
        Instance { object: self.object(fixed.is_none()), place: steps(&self.place.path), target }
    }

    /// Returns an object with the name in the field.
    fn object(&self, namespaced: bool) -> Value {
        let Place { group, kind, path, tell, namespace, .. } = &self.place;
        let place = steps(path);
        let mut object =
            json!({ "apiVersion": format!("{group}/v1"), "kind": kind, "metadata": { "name": "user" } });
        *places::at(&mut object, &place) = json!(self.name);
        if namespaced {
            *places::at(&mut object, &steps("metadata.namespace")) = json!(HERE);
        }
        let mut put =
            |field: &str, value| *places::at(&mut object, &instances::beside(&place, field)) = value;
        match *tell {
            "" => {}
            "key" => put("key", json!("key")),
            "kinds" => put("kinds", json!([self.names])),
            tell => put(tell, json!(self.names)),
        }
        if namespaced && !namespace.is_empty() {
            put(namespace, json!(ELSEWHERE));
        }
        object
    }

    fn show(&self) -> String {
        let Place { group, kind, path, namespace, .. } = &self.place;
        format!("{group}/{kind}\t{path}\t{}\t{namespace}", self.names)
    }
}
