//! Compares the fast reader with the complete grammar, which must build the same tree for every document that the fast
//! reader supports.

mod changed;
mod generated;
mod manifests;
mod parts;

use super::scan;
use crate::yaml::grammar;
use crate::yaml::tree::Tree;
use manifests::{CONFIG_MAP, DEPLOYMENT, LIST};

/// The offset of the documents in their source.
const BASE: u32 = 7;

/// Reads `text` in both ways. Returns true if the fast reader supports it.
fn agrees(text: &str) -> bool {
    let (mut ours, mut theirs) = (Tree::default(), Tree::default());
    if !scan(text, BASE, &mut ours) {
        return false;
    }
    let read = grammar::parse(text, BASE, &mut theirs);
    assert!(read.is_ok(), "the grammar refuses {text:?}: {read:?}");
    assert_eq!(ours, theirs, "{text:?}");
    true
}

fn all_are_read(cases: &[&str]) {
    for case in cases {
        for text in [(*case).to_owned(), case.replace('\n', "\r\n"), case.trim_end().to_owned()] {
            assert!(agrees(&text), "left to the grammar: {text:?}");
        }
    }
}

#[test]
fn block_structure() {
    all_are_read(&[
        "",
        "# only a comment\n",
        "\u{feff}a: b\n",
        "a: b\nc:\n  d: e\n\n# f\n  g:   h # i\nj: k\n",
        "  a: b\n  c: d\n",
        "a:\nb:   # nothing\nc:\n",
        "a : b\n\"c\" : d\n'e f': g\n",
        "- a\n- b\n-\n-   # nothing\n- c: d\n  e: f\n",
        "a:\n- b\n-   c\nd:\n  - e\n  -\n",
        "a:\n-   # nothing\n- b:\n  - c\n  d: e\n",
        "- - a\n  - b\n-   - - c\n",
        "- a:\n    b: c\n\n  d: e\n- f\n",
        "a:\n  - b: c\n    d:\n    - e\n    f: g\nh: i\n",
        "a:\n  b\nc:\n  'd'\ne:\n  [f]\n",
        "<<: a\nb: <<\n",
        "-a: b\n:c: d\n--e: f\n",
        "a#b: c#d\ne: f:g\nh: http://i/\n",
    ]);
}

#[test]
fn lines_of_a_key_and_a_value() {
    all_are_read(&[
        "a: b\nc: http://d:80/e?f=g#h\ni: \"j\"\nk:\n  l: \"m: n # o\"\n  p: q\nr: s\n",
        "a: b\n\n\nc: \"d\"\n# e\nf: g\n  # h\ni: j\n",
        "a: b\n c\nd:\n  e: f\n   g\nh: \"i\"\nj: k\n",
        "- a: b\n  c: \"d\"\n- e:\n    f: g\n- h: i\n  j:\n",
        "a: b \nc: \"d\" \ne : f\n<<: g\nh: <<\n",
        "a:\n- b: c\n  d: e\n- f: g\nh: i\n",
    ]);
}

#[test]
fn scalars() {
    all_are_read(&[
        "a: b c\n  d\n\n\n  e # f\ng: h\n",
        "a: b\n  - c\n  'd' \"e\n",
        "- a\n  b\n-  c\n   d\n",
        "a: \"b\"\nc: 'it''s'\nd: ''\ne: \"\"   # f\n",
        "a: \"b\n  c  \n\n\n  d \\\n  e\\\n\n  f\\ \n  \"\ng: 'h  \n  i\n\n j'\n",
        "a: \"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\\x41\\u00e9\\U0001f600\\ud83d\\ude00\"\n",
        "ä: ö ü\n'😀': \"é\\n\"\nk: \u{a0}\n",
        "a: b\tc \nd: \"e\tf\"\n",
    ]);
}

#[test]
fn block_scalars() {
    all_are_read(&[
        "a: |\n  b\n\n   c\n  \td\n   \ne: f\n",
        "a: |-\n  b\nc: |+\n  d\n\n\ne: |- # f\n\n\n  g\n\nh: i\n",
        "a: >\n  b\n  c\n\n  d\n   e\n   f\n\n  g\nh: >-\n\n  i\n\n  j\n\nk: >+\n  l\n\n",
        "- |\n  a\n- |-\n   b\n  # c\n",
        "a:\n- |\n b\n-\n  >\n  c\n",
        "a: |\nb: |-\n\nc: >+\n\n\nd: e\n",
        "a: |-\n\n\n",
        "a:\n  b: |\n    c\n  # d | e\n  f: g\n",
    ]);
}

#[test]
fn flow_collections() {
    all_are_read(&[
        "{}",
        "[]",
        "{\"a\":1,\"b\":[true,null,-1.5e3,\"c\\u00e9\"],\"d\":{\"e\":{}}}\n",
        "{\n  \"a\": [\n    1,\n    {\n      \"b\" : []\n    }\n  ]\n}\n",
        "\n# a\n[a b, c:d, 'e', -1, /f]\n",
        "a: {b: c, 'd':e, \"f\": [g, [h]]} # i\nj: [k,\nl\n  , m ]\nn: {}\n",
        "- {a: b}\n- [c, \"d\n  e\"]\n-\n  {f: <<}\n",
    ]);
    let tabs = "{\n\t\"a\":\t[\n\t\t1\n\t]\n}\n";
    assert!(agrees(tabs));
}

#[test]
fn what_is_unusual_or_wrong_is_left_to_the_grammar() {
    let cases = [
        "a: &b c\n",
        "a: *b\n",
        "a: !c d\n",
        "? a\n: b\n",
        "%YAML 1.2\n",
        "a: b\n...\n",
        "---\na: b\n",
        "a:\n\tb: c\n",
        "a:\tb\n",
        "a: b\u{85}\n",
        "a: b\u{2028}\n",
        "a: b\n\u{feff}c: d\n",
        "a: \u{1}\n",
        "a: b\rc: d\n",
        "a: b: c\n",
        "a: b\n c: d\n",
        "a: \"b\"\n c: d\n",
        "a: b\n\tc: d\n",
        "a: b: c\n",
        "a: \"b\" c: d\n",
        "a: b\nc\n",
        "a:\n  b: c\n d: e\n",
        "a: 'b' c\n",
        "a: \"b\"#c\n",
        "a: \"b\n",
        "a: \"\\q\"\n",
        "a: \"\\ud800\"\n",
        "a: |2\n  b\n",
        "a: | b\n",
        "a: |\n    \n  b\n",
        "a: b # c\n  d\n",
        "[a\n",
        "[a]]\n",
        "{a: b}: c\n",
        "[a: b]\n",
        "{a}\n",
        "[a,,b]\n",
        "[a # b\n]\n",
        "{a:\n---\n}\n",
        "- a\nb: c\n",
        "a: 1\n- b\n",
        "\"a\n b\": c\n",
        "a\n b: c\n",
        "a: - b\n",
        "a: @b\n",
        "a: ]\n",
        "a",
        "'a'",
        "|\n a\n",
        "a: b\u{fffe}\n",
    ];
    for case in cases {
        assert!(!agrees(case), "read here: {case:?}");
    }
}

#[test]
fn limits_are_kept() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(agrees(&nested(150)) && !agrees(&nested(256)) && !agrees(&"- ".repeat(100_000)));
    let key = |length: usize| format!("{}: b\n", "a".repeat(length));
    assert!(agrees(&key(1000)) && !agrees(&key(1025)) && !agrees(&format!("{{{}}}", key(1025))));
}

#[test]
fn ordinary_manifests_are_read() {
    all_are_read(&[DEPLOYMENT, CONFIG_MAP, LIST]);
}
