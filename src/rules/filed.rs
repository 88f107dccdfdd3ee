//! The built-in tables of references, indexed by kind. A row is parsed only when the stream has an object of its kind.
//!
//! Must not interpret the targets of the rows.

use super::exclusions::glob;
use super::lines;
use super::table::{self, BUILTIN, CATALOGUE, Row};
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

/// Returns the rows about an object `group/Kind`, in the order of the tables. A test reads the tables, so they are
/// well-formed in every build that passed the tests.
pub(super) fn about(object: &str) -> Vec<&'static Row> {
    FILED.about(object)
}

/// Returns the rows of shapes, which other rows refer to.
pub(super) fn shapes() -> &'static [Row] {
    &SHAPES
}

/// Returns every row, in the order of the tables.
pub(super) fn all() -> &'static [Row] {
    &ALL
}

const TABLES: [(&str, &str); 2] = [(BUILTIN, "built-in API"), (CATALOGUE, "catalogue")];

static FILED: LazyLock<Filed> = LazyLock::new(Filed::new);
static SHAPES: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let shapes = lines().filter(|line| line.text.starts_with('@'));
    shapes.flat_map(Line::read).collect()
});
static ALL: LazyLock<Vec<Row>> = LazyLock::new(|| lines().flat_map(Line::read).collect());

/// A line that is not parsed yet.
#[derive(Clone, Copy, Debug)]
struct Line {
    text: &'static str,
    /// The table that contains the line.
    origin: &'static str,
    /// The groups and the kind, as written in the table.
    object: (&'static str, &'static str),
}

fn lines() -> impl Iterator<Item = Line> {
    let line = |text, origin| {
        let object = lines::column(text, 0).split_once('/').unwrap_or_default();
        Line { text, origin, object }
    };
    TABLES.into_iter().flat_map(move |(table, origin)| lines::rows(table).map(move |text| line(text, origin)))
}

impl Line {
    fn read(self) -> Vec<Row> {
        table::read(self.text, self.origin).unwrap_or_default()
    }

    /// False if the line is certainly about other objects.
    fn may_be_about(self, group: &str, kind: &str) -> bool {
        let (groups, known) = self.object;
        glob(known, kind) && groups.split('|').any(|known| glob(known, group))
    }
}

struct Filed {
    lines: Vec<Line>,
    /// The rows of each line, parsed at the first request. A line about every kind of a group is requested often.
    rows: Vec<OnceLock<Vec<Row>>>,
    by_kind: HashMap<&'static str, Vec<usize>>,
    /// Lines whose kind contains a `*`, once for each of their groups. Most groups have only one such line.
    patterns: Vec<(&'static str, usize)>,
}

impl Filed {
    fn new() -> Filed {
        let lines: Vec<Line> = lines().filter(|line| !line.text.starts_with('@')).collect();
        let mut by_kind: HashMap<&'static str, Vec<usize>> = HashMap::with_capacity(lines.len());
        let mut patterns = Vec::new();
        let rows = lines.iter().map(|_| OnceLock::new()).collect();
        for (at, line) in lines.iter().enumerate() {
            let (groups, kind) = line.object;
            if kind.contains('*') {
                patterns.extend(groups.split('|').map(|group| (group, at)));
            } else {
                by_kind.entry(kind).or_default().push(at);
            }
        }
        Filed { lines, rows, by_kind, patterns }
    }

    fn about(&self, object: &str) -> Vec<&Row> {
        let (group, kind) = object.rsplit_once('/').unwrap_or_default();
        if group.contains('/') {
            // A kind of Kubernetes has no slash, but a kind in the input may have one.
            return all().iter().filter(|row| glob(&row.object, object)).collect();
        }
        let group = if group.is_empty() { "core" } else { group };
        let spelled = self.by_kind.get(kind).into_iter().flatten().copied();
        let patterns = self.patterns.iter().filter(|(known, _)| glob(known, group)).map(|(_, at)| *at);
        let mut found: Vec<usize> = spelled.chain(patterns).collect();
        found.retain(|at| self.lines[*at].may_be_about(group, kind));
        found.sort_unstable();
        found.dedup();
        let rows = found.into_iter().flat_map(|at| self.rows[at].get_or_init(|| self.lines[at].read()));
        rows.filter(|row| glob(&row.object, object)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filed_is_what_the_tables_say() {
        let objects =
            all().iter().map(|row| row.object.replace('*', "x")).filter(|object| !object.starts_with('@'));
        for object in
            objects.chain(["apps/Nothing", "a/b/Pod", "/", "aiven.io/Any", "aiven.io/a/b"].map(str::to_owned))
        {
            let expected: Vec<&Row> = all().iter().filter(|row| glob(&row.object, &object)).collect();
            assert_eq!(about(&object), expected, "{object}");
        }
    }
}
