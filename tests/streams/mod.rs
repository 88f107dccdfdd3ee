//! Random streams of manifests: random objects in random layouts.
//!
//! `objects` generates the content of a stream, `layout` its notation. This file joins documents and splits streams,
//! with code that shares nothing with the program.

#![allow(dead_code)] // each test uses a part of it

pub(crate) mod dice;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod mutation;
pub(crate) mod objects;
pub(crate) mod referrers;

use dice::Dice;
use layout::{Layout, Style};
use objects::Node;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

/// One document, and whether it is JSON.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) text: String,
    json: bool,
}

/// Documents, and the text between and around them.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) documents: Vec<Document>,
    pub(crate) frame: Frame,
}

/// How documents are joined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    crlf: bool,
    byte_order_mark: bool,
    leading_marker: bool,
    final_newline: bool,
    seed: u64,
}

impl Stream {
    /// Returns the stream as input for the program.
    pub(crate) fn text(&self) -> String {
        let mut dice = Dice::new(self.frame.seed);
        let mut text = String::from(if self.frame.byte_order_mark { "\u{feff}" } else { "" });
        if self.frame.leading_marker {
            text.push_str("---\n");
        }
        for (index, document) in self.documents.iter().enumerate() {
            if index > 0 {
                let both_json = document.json && self.documents[index - 1].json;
                let between = if both_json { dice.pick(&["", "\n", "---\n"]) } else { dice.pick(&MARKERS) };
                text.push_str(between);
            }
            text.push_str(&document.text);
        }
        if !self.frame.final_newline {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if self.frame.crlf { text.replace('\n', "\r\n") } else { text }
    }
}

const MARKERS: [&str; 7] =
    ["---\n", "---\n", "---\n", "--- # web\n", "---  \n", "---\n\n---\n", "---\n\u{feff}"];

/// Generates a stream of any objects.
pub(crate) fn stream() -> BoxedStrategy<Stream> {
    stream_of(objects::object())
}

/// Generates a stream of these objects, with empty documents and other documents in between.
pub(crate) fn stream_of(object: BoxedStrategy<Node>) -> BoxedStrategy<Stream> {
    let documents = vec(prop_oneof![10 => document(object), 1 => no_object()], 0..9);
    (documents, frame()).prop_map(|(documents, frame)| Stream { documents, frame }).boxed()
}

fn frame() -> impl Strategy<Value = Frame> {
    let rarely = || proptest::bool::weighted(0.15);
    (rarely(), rarely(), any::<bool>(), proptest::bool::weighted(0.8), any::<u64>()).prop_map(
        |(crlf, byte_order_mark, leading_marker, final_newline, seed)| Frame {
            crlf,
            byte_order_mark,
            leading_marker,
            final_newline,
            seed,
        },
    )
}

fn document(object: BoxedStrategy<Node>) -> impl Strategy<Value = Document> {
    let items = prop_oneof![6 => vec(object.clone(), 1), 1 => vec(object, 0..4)];
    (items, layout()).prop_map(|(mut items, layout)| {
        let node = if items.len() == 1 { items.remove(0) } else { objects::list(items) };
        Document { text: layout.write(&node), json: layout.is_json() }
    })
}

fn no_object() -> impl Strategy<Value = Document> {
    let texts = ["", "\n\n", "# only a comment about web\n", "web: [1, 2]\n", "- web\n", "null\n", "'web'\n"];
    proptest::sample::select(texts.to_vec()).prop_map(|text| Document { text: text.to_owned(), json: false })
}

/// Generates a layout.
pub(crate) fn layout() -> impl Strategy<Value = Layout> {
    let style = prop_oneof![8 => Just(Style::Block), 2 => Just(Style::Flow), 1 => Just(Style::Json), 1 => Just(Style::PrettyJson)];
    let rarely = || proptest::bool::weighted(0.15);
    (style, any::<bool>(), 1usize..5, any::<bool>(), rarely(), rarely(), any::<u64>()).prop_map(
        |(style, indentless, step, comments, anchors, odd_keys, seed)| Layout {
            style,
            indentless,
            step,
            comments,
            anchors,
            odd_keys,
            seed,
        },
    )
}

/// Sets the number of cases for a property: `PROPTEST_CASES`, or the default of the test.
pub(crate) fn cases(count: u32) -> Config {
    let count = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(count);
    Config { cases: count, failure_persistence: None, ..Config::default() }
}

/// Returns `count` samples, the same ones in every run.
pub(crate) fn samples<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    let sample = |_| strategy.new_tree(&mut runner).expect("no strategy here rejects").current();
    (0..count).map(sample).collect()
}

/// Splits a text into documents as kubectl does: at lines that start with `---`, and after each JSON object.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            documents.push(String::new());
        } else if let Some(document) = documents.last_mut() {
            document.push_str(line);
        }
    }
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    documents.retain(|document| !document.trim_matches(blank).is_empty());
    documents.into_iter().flat_map(json_objects).collect()
}

fn json_objects(document: String) -> Vec<String> {
    let mut objects =
        serde_json::Deserializer::from_str(&document).into_iter::<serde_json::Map<_, serde_json::Value>>();
    let mut ends = vec![0];
    while let Some(Ok(_)) = objects.next() {
        ends.push(objects.byte_offset());
    }
    if ends.len() < 3 {
        vec![document]
    } else {
        ends.windows(2).map(|ends| document[ends[0]..ends[1]].to_owned()).collect()
    }
}

/// Parses a document with serde_yaml; `None` if that fails.
pub(crate) fn parse(document: &str) -> Option<serde_yaml::Value> {
    serde_yaml::from_str(document.trim_start_matches('\u{feff}')).ok()
}

/// Returns the objects of a parsed document: itself, or the items of a list, to any depth.
pub(crate) fn objects_in(document: &serde_yaml::Value) -> Vec<&serde_yaml::Value> {
    let is_list =
        document.get("kind").and_then(|kind| kind.as_str()).is_some_and(|kind| kind.ends_with("List"));
    match document.get("items").and_then(|items| items.as_sequence()) {
        Some(items) if is_list => items.iter().flat_map(objects_in).collect(),
        _ => vec![document],
    }
}

/// The annotation of an original, which is a copy under its original name next to its version.
const ORIGINAL: &str = "immutably.dev/original";

/// Returns the documents without originals.
pub(crate) fn without_originals(mut documents: Vec<String>) -> Vec<String> {
    documents.retain(|document| match parse(document) {
        Some(value) => !is_original(&value),
        None => !document.contains(ORIGINAL),
    });
    documents
}

/// Removes originals from a list, to any depth.
pub(crate) fn drop_originals(document: &mut serde_yaml::Value) {
    let Some(items) = document.get_mut("items").and_then(|items| items.as_sequence_mut()) else { return };
    items.retain(|item| !is_original(item));
    items.iter_mut().for_each(drop_originals);
}

fn is_original(object: &serde_yaml::Value) -> bool {
    object.get("metadata").and_then(|metadata| metadata.get("annotations")?.get(ORIGINAL)).is_some()
}
