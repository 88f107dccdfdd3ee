//! Manifests with bytes and lines deleted, inserted, repeated and moved.

use super::agrees;
use super::manifests::{CONFIG_MAP, DEPLOYMENT, LIST};
use proptest::prelude::*;

/// Texts that turn one construct into another.
const BITS: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "  ",
    "\t",
    "\r\n",
    "\r",
    ":",
    ": ",
    ":\n",
    "- ",
    "-",
    "#",
    " #",
    "\"",
    "'",
    "''",
    "\\",
    "\\\n",
    "|",
    "|-\n",
    ">\n",
    ">+\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "{}",
    "[]",
    "<<: ",
    "&a ",
    "*a",
    "!t ",
    "? ",
    "%",
    "...\n",
    "---\n",
    "\u{feff}",
    "\u{85}",
    "é",
    "😀",
    "\n  ",
    "\n- ",
    "key: value\n",
    "# c\n",
    "\"a\n\n b\"",
    "{\"a\": [1,\n 2]}",
    "a: |\n  x\n\n   y\n",
    "|2\n",
    "\u{7f}",
    "\u{3000}",
];

#[derive(Clone, Debug)]
pub(super) enum Change {
    Insert(usize, &'static str),
    Delete(usize, usize),
    Repeat(usize, usize, usize),
    Indent(usize, usize),
    Swap(usize, usize),
    Truncate(usize),
    CarriageReturns,
}

pub(super) fn change() -> impl Strategy<Value = Change> {
    let at = 0..2000_usize;
    prop_oneof![
        4 => (at.clone(), prop::sample::select(BITS)).prop_map(|(at, bit)| Change::Insert(at, bit)),
        3 => (at.clone(), 1..12_usize).prop_map(|(at, count)| Change::Delete(at, count)),
        2 => (at.clone(), 1..40_usize, at.clone()).prop_map(|(at, count, to)| Change::Repeat(at, count, to)),
        2 => (at.clone(), 0..9_usize).prop_map(|(line, width)| Change::Indent(line, width)),
        2 => (at.clone(), at.clone()).prop_map(|(line, other)| Change::Swap(line, other)),
        1 => at.prop_map(Change::Truncate),
        1 => Just(Change::CarriageReturns),
    ]
}

pub(super) fn apply(text: &str, change: &Change) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (length, count) = (chars.len() + 1, lines.len().max(1));
    match *change {
        Change::Insert(at, bit) => drop(chars.splice(at % length..at % length, bit.chars())),
        Change::Delete(at, size) => drop(chars.drain(at % length..(at % length + size).min(length - 1))),
        Change::Repeat(at, size, to) => {
            let part = chars[at % length..(at % length + size).min(length - 1)].to_vec();
            drop(chars.splice(to % length..to % length, part));
        }
        Change::Truncate(at) => chars.truncate(at % length),
        Change::CarriageReturns => return text.replace('\n', "\r\n"),
        Change::Swap(line, other) if !lines.is_empty() => {
            lines.swap(line % count, other % count);
            return lines.concat();
        }
        Change::Indent(line, width) if !lines.is_empty() => {
            let anew = " ".repeat(width) + lines[line % count].trim_start_matches(' ');
            lines[line % count] = &anew;
            return lines.concat();
        }
        Change::Swap(..) | Change::Indent(..) => {}
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_manifests_agree(
        manifest in prop::sample::select(vec![DEPLOYMENT, CONFIG_MAP, LIST]),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        agrees(&changes.iter().fold(manifest.to_owned(), |text, change| apply(&text, change)));
    }

    #[test]
    fn any_text_agrees(bits in prop::collection::vec(prop::sample::select(BITS), 0..12)) {
        agrees(&bits.concat());
    }
}
