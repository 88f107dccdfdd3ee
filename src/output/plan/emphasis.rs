//! Splits a unified diff into lines, and marks the words that changed within a line.
//!
//! Must not add colour: the renderer does that.

use similar::{ChangeTag, TextDiff};
use std::iter::Peekable;
use std::str::Lines;

/// The most bytes of old and new lines for which words are compared; longer ones are shown without emphasis.
const LONGEST: usize = 4000;

/// A line of a diff.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `-` or `+`; a space for an unchanged line within a change; empty for any other line.
    pub(super) sign: &'static str,
    /// The rest of the line in parts; true for parts that changed.
    pub(super) parts: Vec<(bool, String)>,
}

/// Returns every line of a unified diff.
pub(super) fn lines(diff: &str) -> Vec<Line> {
    let mut all = Vec::new();
    let mut rest = diff.lines().peekable();
    while rest.peek().is_some() {
        let (old, new) = (signed(&mut rest, '-'), signed(&mut rest, '+'));
        if old.is_empty() && new.is_empty() {
            all.extend(rest.next().map(|line| plain("", line)));
        } else {
            all.extend(replaced(&old, &new));
        }
    }
    all
}

/// Consumes the next lines with a sign. Returns them without the sign, each with a line feed.
fn signed(rest: &mut Peekable<Lines<'_>>, sign: char) -> String {
    let mut text = String::new();
    while let Some(line) = rest.peek().and_then(|line| line.strip_prefix(sign)) {
        text.extend([line, "\n"]);
        rest.next();
    }
    text
}

fn replaced(old: &str, new: &str) -> Vec<Line> {
    if old.is_empty() || new.is_empty() || old.len() + new.len() > LONGEST {
        let before = old.lines().map(|line| plain("-", line));
        return before.chain(new.lines().map(|line| plain("+", line))).collect();
    }
    let diff = TextDiff::from_lines(old, new);
    let changes = diff.ops().iter().flat_map(|op| diff.iter_inline_changes(op));
    let line = |change: similar::InlineChange<'_, str>| {
        let part = |(changed, text): &(bool, &str)| (*changed, text.trim_end_matches('\n').to_owned());
        let mut parts: Vec<(bool, String)> = change.values().iter().map(part).collect();
        // Emphasis on a whole line carries no information.
        if parts.iter().all(|(changed, text)| *changed || text.is_empty()) {
            parts.iter_mut().for_each(|(changed, _)| *changed = false);
        }
        let sign = match change.tag() {
            ChangeTag::Delete => "-",
            ChangeTag::Insert => "+",
            ChangeTag::Equal => " ",
        };
        Line { sign, parts }
    };
    changes.map(line).collect()
}

fn plain(sign: &'static str, text: &str) -> Line {
    Line { sign, parts: vec![(false, text.to_owned())] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(diff: &str) -> Vec<String> {
        let part =
            |(changed, text): &(bool, String)| if *changed { format!("[{text}]") } else { text.clone() };
        let line = |line: &Line| line.sign.to_owned() + &line.parts.iter().map(part).collect::<String>();
        lines(diff).iter().map(line).collect()
    }

    #[test]
    fn words_that_change_are_emphasised() {
        let diff = "@@ -1,2 +1,2 @@\n a\n-workers 2 of 8\n+workers 4 of 8\n";
        assert_eq!(drawn(diff), ["@@ -1,2 +1,2 @@", " a", "-workers [2] of 8", "+workers [4] of 8"]);
        assert_eq!(drawn("-info\n+debug\n"), ["-info", "+debug"]);
    }

    #[test]
    fn without_emphasis_the_lines_are_the_same() {
        let long = format!("-{}\n+{}\n", "a ".repeat(2000), "b ".repeat(2000));
        for diff in ["", "-a\n", "+a b\n-a\n", "-a\n-b\n+a c\n \n", long.as_str()] {
            let joined = lines(diff).iter().fold(String::new(), |text, line| {
                let rest: String = line.parts.iter().map(|(_, part)| part.as_str()).collect();
                text + line.sign + &rest + "\n"
            });
            assert_eq!(joined, diff);
        }
    }
}
