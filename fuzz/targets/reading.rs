//! Compares the fast reader, the complete grammar and the witness on one document.

use immutably::yaml::{self, Kind, NodeId, Style, Tree};
use serde_yaml::Value;

/// Checks that the grammar reads the same tree as the fast reader, if the fast reader accepts the document.
pub(crate) fn is_one(text: &str) {
    let (mut fast, mut whole) = (Tree::default(), Tree::default());
    // JSON has its own reader.
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
        || yaml::parse(text, 7, &mut fast).is_err()
    {
        return;
    }
    yaml::parse_by_grammar(text, 7, &mut whole).expect("the grammar refuses what the fast reader reads");
    assert_eq!(fast, whole, "{text:?}");
}

/// Checks that the witness reads the same collections and texts, if it accepts the document.
pub(crate) fn is_the_witness(text: &str) {
    // YAML 1.1, YAML 1.2 and kubectl differ on these characters.
    if !text.is_ascii()
        || text.contains(['\r', '\t', '!', '%', '&', '*', '?', '\\', '{', '['])
        || text.contains("...")
    {
        return;
    }
    let mut tree = Tree::default();
    // kubectl adds the last line break if it is missing.
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let theirs = serde_yaml::from_str::<Value>(&format!("{text}{end}"));
    let (Ok(()), Ok(value)) = (yaml::parse(text, 0, &mut tree), theirs) else {
        return;
    };
    if let (Some(root), None) = (tree.root(), tree.ignored_from()) {
        compare(&tree, root, &value, text);
    }
}

fn compare(tree: &Tree<'_>, id: NodeId, value: &Value, text: &str) {
    match (tree.node(id).kind, value) {
        (Kind::Mapping(_), Value::Mapping(mapping)) => {
            let entries: Vec<_> = tree.entries(id).collect();
            assert_eq!(entries.len(), mapping.len(), "{text:?}");
            for ((key, entry), (their_key, their_entry)) in entries.into_iter().zip(mapping) {
                compare(tree, key, their_key, text);
                compare(tree, entry, their_entry, text);
            }
        }
        (Kind::Sequence, Value::Sequence(items)) => {
            let own: Vec<_> = tree.items(id).collect();
            assert_eq!(own.len(), items.len(), "{text:?}");
            own.into_iter().zip(items).for_each(|(own, theirs)| compare(tree, own, theirs, text));
        }
        (Kind::Scalar(_), Value::String(theirs)) => {
            assert_eq!(tree.text(id), Some(theirs.as_str()), "{text:?}")
        }
        // The type of a plain scalar is not compared.
        (Kind::Scalar(Style::Plain), Value::Null | Value::Bool(_) | Value::Number(_)) => {}
        (kind, value) => panic!("{kind:?} and {value:?}: {text:?}"),
    }
}
