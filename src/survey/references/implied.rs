//! Names that an object implies without writing them, such as the Secret of an `Alertmanager`.

use super::collected::{Collected, Known, Subject};
use super::reference::{Claim, InNamespace};
use crate::kube::object::View;
use crate::rules::{Convention, Piece, Unless};
use crate::yaml::NodeId;
use std::borrow::Cow;

impl Collected<'_> {
    /// Claims the objects that the conventions for this kind imply.
    pub(super) fn conventions(&mut self, subject: Subject<'_, '_, '_>, known: &Known) {
        for row in known.conventions.iter().copied() {
            if row.unless.iter().any(|unless| is_given(subject.view, unless)) {
                continue;
            }
            let place = subject.view.meta("name").unwrap_or(subject.view.root);
            for name in names(row, subject.view) {
                self.claims.push(Claim {
                    object: subject.index,
                    kinds: row.names,
                    name: Cow::Owned(name),
                    namespace: InNamespace::Own,
                    reason: row.reason,
                    place: subject.view.tree.node(place).span,
                });
            }
        }
    }
}

fn is_given(view: &View<'_, '_>, unless: &Unless) -> bool {
    match unless.value {
        None => view.has(&unless.path),
        Some(value) => nodes(view, &unless.path).into_iter().any(|node| view.tree.is_text(node, value)),
    }
}

/// Returns the names that a row implies for an object: none if a field is absent, several if a field is a list.
fn names(row: &Convention, view: &View<'_, '_>) -> Vec<String> {
    let mut names = vec![String::new()];
    for piece in &row.pattern {
        let texts = match piece {
            Piece::Text(text) => vec![(*text).to_owned()],
            Piece::Field(path) => texts(view, path),
        };
        names = names.iter().flat_map(|name| texts.iter().map(move |text| format!("{name}{text}"))).collect();
    }
    names
}

/// Returns the scalars at a path, in lower case like names. Lists are passed through.
fn texts(view: &View<'_, '_>, path: &[&str]) -> Vec<String> {
    let texts = nodes(view, path).into_iter();
    texts.filter_map(|node| view.tree.name(node)).map(|name| name.to_lowercase()).collect()
}

/// What is at a path of an object, through lists. `*` is each value of a map.
pub(super) fn nodes(view: &View<'_, '_>, path: &[&str]) -> Vec<NodeId> {
    nodes_below(view, view.root, path)
}

/// The same from another node on.
pub(super) fn nodes_below(view: &View<'_, '_>, from: NodeId, path: &[&str]) -> Vec<NodeId> {
    let nodes = path.iter().fold(vec![from], |nodes, field| {
        let within = nodes.into_iter().flat_map(|node| items(view, node));
        match *field {
            "*" => within.flat_map(|node| values(view, node)).collect(),
            _ => within.filter_map(|node| view.tree.get(node, field)).collect(),
        }
    });
    nodes.into_iter().flat_map(|node| items(view, node)).collect()
}

/// Returns the values of a map.
fn values(view: &View<'_, '_>, map: NodeId) -> Vec<NodeId> {
    let mut values = Vec::new();
    view.tree.each_field(map, &mut |_, value| values.push(value));
    values
}

/// Returns the items of a list, or the node itself.
fn items(view: &View<'_, '_>, node: NodeId) -> Vec<NodeId> {
    let node = view.tree.deref(node);
    // With aliases, lists of lists can have very many items.
    let items = view.tree.items(node).take_while(|_| !view.tree.has_aliases() || view.tree.step());
    let items: Vec<NodeId> = items.map(|item| view.tree.deref(item)).collect();
    if items.is_empty() { vec![node] } else { items }
}
