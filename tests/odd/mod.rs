//! Unusual but possible documents: every form of YAML 1.1, and mistakes in it.

mod dice;
mod objects;
mod values;

pub(crate) use dice::Dice;
pub(crate) use objects::config_map;

/// Returns the beginning of every document: enough for kubectl to accept it as an object with this name.
pub(crate) fn head(name: &str) -> String {
    format!("apiVersion: v1\nkind: Odd\nmetadata: {{name: {name}}}\n")
}

/// Texts that turn one construct into another.
const BITS: &[&str] = &[
    " ", "  ", "\t", "\n", "\n  ", "\n\t", "\r\n", "\r", ":", ": ", "- ", "-", "? ", "#", " #", "\"", "'",
    "\\", "\\\n", "|", ">", "{", "}", "[", "]", ",", ", ", "&a ", "*a", "*a ", "!t ", "!!str ", "!!int ",
    "! ", "%", "@", "`", "...", "\n...\n", "\u{feff}", "\u{85}", "\u{2028}", "é", "😀", "<<: ", "~", "0",
    "\u{7f}", "\u{fffe}", "x", "x: y",
];

/// Returns the text after the head.
pub(crate) fn text(dice: &mut Dice) -> String {
    let mut text = values::entries(dice);
    if dice.one_in(3) {
        for _ in 0..dice.below(3) + 1 {
            text = changed(&text, dice);
        }
    }
    text
}

/// Returns the text with a character removed, a text inserted, or a line indented differently.
fn changed(text: &str, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = dice.below(chars.len() + 1);
    match dice.below(4) {
        0 if at < chars.len() => drop(chars.remove(at)),
        1 => {
            let to = (at + dice.below(8)).min(chars.len());
            let part = chars[at..to].to_vec();
            let place = dice.below(chars.len() + 1);
            chars.splice(place..place, part);
        }
        2 => {
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            let line = dice.below(lines.len().max(1));
            if let Some(line) = lines.get_mut(line) {
                *line = " ".repeat(dice.below(6)) + line.trim_start_matches(' ');
            }
            return lines.concat();
        }
        _ => drop(chars.splice(at..at, dice.pick(BITS).chars())),
    }
    chars.into_iter().collect()
}
