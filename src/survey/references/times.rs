//! The position of a walk in the table of lifetimes, and what the table says about the object.
//!
//! Kinds that are not in the table take no time.

use super::reference::InNamespace;
use crate::kube::job;
use crate::kube::object::View;
use crate::rules::lifetimes::{self, Fact, Fields, Lifetime, Otherwise, Stop, Timetable, When};
use crate::yaml::{NodeId, Tree};
use std::borrow::Cow;

/// A position in the table, carried along a walk.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Time {
    /// The position from which the next field is looked up.
    pub(super) next: Option<Stop>,
    /// The innermost position with rows, which apply to everything below it.
    pub(super) rows: Option<Stop>,
}

impl Time {
    /// Returns the position at the start of a walk.
    pub(super) fn start(times: Option<&Timetable>) -> Time {
        Time { next: times.map(Timetable::start), rows: None }
    }

    /// Returns the position below a field.
    pub(super) fn field(self, times: Option<&Timetable>, field: &str) -> Time {
        let (Some(times), Some(stop)) = (times, self.next) else { return self };
        let next = times.field(stop, field);
        let rows = next.filter(|stop| !times.facts(*stop).is_empty()).or(self.rows);
        Time { next, rows }
    }
}

/// What the table says about one object. The conditions are checked once.
#[derive(Debug, Default)]
pub(super) struct Circumstances<'s> {
    /// The rows whose conditions the object does not meet.
    pub(super) off: Vec<&'static Fact>,
    /// The namespace in which the object acts, for each row about that; `None` if it acts in its own.
    pub(super) acts_in: Vec<(&'static Fact, Option<InNamespace<Cow<'s, str>>>)>,
}

impl<'s> Circumstances<'s> {
    /// Checks the conditions of all rows about a kind for one of its objects.
    pub(super) fn of(view: &View<'_, 's>, times: Option<&Timetable>) -> Circumstances<'s> {
        let mut found = Circumstances::default();
        let made_anew = times.is_some() && is_made_anew(view);
        for fact in times.into_iter().flat_map(Timetable::all) {
            let fixed = matches!(fact.lifetime, Lifetime::Fixed(_));
            if (fixed && made_anew) || !holds(view, &fact.when) {
                found.off.push(fact);
            }
            if let When::Within(paths, otherwise) = &fact.when {
                found.acts_in.push((fact, acts_in(view, paths, *otherwise)));
            }
        }
        found
    }
}

fn acts_in<'s>(
    view: &View<'_, 's>,
    paths: &[Fields],
    otherwise: Otherwise,
) -> Option<InNamespace<Cow<'s, str>>> {
    let name = |node| view.tree.name(node).filter(|name| !name.is_empty());
    let stated = paths.iter().find_map(|path| values(view, path).into_iter().find_map(name));
    let own = view.meta("namespace").and_then(name);
    match (stated, otherwise) {
        (Some(stated), _) if own.as_ref() == Some(&stated) => None,
        // A template that is filled in later may result in any namespace.
        (Some(stated), _) if stated.contains("{{") => Some(InNamespace::Any),
        (Some(stated), _) => Some(InNamespace::Given(stated)),
        (None, Otherwise::Own) => None,
        (None, Otherwise::Any) => Some(InNamespace::Any),
    }
}

/// True if each deployment creates the object again, so that nothing in it is fixed.
fn is_made_anew(view: &View<'_, '_>) -> bool {
    view.meta("name").is_none() || job::is_replaced(view)
}

/// Returns the row about an object that the deployer creates once, or never, according to its annotations and labels.
pub(super) fn unchanged(view: &View<'_, '_>) -> Option<&'static Fact> {
    let mut found = None;
    for field in ["annotations", "labels"] {
        let Some(map) = view.meta(field) else { continue };
        view.tree.each_field(view.tree.deref(map), &mut |key, value| {
            let text = |node| view.tree.text(node).unwrap_or_default();
            found = found.or_else(|| lifetimes::unchanged(text(key), || text(value)));
        });
    }
    found
}

/// True if the object meets a condition. Conditions on a single field are checked during the walk.
fn holds(view: &View<'_, '_>, when: &When) -> bool {
    let is = |path: &[&str], wanted: &dyn Fn(&str) -> bool| {
        let nodes = values(view, path).into_iter().flat_map(|node| scalars(view.tree, node));
        nodes.filter_map(|node| view.tree.text(node)).any(wanted)
    };
    match when {
        When::Always | When::Within(..) | When::Beside(..) | When::Unless(_) => true,
        When::Has(path) => !values(view, path).is_empty(),
        When::Lacks(path) => values(view, path).is_empty(),
        When::Is(path, value) => is(path, &|text| text == *value),
        When::IsNot(path, value) => !is(path, &|text| text == *value),
        When::NotZero(path) => is(path, &|text| !matches!(text, "0" | "0%")),
    }
}

/// Returns the nodes at a path of an object. Lists are passed through.
fn values(view: &View<'_, '_>, path: &[&str]) -> Vec<NodeId> {
    let tree = view.tree;
    let mut open = vec![view.root];
    for field in path {
        let items = open.into_iter().flat_map(|node| items(tree, node));
        open = items.filter_map(|node| tree.get(node, field)).map(|node| tree.deref(node)).collect();
    }
    open
}

/// Returns a node, or the items of a list.
fn scalars(tree: &Tree<'_>, node: NodeId) -> Vec<NodeId> {
    let items: Vec<NodeId> = tree.items(node).map(|item| tree.deref(item)).collect();
    if items.is_empty() { vec![node] } else { items }
}

fn items(tree: &Tree<'_>, node: NodeId) -> Vec<NodeId> {
    if tree.is_mapping(node) { vec![node] } else { tree.items(node).map(|item| tree.deref(item)).collect() }
}
