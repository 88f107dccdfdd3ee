//! Ways in which editors, templates and merges damage a manifest: a character or a line is lost, doubled or moved.

use crate::streams::dice::Dice;
use crate::streams::mutation::TOKENS;

/// Returns the text with some damage, or unchanged in one case of eight.
pub(crate) fn damaged(text: &str, dice: &mut Dice) -> String {
    let count = if dice.one_in(8) { 0 } else { 1 + dice.below(3) };
    (0..count).fold(text.to_owned(), |text, _| damage(text, dice))
}

fn damage(text: String, dice: &mut Dice) -> String {
    match dice.below(13) {
        0..=2 => without_a_sign(text, dice),
        3 => with_a_token(text, dice),
        4 => without_some_letters(text, dice),
        5 => text.replace(['"', '\''], ""),
        6 => text[..place(&text, dice)].to_owned(),
        _ => with_other_lines(&text, dice),
    }
}

/// Removes a comma, colon, quote, bracket, dash or line break.
fn without_a_sign(mut text: String, dice: &mut Dice) -> String {
    let sign = dice.pick(&[",", ":", "\"", "'", "{", "}", "[", "]", "-", "\n", "|", "\\", " "]);
    let places: Vec<usize> = text.match_indices(sign).map(|(at, _)| at).collect();
    if let Some(at) = places.get(dice.below(places.len())) {
        text.replace_range(*at..at + sign.len(), "");
    }
    text
}

fn with_a_token(mut text: String, dice: &mut Dice) -> String {
    let token = dice.pick(&TOKENS);
    text.insert_str(place(&text, dice), token);
    text
}

fn without_some_letters(mut text: String, dice: &mut Dice) -> String {
    let at = place(&text, dice);
    let end = text[at..].char_indices().nth(1 + dice.below(12)).map_or(text.len(), |(index, _)| at + index);
    text.replace_range(at..end, "");
    text
}

/// Removes, doubles, moves or indents a line, or joins it with the next one.
fn with_other_lines(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return String::new();
    }
    let at = dice.below(lines.len());
    match dice.below(7) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            // Within its document: an entry that moves into another object belongs to that object.
            let is_end = |line: &String| line.starts_with("---");
            let start = lines[..at].iter().rposition(is_end).map_or(0, |end| end + 1);
            let end = lines[at..].iter().position(is_end).map_or(lines.len(), |end| at + end);
            let line = lines.remove(at);
            lines.insert(start + dice.below(end.saturating_sub(start).max(1)), line);
        }
        3 => lines[at] = lines[at].trim_start().to_owned(),
        4 => lines[at] = format!("{}{}", " ".repeat(1 + dice.below(6)), lines[at]),
        5 => lines[at] = lines[at].strip_prefix("  ").unwrap_or(&lines[at]).to_owned(),
        _ => {
            let line = lines.remove(at);
            lines.insert(at, String::new());
            lines[at] = line.trim_end().to_owned();
            if let Some(next) = (at + 1 < lines.len()).then(|| lines.remove(at + 1)) {
                lines[at].push_str(&format!(" {}", next.trim_start()));
            }
        }
    }
    lines.join("\n") + "\n"
}

fn place(text: &str, dice: &mut Dice) -> usize {
    let mut at = dice.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
