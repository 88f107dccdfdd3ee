//! Whether and where a mapping can be copied. The mapping is a whole document or an item of a list.
//!
//! Must not know what the mapping contains.

use super::{NodeId, Tree};

/// True if the text of a mapping has the same meaning in a second place: no alias ties it to other text, and it is a
/// whole document, an item of a flow sequence, or an item of a block sequence with only its own dash before it.
pub fn can_be_copied(tree: &Tree<'_>, source: &str, mapping: NodeId) -> bool {
    if tree.has_aliases() {
        return false;
    }
    let start = tree.node(mapping).span.start as usize;
    tree.root() == Some(mapping)
        || indicator(source, start) == Some(Indicator::Bracket)
        || dash(source, start).is_some()
}

/// Like [`can_be_copied`], but also valid for the output. An edit may write out the only alias of an anchor, so the
/// document must not have any anchor.
pub fn is_free(tree: &Tree<'_>, source: &str, mapping: NodeId) -> bool {
    !tree.has_anchors() && can_be_copied(tree, source, mapping)
}

/// What precedes an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indicator {
    /// An opening bracket, or the comma after another item.
    Bracket,
    /// The dash at this offset in bytes.
    Dash(usize),
}

/// What precedes the item that begins at `start`. Comments, a tag and an anchor may be between the two. `None` if the text
/// there is not an item of a list.
pub fn indicator(source: &str, start: usize) -> Option<Indicator> {
    // A long list may be on one line, whose start is far away.
    if source.get(..start)?.trim_end_matches([' ', '\t']).ends_with(['[', ',']) {
        return Some(Indicator::Bracket);
    }
    let mut line = line_start(source, start);
    // A comment reaches to the end of its line, so none is before the item on the same line.
    let mut text = source.get(line..start)?;
    loop {
        match without_properties(text) {
            "" => {}
            text if text.ends_with(['[', ',']) => return Some(Indicator::Bracket),
            text => {
                let before = text.strip_suffix('-')?;
                let stands_alone = before.chars().next_back().is_none_or(char::is_whitespace);
                return stands_alone.then_some(Indicator::Dash(line + before.len()));
            }
        }
        let end = line.checked_sub(1)?;
        line = line_start(source, end);
        text = without_comment(source.get(line..end)?);
    }
}

/// Returns the offset of the line with the dash of the item that begins at `start`. Between the dash and the item there
/// may be comments, also on separate lines. `None` if there is anything else.
pub fn dash(source: &str, start: usize) -> Option<usize> {
    let mut line = line_start(source, start);
    let mut before = source.get(line..start)?.trim();
    while before.is_empty() || before.starts_with('#') {
        let end = line.checked_sub(1)?;
        line = line_start(source, end);
        before = source.get(line..end)?.trim();
    }
    let after = before.strip_prefix('-')?.trim_start();
    (after.is_empty() || after.starts_with('#')).then_some(line)
}

fn line_start(source: &str, at: usize) -> usize {
    source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The text without the tag and the anchor at its end, which may follow a bracket or a comma without a space.
fn without_properties(text: &str) -> &str {
    let mut text = text.trim_end();
    while let Some(property) = text.split_whitespace().next_back().and_then(property) {
        text = text[..text.len() - property.len()].trim_end();
    }
    text
}

/// Returns the tag or anchor at the end of a word. A tag may contain a comma.
fn property(word: &str) -> Option<&str> {
    let is_first = |at: usize| at == 0 || word[..at].ends_with(['[', ',']);
    let mut starts = word.match_indices(['!', '&']).map(|(at, _)| at);
    starts.rfind(|at| is_first(*at)).map(|at| &word[at..])
}

/// A line without the comment at its end. A quote opens a scalar only where one can begin.
fn without_comment(line: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) => quote = (c != open || before == '\\').then_some(open),
            None if c == '#' && before.is_whitespace() => return &line[..at],
            None if matches!(c, '"' | '\'') && (before.is_whitespace() || "[{,:".contains(before)) => {
                quote = Some(c);
            }
            None => {}
        }
        before = c;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What precedes the item that is written as `@`.
    fn before(text: &str) -> Option<Indicator> {
        indicator(text, text.find('@').unwrap())
    }

    #[test]
    fn a_dash_is_found_behind_comments_and_properties() {
        for text in ["- @", "- # a, b,\n  @", "-\n# [\n\n  @", "- &a !!str @", "- !t # [\n  @"] {
            assert_eq!(before(text), Some(Indicator::Dash(0)), "{text}");
        }
        assert_eq!(before("- - @"), Some(Indicator::Dash(2)));
    }

    #[test]
    fn a_bracket_is_found_behind_comments_and_properties() {
        for text in [
            "[@",
            "[a, @",
            "[&b @",
            "[a,!!str @",
            "[a,&b !!str @",
            "[!<tag:yaml.org,2002:str> @",
            "[[&a @",
            "[ # -\n @",
            "['# ]', # -\n &a @",
            "[\"\\\"#\", # b\n @",
            "[it's, # b\n @",
        ] {
            assert_eq!(before(text), Some(Indicator::Bracket), "{text}");
        }
    }

    #[test]
    fn a_value_is_not_an_item() {
        for text in ["@", "a: @", "a-\n @", "a: # [\n  @"] {
            assert_eq!(before(text), None, "{text}");
        }
    }
}
