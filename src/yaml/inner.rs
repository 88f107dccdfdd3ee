//! Locates a part of a scalar's text in the source, despite quotes, escapes and indentation.
//!
//! Read-only. Returns `None` for a part that cannot be located for certain, for example in a folded value.

use super::node::{Kind, NodeId, Style};
use super::tree::Tree;
use crate::text::source::{Source, Span};
use std::ops::Range;

impl Tree<'_> {
    /// Returns the bytes of the source that contain `part` of a scalar's text. `None` for an alias, for text that is
    /// folded over lines, and wherever the source does not contain the part literally.
    pub fn inner(&self, id: NodeId, part: Range<usize>, source: &Source) -> Option<Span> {
        let node = self.node(id);
        let Kind::Scalar(style) = node.kind else { return None };
        let (raw, text) = (source.slice(node.span), self.text(id)?);
        let start = match style {
            Style::Plain => single_line(raw)?.then_some(part.start)?,
            Style::Single => 1 + raw_offset(raw.get(1..)?, part.start, single_quoted)?,
            Style::Double => 1 + raw_offset(raw.get(1..)?, part.start, double_quoted)?,
            Style::Block => literal(raw, text, part.start)?,
        };
        let found = start..start + part.len();
        let span = Span::new(node.span.start as usize + found.start, node.span.start as usize + found.end);
        (raw.get(found)? == text.get(part)?).then_some(span)
    }

    /// Returns the part of a scalar's text that the bytes of `place` contain; the reverse of [`Tree::inner`].
    pub fn read_as(&self, id: NodeId, place: Span, source: &Source) -> Option<Range<usize>> {
        let node = self.node(id);
        let Kind::Scalar(style) = node.kind else { return None };
        let (raw, text) = (source.slice(node.span), self.text(id)?);
        let at = place.start.checked_sub(node.span.start)? as usize;
        let start = match style {
            Style::Plain => at,
            Style::Single => decoded_offset(raw.get(1..)?, at.checked_sub(1)?, single_quoted)?,
            Style::Double => decoded_offset(raw.get(1..)?, at.checked_sub(1)?, double_quoted)?,
            Style::Block => literal_offset(raw, text, at)?,
        };
        let found = start..start + place.range().len();
        (self.inner(id, found.clone(), source) == Some(place)).then_some(found)
    }
}

fn single_line(raw: &str) -> Option<bool> {
    Some(!raw.contains('\n'))
}

/// Returns the offset in the quoted source after `wanted` bytes of decoded text. `step` returns the length of the next
/// character in the source and its decoded length, both in bytes.
fn raw_offset(raw: &str, wanted: usize, step: fn(&str) -> Option<(usize, usize)>) -> Option<usize> {
    let (mut at, mut decoded) = (0, 0);
    while decoded < wanted {
        let (taken, stands_for) = step(raw.get(at..)?)?;
        at += taken;
        decoded += stands_for;
    }
    (decoded == wanted).then_some(at)
}

/// Returns the length of the decoded text of the first `wanted` bytes of the quoted source.
fn decoded_offset(raw: &str, wanted: usize, step: fn(&str) -> Option<(usize, usize)>) -> Option<usize> {
    let (mut at, mut decoded) = (0, 0);
    while at < wanted {
        let (taken, stands_for) = step(raw.get(at..)?)?;
        at += taken;
        decoded += stands_for;
    }
    (at == wanted).then_some(decoded)
}

fn single_quoted(rest: &str) -> Option<(usize, usize)> {
    if rest.starts_with("''") {
        return Some((2, 1));
    }
    ordinary(rest)
}

fn double_quoted(rest: &str) -> Option<(usize, usize)> {
    let Some(escape) = rest.strip_prefix('\\') else { return ordinary(rest) };
    let digits = match escape.chars().next()? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        'N' | '_' => return Some((2, 2)),
        'L' | 'P' => return Some((2, 3)),
        '\n' | '\r' => return None,
        _ => return Some((2, 1)),
    };
    let number = u32::from_str_radix(escape.get(1..=digits)?, 16).ok()?;
    // Half of a surrogate pair is not a character, so such text cannot be located.
    char::from_u32(number).map(|character| (2 + digits, character.len_utf8()))
}

/// Returns the length of an unescaped character; `None` for a line break, which is folded in quotes.
fn ordinary(rest: &str) -> Option<(usize, usize)> {
    let character = rest.chars().next().filter(|c| *c != '\n')?;
    Some((character.len_utf8(), character.len_utf8()))
}

/// Returns the offset in a literal block scalar, which contains its text line by line after the same indentation.
fn literal(raw: &str, text: &str, wanted: usize) -> Option<usize> {
    let header_end = raw.strip_prefix('|')?.find('\n')? + 2;
    let body = raw.get(header_end..)?;
    let first = body.lines().find(|line| !line.trim().is_empty())?;
    let indent = first.len() - first.trim_start_matches(' ').len();
    let line = text.get(..wanted)?.matches('\n').count();
    let column = wanted - text.get(..wanted)?.rfind('\n').map_or(0, |at| at + 1);
    let before: usize = body.split_inclusive('\n').take(line).map(str::len).sum();
    Some(header_end + before + indent + column)
}

/// The reverse of [`literal`].
fn literal_offset(raw: &str, text: &str, wanted: usize) -> Option<usize> {
    let line = raw.get(..wanted)?.matches('\n').count().checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let written = literal(raw, text, start)?;
    Some(start + wanted.checked_sub(written)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn a_place_reads_as_the_part_that_it_was_made_from() {
        for text in [
            "a web b",
            "'it''s web'",
            "\"a\\tweb \\u00e9 web\"",
            "|\n  one\n\n  a web\n   web\n",
            ">\n  a web\n",
        ] {
            let source = Source::new("x", text).unwrap();
            let mut tree = Tree::default();
            yaml::parse(source.text(), 0, &mut tree).unwrap();
            let root = tree.root().unwrap();
            let decoded = tree.text(root).unwrap().to_owned();
            for (at, _) in decoded.match_indices("web") {
                if let Some(place) = tree.inner(root, at..at + 3, &source) {
                    assert_eq!(tree.read_as(root, place, &source), Some(at..at + 3), "{text}");
                } else {
                    assert!(text.starts_with('>'), "{text}");
                }
            }
        }
    }
}
