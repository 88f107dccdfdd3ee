//! The path of fields to a byte of a document: `spec.containers[0].env[1].name`.
//!
//! Finds many paths in one pass over the document, in linear time. Must not know what the fields mean.

use super::{Kind, NodeId, Tree};
use std::fmt::Write as _;

/// Returns the paths from `root` to the scalars at `places`, which are sorted byte offsets into the source. The result
/// has one path per place. The path is empty if no scalar below `root` covers the place.
pub fn paths(tree: &Tree<'_>, root: NodeId, places: &[u32]) -> Vec<String> {
    let mut found = vec![String::new(); places.len()];
    let mut open = vec![Open::new(tree, root)];
    let mut at = 0;
    while let Some(top) = open.last_mut() {
        if at == places.len() {
            break;
        }
        let Some(child) = top.next(tree) else {
            open.pop();
            continue;
        };
        let node = tree.node(child);
        if matches!(node.kind, Kind::Mapping(_) | Kind::Sequence) {
            open.push(Open::new(tree, child));
            continue;
        }
        while places.get(at).is_some_and(|place| *place < node.span.start) {
            at += 1;
        }
        while places.get(at).is_some_and(|place| *place < node.span.end) {
            found[at] = text(tree, &open);
            at += 1;
        }
    }
    found
}

/// A collection on the way to the current node.
struct Open {
    /// The next child to visit, and the end of the children.
    child: NodeId,
    end: NodeId,
    mapping: bool,
    /// The key of the current entry in a mapping; `None` in a sequence.
    key: Option<NodeId>,
    /// Number of children visited so far.
    visited: usize,
}

impl Open {
    fn new(tree: &Tree<'_>, node: NodeId) -> Open {
        let end = tree.node(node).next;
        Open { child: NodeId(node.0 + 1), end, mapping: tree.is_mapping(node), key: None, visited: 0 }
    }

    fn next(&mut self, tree: &Tree<'_>) -> Option<NodeId> {
        if self.child >= self.end {
            return None;
        }
        let child = self.child;
        self.child = tree.node(child).next;
        if self.mapping && self.visited.is_multiple_of(2) {
            self.key = Some(child);
        }
        self.visited += 1;
        Some(child)
    }
}

/// The length in bytes after which a path is cut. Paths of the Kubernetes API are much shorter. Without a limit, long keys
/// above many references would make a report many times as large as the input.
const LONGEST: usize = 1024;

fn text(tree: &Tree<'_>, open: &[Open]) -> String {
    let mut path = String::new();
    for step in open {
        if path.len() > LONGEST {
            path.push('…');
            break;
        }
        match step.key {
            Some(key) => field(&mut path, tree.text(key).unwrap_or_default()),
            None if step.mapping => {}
            None => drop(write!(path, "[{}]", step.visited.saturating_sub(1))),
        }
    }
    path
}

/// Appends a field after a full stop, or in brackets and quotes if it is not a plain word. A key with spaces or control
/// characters is not shown: it may be a value in the wrong place.
fn field(path: &mut String, name: &str) {
    let plain = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !plain {
        let known = name.len() <= 253 && name.bytes().all(|byte| byte.is_ascii_graphic());
        let _ = write!(path, "[{:?}]", if known { name } else { "…" });
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_the_path_of_its_scalar() {
        let text = "a: {b: [x, {c: y}]}\nd.e/f: z\ng:\n- - w\n";
        let mut tree = Tree::default();
        crate::yaml::parse(text, 0, &mut tree).unwrap();
        let at = |word: &str| u32::try_from(text.find(word).unwrap()).unwrap();
        let places = [at("x"), at("y"), at("z"), at("w")];
        let found = paths(&tree, tree.root().unwrap(), &places);
        assert_eq!(found, ["a.b[0]", "a.b[1].c", "[\"d.e/f\"]", "g[0][0]"]);
    }

    #[test]
    fn a_long_path_is_cut() {
        let text = format!("{}x{}", "{key-of-some-letters: ".repeat(100), "}".repeat(100));
        let mut tree = Tree::default();
        crate::yaml::parse(&text, 0, &mut tree).unwrap();
        let place = u32::try_from(text.find('x').unwrap()).unwrap();
        let found = paths(&tree, tree.root().unwrap(), &[place]);
        assert!(found[0].len() < LONGEST + 300 && found[0].ends_with('…'), "{found:?}");
    }
}
