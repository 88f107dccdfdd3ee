//! Generated documents: nested mappings, sequences and scalars of every style, valid or not.

use super::agrees;
use proptest::prelude::*;

const WORDS: &[&str] =
    &["web", "80", "true", "~", "", "a b", "-v", "http://x:80/", "\"a\\n\"", "'it''s'", "\"a", "a: b", "{}"];

/// A value with a given indentation, as a chart might render it.
fn value(depth: u32) -> BoxedStrategy<Vec<String>> {
    let inline = prop::sample::select(WORDS).prop_map(|word| vec![word.to_owned()]);
    let lines = prop::collection::vec("[a-z#:'\" \t-]{0,8}", 1..4);
    let header = prop::sample::select(&["|", "|-", "|+", ">", ">-", "> # c", "\"", "'", "a", "["][..]);
    let longer = (header, lines).prop_map(|(header, lines)| {
        let close = if matches!(header, "\"" | "'") {
            header
        } else if header == "[" {
            "]"
        } else {
            ""
        };
        let inner = lines.into_iter().map(|line| format!("  {line}"));
        std::iter::once(header.to_owned()).chain(inner).chain([format!("  {close}")]).collect()
    });
    if depth == 0 {
        return prop_oneof![3 => inline, 1 => longer].boxed();
    }
    let indent = |lines: Vec<String>| lines.into_iter().map(|line| format!("  {line}")).collect::<Vec<_>>();
    let key = prop::sample::select(&["a", "name", "'b c'", "\"d\"", "<<", "1", "e.f/g"][..]);
    let entry = (key, value(depth - 1)).prop_map(|(key, mut lines)| {
        lines[0] = format!("{key}: {}", lines[0]);
        lines
    });
    let nested = (prop::sample::select(&["a:", "b: # c", "\"d\":"][..]), value(depth - 1))
        .prop_map(move |(key, lines)| std::iter::once(key.to_owned()).chain(indent(lines)).collect());
    let mapping =
        prop::collection::vec(prop_oneof![entry, nested], 1..4).prop_map(|entries| entries.concat());
    let item = value(depth - 1).prop_map(move |lines| {
        let mut lines = indent(lines);
        lines[0].replace_range(..1, "-");
        lines
    });
    let sequence = prop::collection::vec(item, 1..4).prop_map(|items| items.concat());
    prop_oneof![1 => inline, 1 => longer, 3 => mapping, 2 => sequence].boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_documents_agree(lines in value(4)) {
        agrees(&(lines.join("\n") + "\n"));
    }
}
