//! Damages texts in the ways in which editors, templates and transports do.

use super::dice::Dice;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// One kind of damage, at a place that depends on the number.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Insert(&'static str, u64),
    Delete(usize, u64),
    Truncate(u64),
    RepeatLine(u64),
    Outdent(u64),
    Unquote,
}

/// Texts to insert: everything with a meaning in YAML or JSON, or for the split into documents.
pub(crate) const TOKENS: [&str; 46] = [
    "\t",
    ": ",
    ":",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "|",
    "|2-\n",
    ">",
    "#",
    " #",
    "&a ",
    "*a",
    "*a: ",
    "<<: ",
    "<<: *a",
    "!!int ",
    "!!binary ",
    "!x!y ",
    "!<x> ",
    "%YAML 1.1\n",
    "@",
    "`",
    "\\",
    "\\u12",
    "\n",
    "\r",
    "\n\n",
    " ",
    "  ",
    "\n...\n",
    "\n---\n",
    "---",
    "\0",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "kind: Secret\n",
    "immutable: yes\n",
];

/// Generates a few mutations.
pub(crate) fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let one = prop_oneof![
        6 => (select(TOKENS.to_vec()), any::<u64>()).prop_map(|(token, at)| Mutation::Insert(token, at)),
        3 => (1usize..12, any::<u64>()).prop_map(|(count, at)| Mutation::Delete(count, at)),
        1 => any::<u64>().prop_map(Mutation::Truncate),
        1 => any::<u64>().prop_map(Mutation::RepeatLine),
        1 => any::<u64>().prop_map(Mutation::Outdent),
        1 => Just(Mutation::Unquote),
    ];
    vec(one, 1..4)
}

/// Applies mutations to a text.
pub(crate) fn mutate(text: &str, mutations: &[Mutation]) -> String {
    mutations.iter().fold(text.to_owned(), |text, mutation| mutation.apply(text))
}

impl Mutation {
    fn apply(&self, mut text: String) -> String {
        match *self {
            Mutation::Insert(token, seed) => text.insert_str(place(&text, seed), token),
            Mutation::Delete(count, seed) => {
                let at = place(&text, seed);
                let end = text[at..].char_indices().nth(count).map_or(text.len(), |(index, _)| at + index);
                text.replace_range(at..end, "");
            }
            Mutation::Truncate(seed) => text.truncate(place(&text, seed)),
            Mutation::RepeatLine(seed) => {
                let (start, end) = line(&text, seed);
                let line = text[start..end].to_owned();
                text.insert_str(end, &line);
            }
            Mutation::Outdent(seed) => {
                let (start, end) = line(&text, seed);
                let blank = text[start..end].len() - text[start..end].trim_start().len();
                text.replace_range(start..start + blank, "");
            }
            Mutation::Unquote => text.retain(|c| !matches!(c, '"' | '\'')),
        }
        text
    }
}

fn place(text: &str, seed: u64) -> usize {
    let mut at = Dice::new(seed).below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Returns start and end of a line, including its line feed.
fn line(text: &str, seed: u64) -> (usize, usize) {
    let at = place(text, seed);
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    (start, text[at..].find('\n').map_or(text.len(), |end| at + end + 1))
}
