//! Long lists, changed like manifests and read in parts. Together, the parts must have the nodes of the whole document.

use super::super::{Items, list, scan};
use super::BASE;
use super::changed::{apply, change};
use crate::text::source::Span;
use crate::yaml::brackets::{LongList, outline};
use crate::yaml::node::Kind;
use crate::yaml::tree::Tree;
use proptest::prelude::*;

const LIST: &str = r#"{
  "apiVersion": "v1", "items": [
    {"kind": "ConfigMap", "data": {"a": "[{\"b\": 1}]", "c": ""}, "metadata": {"name": "web"}},
    {"kind": "Secret", "data": {"a": "YQ=="}}, {}, [{"a": [1, 2.5, null, true]}],
    {"metadata": {"labels": {"app": "web"}}}
  ],
  "kind": "List", "metadata": {"resourceVersion": ""}
}
"#;

/// The compared properties of a node. These exclude the index of the next node, which differs in a part.
type Seen = (Span, Kind, Option<String>);

/// True if the text has a list that was split and could be read in parts.
fn agrees(text: &str, part: usize) -> bool {
    let Some(LongList { open, cuts, close }) = outline(text, part, 2).and_then(|outline| outline.list) else {
        return false;
    };
    let starts = [open + 1].into_iter().chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([close]);
    let mut items = Vec::new();
    let mut beside = Vec::new();
    for (start, end) in starts.zip(ends) {
        let mut tree = Tree::default();
        if !list(text, BASE, &Items { open, range: start..end, close }, &mut tree) {
            return false;
        }
        let (inside, outside) = seen(&tree, open, close);
        items.extend(inside);
        beside.push(outside);
    }
    let mut whole = Tree::default();
    // Tabs around the object are white space in JSON, but not for the YAML reader alone.
    let text = text.trim_end();
    if text.trim_start_matches([' ', '\n']) != text.trim_start() {
        return false;
    }
    assert!(scan(text, BASE, &mut whole), "the parts can be read, and the document not: {text:?}");
    let (inside, outside) = seen(&whole, open, close);
    assert_eq!(items, inside, "{text:?}");
    assert!(beside.iter().all(|part| *part == outside), "{text:?}");
    true
}

/// Returns the nodes between the brackets of the list, and the others.
fn seen(tree: &Tree<'_>, open: usize, close: usize) -> (Vec<Seen>, Vec<Seen>) {
    let inside = |span: Span| {
        let start = (span.start - BASE) as usize;
        open < start && start < close
    };
    std::iter::successors(tree.root(), |id| tree.after(*id))
        .map(|id| (tree.node(id).span, tree.node(id).kind, tree.text(id).map(str::to_owned)))
        .partition(|(span, ..)| inside(*span))
}

#[test]
fn a_list_is_read_in_parts() {
    for part in 4..60 {
        assert!(agrees(LIST, part), "{part}");
        assert!(agrees(&LIST.replace(['\n', ' '], ""), part), "{part}");
    }
}

#[test]
fn a_list_that_another_bracket_closes_is_none() {
    let text = LIST.replace("\n  ]", "\n  }");
    assert!((4..60).all(|part| !agrees(&text, part)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_lists_agree(part in 1..100_usize, changes in prop::collection::vec(change(), 1..4)) {
        agrees(&changes.iter().fold(LIST.to_owned(), |text, change| apply(&text, change)), part);
    }
}
