//! The table of lifetimes: when a reference is read, and whether it can change once it is in the cluster.
//!
//! Contains facts about kinds and fields. Must not look at objects: a condition on an object is data that the survey
//! checks.

use super::conditions::{self, fields};
pub use super::conditions::{Fields, Otherwise, When};
use super::exclusions::glob;
use super::lines;
use std::sync::LazyLock;

/// When a reference is read, and what happens when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifetime {
    /// The reader gets the new name, as from a pod template that rolls out.
    Rolls,
    /// It is read before the objects of its own release are created.
    Early,
    /// A change to it is refused, ignored or disruptive.
    Fixed(Change),
    /// The name is copied to a place where nothing rewrites it.
    Copied,
    /// The name is only listed: a new name rolls nothing.
    Listed,
    /// The reference grants access by name.
    Grant,
    /// Old names stay in use for longer than a rollout.
    Slow,
    /// The name becomes a path, which files that are not searched refer to.
    Path,
    /// Another object is found by a name that is derived from this one.
    Companion,
    /// The resource acts in a namespace other than its own.
    Elsewhere,
}

/// What happens to a change of a fixed reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// The API server or a webhook refuses it.
    Refused,
    /// It is accepted but has no effect.
    Ignored,
    /// Running work is stopped and started again.
    Reruns,
}

impl Lifetime {
    /// Returns the word for tables and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Lifetime::Rolls => "rolls",
            Lifetime::Early => "early",
            Lifetime::Fixed(Change::Refused) => "refused",
            Lifetime::Fixed(Change::Ignored) => "ignored",
            Lifetime::Fixed(Change::Reruns) => "reruns",
            Lifetime::Copied => "copied",
            Lifetime::Listed => "listed",
            Lifetime::Grant => "grant",
            Lifetime::Slow => "slow",
            Lifetime::Path => "path",
            Lifetime::Companion => "companion",
            Lifetime::Elsewhere => "elsewhere",
        }
    }

    /// True if the object has to keep its name, because the reader would not get a new one.
    pub fn keeps_name(self) -> bool {
        matches!(self, Lifetime::Fixed(_) | Lifetime::Copied | Lifetime::Path | Lifetime::Companion)
    }

    fn read(word: &str) -> Option<Lifetime> {
        Some(match word {
            "early" => Lifetime::Early,
            "refused" => Lifetime::Fixed(Change::Refused),
            "ignored" => Lifetime::Fixed(Change::Ignored),
            "reruns" => Lifetime::Fixed(Change::Reruns),
            "copied" => Lifetime::Copied,
            "listed" => Lifetime::Listed,
            "grant" => Lifetime::Grant,
            "slow" => Lifetime::Slow,
            "path" => Lifetime::Path,
            "companion" => Lifetime::Companion,
            "elsewhere" => Lifetime::Elsewhere,
            _ => return None,
        })
    }
}

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub struct Fact {
    /// The lifetime of references at or below the path.
    pub lifetime: Lifetime,
    /// The text that is appended to a name to form the name of its companion.
    pub ending: &'static str,
    /// `group/Kind`. In either part, `*` matches any characters and `|` separates alternatives.
    pub object: &'static str,
    /// The path as written in the table.
    pub path: &'static str,
    /// The condition.
    pub when: When,
    /// The condition as written in the table.
    pub condition: &'static str,
    /// The reason that a finding states. Completes the text "left alone: ".
    pub note: &'static str,
    /// The source of the fact.
    pub source: &'static str,
}

const TABLE: &str = include_str!("lifetimes.tsv");
/// The index of the column with the groups and kinds.
const OBJECT: usize = 1;

static BUILTIN: LazyLock<Vec<Fact>> = LazyLock::new(|| read(TABLE).unwrap_or_default());
/// The object column of a row about every kind.
const EVERY: &str = "*/*";
/// The group and kind of every row except those about every kind. Each kind of the input is looked up here; to scan the
/// table as text instead took 130,000 instructions.
static LATE: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = lines::rows(TABLE).filter(|row| lines::column(row, OBJECT) != EVERY);
    let mut late: Vec<_> = rows.flat_map(|row| groups_and_kinds(lines::column(row, OBJECT))).collect();
    late.dedup();
    late
});

/// What holds for a list of plain names under `secrets` or `configMaps` of a custom resource that the table does not list.
pub static MOUNTED: Fact = Fact {
    lifetime: Lifetime::Path,
    ending: "",
    object: EVERY,
    path: "secrets",
    when: When::Always,
    condition: "",
    note: "an operator mounts what such a list names, usually at a path made of the name, and a new name would be a new path",
    source: "the operators of Prometheus, Grafana Agent, Fluent Bit, WildFly and VerneMQ",
};

/// The rows about objects that the deployer creates once, or never, each with its annotation or label.
static UNCHANGED: LazyLock<Vec<(&'static str, &'static Fact)>> = LazyLock::new(|| {
    let rows = facts().iter().filter(|fact| fact.object == EVERY && fact.lifetime != Lifetime::Early);
    rows.filter_map(|fact| Some((*fields(fact.path).last()?, fact))).collect()
});

/// A bit for the length of each of these annotations and labels. It rules out most of those that objects have.
static LENGTHS: LazyLock<u64> =
    LazyLock::new(|| UNCHANGED.iter().fold(0, |all, (key, _)| all | 1 << (key.len() % 64)));

/// Returns every row, in the order of the table.
pub fn facts() -> &'static [Fact] {
    &BUILTIN
}

/// Returns the row about hooks that run early with this annotation and value.
pub fn early(annotation: &str, value: &str) -> Option<&'static Fact> {
    let key = |fact: &Fact| fields(fact.path).last() == Some(&annotation);
    facts()
        .iter()
        .take_while(|fact| fact.lifetime == Lifetime::Early)
        // Helm reads its events in any case.
        .find(|fact| fact.condition.eq_ignore_ascii_case(value) && key(fact))
}

/// Returns the row about objects that the deployer creates once, or never, with this annotation or label and value.
pub fn unchanged<'t>(key: &str, value: impl FnOnce() -> &'t str) -> Option<&'static Fact> {
    if *LENGTHS & 1 << (key.len() % 64) == 0 {
        return None;
    }
    let mut rows = UNCHANGED.iter().filter(|(known, _)| *known == key).peekable();
    rows.peek()?;
    let value = value();
    let holds = |fact: &Fact| fact.condition.is_empty() || fact.condition.eq_ignore_ascii_case(value);
    rows.map(|(_, fact)| *fact).find(|fact| holds(fact))
}

/// A position in a [`Timetable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop(u16);

/// The rows about one kind of object, as a tree of fields that is followed during a walk over an object.
#[derive(Debug)]
pub struct Timetable {
    branches: Vec<Branch>,
}

#[derive(Debug, Default)]
struct Branch {
    next: Vec<(&'static str, Stop)>,
    facts: Vec<&'static Fact>,
}

impl Timetable {
    /// Returns the rows about a kind; `None` for most kinds, which have no rows.
    pub fn of(group: &str, kind: &str) -> Option<Timetable> {
        if !LATE.iter().any(|known| is_about(*known, group, kind)) {
            return None;
        }
        let mut table = Timetable { branches: vec![Branch::default()] };
        let about = |fact: &&'static Fact| fact.object != EVERY && fact.is_about(group, kind);
        facts().iter().filter(about).for_each(|fact| table.add(fact));
        (table.branches.len() > 1).then_some(table)
    }

    /// Returns the position of the object's root mapping.
    pub fn start(&self) -> Stop {
        Stop(0)
    }

    /// Returns the position below a field. An exact name takes precedence over one with a `*`.
    pub fn field(&self, stop: Stop, field: &str) -> Option<Stop> {
        let next = &self.branches[usize::from(stop.0)].next;
        let spelled = next.iter().find(|(name, _)| *name == field);
        spelled.or_else(|| next.iter().find(|(name, _)| glob(name, field))).map(|(_, stop)| *stop)
    }

    /// Returns every row about the kind.
    pub fn all(&self) -> impl Iterator<Item = &'static Fact> + '_ {
        self.branches.iter().flat_map(|branch| branch.facts.iter().copied())
    }

    /// Returns the rows for this position; they apply to everything below it too.
    pub fn facts(&self, stop: Stop) -> &[&'static Fact] {
        &self.branches[usize::from(stop.0)].facts
    }

    fn add(&mut self, fact: &'static Fact) {
        let mut at = Stop(0);
        for field in fields(fact.path) {
            let known = self.branches[usize::from(at.0)].next.iter().find(|(name, _)| *name == field);
            at = match known {
                Some((_, stop)) => *stop,
                None => self.open(at, field),
            };
        }
        self.branches[usize::from(at.0)].facts.push(fact);
    }

    fn open(&mut self, at: Stop, field: &'static str) -> Stop {
        let stop = Stop(u16::try_from(self.branches.len()).unwrap_or(u16::MAX));
        self.branches.push(Branch::default());
        self.branches[usize::from(at.0)].next.push((field, stop));
        stop
    }
}

impl Fact {
    /// Returns the kinds that the row is about, each as `group/Kind`; the core group is empty.
    pub fn objects(&self) -> impl Iterator<Item = String> + '_ {
        groups_and_kinds(self.object)
            .map(|(group, kind)| format!("{}/{kind}", if group == "core" { "" } else { group }))
    }

    /// True if the row is about this kind.
    pub fn is_about(&self, group: &str, kind: &str) -> bool {
        groups_and_kinds(self.object).any(|known| is_about(known, group, kind))
    }
}

/// Returns each group and kind in the object column of a row.
fn groups_and_kinds(object: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (groups, kinds) = object.split_once('/').unwrap_or((object, ""));
    groups.split('|').flat_map(move |group| kinds.split('|').map(move |kind| (group, kind)))
}

fn is_about((known_group, known_kind): (&str, &str), group: &str, kind: &str) -> bool {
    let group = if group.is_empty() { "core" } else { group };
    glob(known_group, group) && glob(known_kind, kind)
}

fn read(table: &'static str) -> Result<Vec<Fact>, String> {
    lines::rows(table).map(|line| row(line).ok_or_else(|| line.to_owned())).collect()
}

fn row(line: &'static str) -> Option<Fact> {
    let mut columns = line.split('\t');
    let word = columns.next()?;
    let (word, ending) = word.split_once(':').unwrap_or((word, ""));
    let lifetime = Lifetime::read(word)?;
    let (object, path, condition) = (columns.next()?, columns.next()?, columns.next()?);
    let when = match lifetime {
        _ if object == EVERY => When::Always,
        Lifetime::Elsewhere => conditions::read_within(condition)?,
        _ => conditions::read(condition)?,
    };
    Some(Fact {
        lifetime,
        ending,
        object,
        path,
        when,
        condition,
        note: columns.next()?,
        source: columns.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert!(!read(TABLE).unwrap().is_empty());
    }

    #[test]
    fn a_row_speaks_of_a_field_and_all_below_it() {
        let table = Timetable::of("storage.k8s.io", "StorageClass").unwrap();
        let stop = table.field(table.start(), "parameters").unwrap();
        assert_eq!(table.facts(stop)[0].lifetime, Lifetime::Fixed(Change::Refused));
        assert!(table.field(table.start(), "mountOptions").is_none());
    }

    #[test]
    fn common_kinds_have_no_rows() {
        assert!(Timetable::of("apps", "Deployment").is_none() && Timetable::of("", "ConfigMap").is_none());
        assert!(Timetable::of("batch", "Job").is_none() && Timetable::of("", "Pod").is_none());
    }

    #[test]
    fn what_is_made_once_is_known_by_its_values() {
        assert!(unchanged("kustomize.toolkit.fluxcd.io/ssa", || "ifNotPresent").is_some());
        assert!(unchanged("kapp.k14s.io/noop", || "").is_some() && unchanged("a", || "").is_none());
        assert!(unchanged("kustomize.toolkit.fluxcd.io/ssa", || "Override").is_none());
    }

    #[test]
    fn hooks_that_run_early_are_known_by_their_values() {
        assert!(early("helm.sh/hook", "pre-upgrade").is_some());
        assert!(early("helm.sh/hook", "post-upgrade").is_none() && early("a", "pre-upgrade").is_none());
    }
}
