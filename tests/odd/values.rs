//! Mappings, sequences and scalars in every style.

use super::Dice;
use super::scalars::{DOUBLE, FOLDED, KEYS, PLAIN, SINGLE};

const HEADERS: &[&str] = &[
    "|", ">", "|-", ">-", "|+", ">+", "|2", ">1", "|2-", "|-2", ">+1", "| # c", "|# c", "|x", "|0", "|\t",
    "|10", "|--", "&a |", "!!str >-", "! |", "!!int |",
];

const LINES: &[&str] = &[
    "x",
    "y z",
    " x",
    "  y",
    "\tx",
    "",
    "",
    " ",
    "   ",
    "# c",
    "x ",
    "- x",
    "a: b",
    "x\ty",
    "\t",
    "é",
    "x\u{85}y",
    "x\u{2028}y",
    "...",
];

const FLOW: &[&str] = &[
    "[]",
    "{}",
    "[a]",
    "[tar, xf, -]",
    "[-]",
    "[ - ]",
    "[-,-]",
    "[- a]",
    "[-a, --]",
    "{a: -, b: c}",
    "{-: a}",
    "[a: b]",
    "[a: b, c]",
    "[\"a\": b]",
    "[\"a\":b]",
    "{\"a\":b}",
    "{\"a\":\"b\"}",
    "{a:b}",
    "{a:}",
    "{key:, x: y}",
    "{key: , x: y}",
    "{a, b}",
    "{a, b: c}",
    "{? a, b: c}",
    "{? a : b}",
    "[? a : b]",
    "[?]",
    "[? ]",
    "[: a]",
    "{: a}",
    "{:}",
    "[a,]",
    "{a: b,}",
    "[,]",
    "[a,,b]",
    "[a b, c d]",
    "[a, [b, {c: d}]]",
    "{a: [b], c: {d: e}}",
    "{a:[b]}",
    "{a: b}#c",
    "[a]#c",
    "[a] #c",
    "[a]b",
    "[a?b]",
    "[a:b]",
    "[http://x/?y]",
    "{a: http://x:80/y}",
    "[*a]",
    "[*a , b]",
    "{*a : b}",
    "[&b c, *b]",
    "&c [*c]",
    "[!t a]",
    "[!t, a]",
    "[!t , a]",
    "[!!str 1]",
    "{!!str 1: 2}",
    "[!!int, 1]",
    "{<<: {a: b}}",
    "{<<: [{a: b}, {a: c}]}",
    "{a: x, <<: {a: b}}",
    "{<<: *a}",
    "{<<: a}",
    "{<<: [a]}",
    "{!!merge <<: {a: b}}",
    "{\"<<\": {a: b}}",
    "{! <<: {a: b}}",
    "{1: a, 2: b}",
    "{a: b, a: c}",
    "[|]",
    "[>x]",
    "[a|b]",
    "[%a]",
    "[a%]",
    "[@a]",
    "[`a]",
    "[\"a\" b]",
    "['a','b']",
    "[\"a\\'\"]",
    "{a: \"b\"#c\n}",
    "{[a]: b}",
    "{{a: b}: c}",
    "[[a]: b]",
    "{a b: c d}",
    "{a: b: c}",
    "{\"a\": b: c}",
    "{a::b}",
    "{a: :b}",
    "[::]",
    "[a::b]",
    "[?a]",
    "[a ?b]",
    "[-?]",
    "[#a]\n]",
    "{a: #b\nc}",
    "[a, b",
    "{a: b",
    "]",
    "}",
    "[}",
    "[a}",
    "[.5, 1e3, 0644]",
    "[~, , a]",
    "[\u{7f}]",
    "['', \"\"]",
    "{'': a}",
    "{\"\": a}",
    "[[], {}]",
    "[\ta]",
    "{\ta:\tb}",
    "[a\t,b]",
    "{!!binary aGk=: a}",
    "!!binary aGk=",
    "!!binary x",
    "!!binary \"aG\n k=\"",
];

const PROPERTIES: &[&str] = &[
    "&a ",
    "!!str ",
    "!t ",
    "! ",
    "!!int ",
    "!!float ",
    "!!bool ",
    "!!null ",
    "&a !!str ",
    "!!str &b ",
    "!<tag:yaml.org,2002:str> ",
    "!<x> ",
    "!!timestamp ",
    "&a.b ",
    "&a",
    "!!",
    "!a!b ",
    "!a%20b ",
    "&a &b ",
    "!!str !!int ",
    "!!binary ",
    "!!map ",
    "!!seq ",
    "!!set ",
    "!!merge ",
    "!a,b ",
    "!",
    "*a ",
    "*b ",
    "&é ",
    "!é ",
    "&a:b ",
    "&a, ",
    "!!foo ",
    "!!str\t",
    "&a\t",
];

/// A block mapping of a few keys.
pub(super) fn entries(dice: &mut Dice) -> String {
    let mut lines = Vec::new();
    for number in 0..dice.below(3) + 1 {
        lines.extend(entry(dice, &format!("s{number}"), 2));
    }
    lines.join("\n")
        + dice.pick(&[
            "\n",
            "\n",
            "\n",
            "",
            "\n\n",
            "\n# c",
            "\n...\n",
            "\n...\nz: [",
            "\n... # c\nz: 1\n",
            "\n ",
        ])
}

fn entry(dice: &mut Dice, key: &str, depth: usize) -> Vec<String> {
    if dice.one_in(15) {
        let mut lines = vec![format!("? {key}")];
        lines.extend(entry(dice, "", 0).into_iter().map(|line| line.trim_start().to_owned()));
        return lines;
    }
    let colon = dice.pick(&[": ", ": ", ": ", ": ", " : ", ":  ", ":\t", ":"]);
    let (first, rest) = value(dice, depth);
    let first = format!("{key}{colon}{first}");
    std::iter::once(first).chain(rest).collect()
}

/// What stands on the line of a key, and the lines below.
fn value(dice: &mut Dice, depth: usize) -> (String, Vec<String>) {
    let properties = if dice.one_in(6) { dice.pick(PROPERTIES) } else { "" };
    let comment = if dice.one_in(10) { dice.pick(&[" # c", "#c", "\t# c", " #"]) } else { "" };
    let indent = " ".repeat(dice.pick(&["  ", "  ", "  ", "", " ", "    "]).len());
    let (first, rest) = match dice.below(if depth == 0 { 5 } else { 8 }) {
        0 => (dice.pick(PLAIN).to_owned(), Vec::new()),
        1 => (dice.pick(DOUBLE).to_owned(), Vec::new()),
        2 => (dice.either(2, SINGLE, FLOW).to_owned(), Vec::new()),
        3 => folded(dice, &indent),
        4 => block_scalar(dice, &indent),
        5 => (String::new(), mapping(dice, &indent, depth)),
        6 => (String::new(), sequence(dice, &indent, depth)),
        _ => (flow(dice, depth), Vec::new()),
    };
    (format!("{properties}{first}{comment}"), rest)
}

fn folded(dice: &mut Dice, indent: &str) -> (String, Vec<String>) {
    let text = dice.pick(FOLDED);
    let mut lines = text.split('\n').map(str::to_owned);
    let first = if dice.one_in(4) { String::new() } else { lines.next().unwrap_or_default() };
    (first, lines.map(|line| format!("{indent}{line}")).collect())
}

fn block_scalar(dice: &mut Dice, indent: &str) -> (String, Vec<String>) {
    let lines = (0..dice.below(5)).map(|_| format!("{indent}{}", dice.pick(LINES))).collect();
    (dice.pick(HEADERS).to_owned(), lines)
}

fn mapping(dice: &mut Dice, indent: &str, depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for _ in 0..dice.below(4) + 1 {
        let key = dice.either(3, KEYS, &["a", "b", "c", "d"]);
        lines.extend(entry(dice, key, depth - 1));
    }
    lines.into_iter().map(|line| format!("{indent}{line}")).collect()
}

fn sequence(dice: &mut Dice, indent: &str, depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for _ in 0..dice.below(3) + 1 {
        let (first, rest) = if dice.one_in(3) {
            let mut mapping = mapping(dice, "  ", depth);
            (mapping.remove(0).trim_start().to_owned(), mapping)
        } else {
            value(dice, depth - 1)
        };
        lines.push(format!("-{}{first}", dice.pick(&[" ", " ", " ", "  ", "\t", ""])));
        lines.extend(rest);
    }
    lines.into_iter().map(|line| format!("{indent}{line}")).collect()
}

fn flow(dice: &mut Dice, depth: usize) -> String {
    let item = |dice: &mut Dice| {
        let simple = dice.pick(&["a", "\"b\"", "'c'", "1", "-", "x y", "*a", "&a b", "!!str 1", "a:b", ""]);
        if depth > 1 && dice.one_in(3) { flow(dice, depth - 1) } else { simple.to_owned() }
    };
    let separator = |dice: &mut Dice| dice.pick(&[", ", ",", " , ", ",\t", ",\n  ", ", # c\n  "]);
    let mapping = dice.one_in(2);
    let mut text = String::new();
    for _ in 0..dice.below(4) {
        if mapping || dice.one_in(6) {
            text += dice.either(4, KEYS, &["a", "b", "\"c\"", "d"]);
            text += dice.pick(&[": ", ": ", ": ", ":", " : ", ""]);
        }
        text += &item(dice);
        text += separator(dice);
    }
    if mapping { format!("{{{text}}}") } else { format!("[{text}]") }
}
