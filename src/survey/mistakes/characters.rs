//! Characters that have another meaning in YAML than people expect.

use super::lines::{Fault, Line};
use super::mistake::Mistake;

/// Finds a character that looks like a space where a space belongs, but is not a space for YAML.
pub(super) fn space(fault: &Fault<'_>) -> Option<Mistake> {
    let lines = std::iter::once(fault.line).chain(fault.above().take(1));
    let (at, letter) = lines.into_iter().find_map(odd_space)?;
    let found = format!("found the invisible character U+{:04X} where a space belongs", u32::from(letter));
    Some(Mistake::new(
        at,
        found,
        "replace it with a plain space; text copied from a web page often contains it",
    ))
}

/// Returns such a character in the indentation, or after a colon or dash.
fn odd_space(line: Line<'_>) -> Option<(usize, char)> {
    let is_odd = |letter: char| {
        matches!(
            letter,
            '\u{a0}' | '\u{1680}' | '\u{2000}'
                ..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
        )
    };
    let (mut before, mut indents) = (' ', true);
    for (at, letter) in line.text.char_indices() {
        if is_odd(letter) && (indents || matches!(before, ':' | '-')) {
            return Some((line.start + at, letter));
        }
        indents &= letter == ' ';
        before = letter;
    }
    None
}

/// Finds quotes of a word processor around a value.
pub(super) fn typographic_quote(fault: &Fault<'_>) -> Option<Mistake> {
    let lines = std::iter::once(fault.line).chain(fault.above().take(1));
    let at = lines.into_iter().find_map(|line| {
        let at = line.text.find(['“', '”', '‘', '’', '„', '«'])?;
        line.text[..at].trim_end().ends_with([':', '-', ',', '[', '{']).then_some(line.start + at)
    })?;
    Some(Mistake::new(
        at,
        "found a typographic quote, which does not quote",
        "use the plain quotes `\"` or `'`",
    ))
}

/// Finds a character at the start of a value that YAML reserves.
pub(super) fn start(fault: &Fault<'_>) -> Option<Mistake> {
    if fault.message != "found a character that cannot start a value here" {
        return None;
    }
    let letter = fault.text[fault.at..].chars().next().filter(char::is_ascii_punctuation)?;
    let shown = if letter == '`' { "a backtick".to_owned() } else { format!("`{letter}`") };
    Some(Mistake::new(fault.at, format!("a value cannot start with {shown}"), "put the value in quotes"))
}

/// Finds a backslash in double quotes, as in a Windows path or a regular expression.
pub(super) fn escape(fault: &Fault<'_>) -> Option<Mistake> {
    if !fault.message.starts_with("found an unknown escape") {
        return None;
    }
    let found = "in double quotes, `\\` starts an escape, and there is no such escape";
    Some(Mistake::new(
        fault.at,
        found,
        "use single quotes, in which `\\` is a plain character, or write `\\\\`",
    ))
}

/// Finds a `*` or `&` that was meant as text, or an alias without an anchor.
pub(super) fn alias(fault: &Fault<'_>) -> Option<Mistake> {
    let about =
        fault.message.contains("an alias whose anchor") || fault.message.starts_with("an anchor or alias");
    if !about {
        return None;
    }
    let here = fault.text[fault.at..].chars().next().map_or(0, char::len_utf8);
    let at = fault.text[..fault.at + here].rfind(['*', '&'])?;
    let (found, help) = match &fault.text[at..=at] {
        "*" => (
            "`*` starts an alias, and the document has no anchor with this name",
            "if it is text, such as `*.log`, put the value in quotes; otherwise define the anchor (`&NAME`) in the same document",
        ),
        _ => {
            ("`&` starts an anchor, and this is not a name for one", "if it is text, put the value in quotes")
        }
    };
    Some(Mistake::new(at, found, help))
}

/// Finds a key or a dash without a space after it, so that the line is one long text.
pub(super) fn missing_space(fault: &Fault<'_>) -> Option<Mistake> {
    if !fault.is_about_keys() {
        return None;
    }
    let lines = fault.above().take(1).chain(std::iter::once(fault.line));
    lines.into_iter().find_map(|line| {
        let begins = |text: &str| text.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        if line.content().strip_prefix('-').is_some_and(begins) {
            let help = "write a space between the dash and the key";
            return Some(Mistake::new(
                line.start + line.indent(),
                "a list item has no space after its `-`",
                help,
            ));
        }
        let (key, value) = line.entry()?;
        if value.starts_with("//") || !begins(value) || value.contains(": ") {
            return None;
        }
        let at = line.start + line.inner_indent() + key.len();
        Some(Mistake::new(
            at,
            "there is no space after this `:`, so the line is not a key with a value",
            "write `key: value`",
        ))
    })
}

/// Finds text that contains a colon and has no quotes.
pub(super) fn two_colons(fault: &Fault<'_>) -> Option<Mistake> {
    let column = fault.at.checked_sub(fault.line.start)?;
    let (key, _) = fault.line.entry().filter(|(_, value)| value.starts_with(' '))?;
    let first = fault.line.inner_indent() + key.len();
    if !fault.message.starts_with("found `: ` where") || column <= first {
        return None;
    }
    let found = "this `: ` is within a value that has no quotes";
    Some(Mistake::new(fault.at, found, "put the whole value in quotes"))
}
