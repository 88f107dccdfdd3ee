//! Mappings, sequences and scalars in every style.

use super::Dice;

/// Includes the file with the forms of a kind, one on each line.
macro_rules! forms {
    ($kind:literal) => {
        include_str!(concat!("forms/", $kind, ".txt"))
    };
}

/// Returns a block mapping with a few keys.
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

/// Returns the text on the line of a key, and the lines below.
fn value(dice: &mut Dice, depth: usize) -> (String, Vec<String>) {
    let properties = if dice.one_in(6) { dice.form(forms!("properties")) } else { String::new() };
    let comment = if dice.one_in(10) { dice.pick(&[" # c", "#c", "\t# c", " #"]) } else { "" };
    let indent = " ".repeat(dice.pick(&["  ", "  ", "  ", "", " ", "    "]).len());
    let (first, rest) = match dice.below(if depth == 0 { 5 } else { 8 }) {
        0 => (dice.form(forms!("plain")), Vec::new()),
        1 => (dice.form(forms!("double")), Vec::new()),
        2 if dice.one_in(2) => (dice.form(forms!("single")), Vec::new()),
        2 => (dice.form(forms!("flow")), Vec::new()),
        3 => folded(dice, &indent),
        4 => block_scalar(dice, &indent),
        5 => (String::new(), mapping(dice, &indent, depth)),
        6 => (String::new(), sequence(dice, &indent, depth)),
        _ => (flow(dice, depth), Vec::new()),
    };
    (format!("{properties}{first}{comment}"), rest)
}

fn folded(dice: &mut Dice, indent: &str) -> (String, Vec<String>) {
    let text = dice.form(forms!("folded"));
    let mut lines = text.split('\n').map(str::to_owned);
    let first = if dice.one_in(4) { String::new() } else { lines.next().unwrap_or_default() };
    (first, lines.map(|line| format!("{indent}{line}")).collect())
}

fn block_scalar(dice: &mut Dice, indent: &str) -> (String, Vec<String>) {
    let lines = (0..dice.below(5)).map(|_| format!("{indent}{}", dice.form(forms!("lines")))).collect();
    (dice.form(forms!("headers")), lines)
}

fn mapping(dice: &mut Dice, indent: &str, depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for _ in 0..dice.below(4) + 1 {
        let key = key(dice, 3);
        lines.extend(entry(dice, &key, depth - 1));
    }
    lines.into_iter().map(|line| format!("{indent}{line}")).collect()
}

/// Returns an odd key once in `count` times.
fn key(dice: &mut Dice, count: usize) -> String {
    if dice.one_in(count) {
        dice.form(forms!("keys"))
    } else {
        dice.pick(&["a", "b", "\"c\"", "d"]).to_owned()
    }
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
            text += &key(dice, 4);
            text += dice.pick(&[": ", ": ", ": ", ":", " : ", ""]);
        }
        text += &item(dice);
        text += separator(dice);
    }
    if mapping { format!("{{{text}}}") } else { format!("[{text}]") }
}
