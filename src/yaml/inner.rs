//! Locates a part of a scalar's text in the source, despite quotes, escapes, folds and indentation.
//!
//! Read-only. Returns `None` for a part that cannot be located for certain.

use super::escape::{hex, unescape};
use super::node::{Kind, NodeId, Style};
use super::tree::Tree;
use crate::text::source::{Source, Span};
use std::ops::Range;

impl Tree<'_> {
    /// Returns the bytes of the source that are read as `part` of a scalar's text. Within double quotes, they may contain
    /// escapes. `None` for an alias.
    pub fn inner(&self, id: NodeId, part: Range<usize>, source: &Source) -> Option<Span> {
        self.inner_after(id, part, source, &mut Position::default())
    }

    /// Like [`Tree::inner`], but continues at the position of an earlier part, which it replaces. So many parts of a long
    /// text, in order, take linear time.
    pub fn inner_after(
        &self,
        id: NodeId,
        part: Range<usize>,
        source: &Source,
        earlier: &mut Position,
    ) -> Option<Span> {
        let start = self.node(id).span.start as usize;
        if let Some(quote) = self.as_written(id) {
            return Some(Span::new(start + quote + part.start, start + quote + part.end));
        }
        let mut trace = Trace::of(self, id, source)?;
        if earlier.node == Some(id) && earlier.read <= part.start {
            trace.position = *earlier;
        }
        trace.read_to(part.start)?;
        trace.skip_nothing();
        *earlier = trace.position;
        trace.read_to(part.end)?;
        Some(Span::new(start + earlier.at, start + trace.position.at))
    }

    /// Returns the part of a scalar's text that the bytes of `place` contain; the reverse of [`Tree::inner_after`].
    pub fn read_as(
        &self,
        id: NodeId,
        place: Span,
        source: &Source,
        earlier: &mut Position,
    ) -> Option<Range<usize>> {
        let start = self.node(id).span.start;
        let (from, to) = (place.start.checked_sub(start)? as usize, place.end.checked_sub(start)? as usize);
        if let Some(quote) = self.as_written(id) {
            return Some(from.checked_sub(quote)?..to.checked_sub(quote)?);
        }
        let mut trace = Trace::of(self, id, source)?;
        if earlier.node == Some(id) && earlier.at <= from {
            trace.position = *earlier;
        }
        trace.pass_to(from)?;
        *earlier = trace.position;
        trace.pass_to(to)?;
        Some(earlier.read..trace.position.read)
    }

    /// Returns the width of the quotes of a scalar whose text is a slice of the source.
    fn as_written(&self, id: NodeId) -> Option<usize> {
        let is_slice = self.scalar(id)?.link == 0;
        match self.node(id).kind {
            Kind::Scalar(Style::Plain) if is_slice => Some(0),
            Kind::Scalar(Style::Single | Style::Double) if is_slice => Some(1),
            _ => None,
        }
    }
}

/// White space, which is folded where it contains a line break.
const WHITE: [char; 4] = [' ', '\t', '\r', '\n'];

/// A position in the source of a scalar, and the same position in its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Position {
    node: Option<NodeId>,
    at: usize,
    read: usize,
    /// The indentation of a block scalar.
    indent: usize,
    /// The end of white space that contains no line break.
    unfolded: usize,
}

/// A scalar that is read from its source.
struct Trace<'a> {
    /// The scalar, with its quotes or its header.
    raw: &'a str,
    text: &'a str,
    style: Style,
    position: Position,
}

impl<'a> Trace<'a> {
    /// Starts before the first character of a scalar's text.
    fn of(tree: &'a Tree<'_>, id: NodeId, source: &'a Source) -> Option<Trace<'a>> {
        let node = tree.node(id);
        let Kind::Scalar(style) = node.kind else { return None };
        let (raw, text) = (source.slice(node.span), tree.text(id)?);
        let position = Position { node: Some(id), ..Position::default() };
        let mut trace = Trace { raw, text, style, position };
        match style {
            Style::Plain => {}
            Style::Single | Style::Double => trace.position.at = 1,
            Style::Block => trace.skip_header()?,
        }
        Some(trace)
    }

    /// Moves to a byte of the text.
    fn read_to(&mut self, wanted: usize) -> Option<()> {
        while self.position.read < wanted {
            self.step()?;
        }
        (self.position.read == wanted).then_some(())
    }

    /// Moves to a byte of the source.
    fn pass_to(&mut self, wanted: usize) -> Option<()> {
        while self.position.at < wanted {
            self.step()?;
        }
        (self.position.at == wanted).then_some(())
    }

    /// Moves over line breaks that are not part of the text.
    fn skip_nothing(&mut self) {
        let rest = self.raw.get(self.position.at..).unwrap_or_default();
        if let (Style::Double, Some((taken, 0))) = (self.style, escaped_break(rest)) {
            self.position.at += taken;
        }
    }

    /// Moves over one character, or over white space that is folded. `None` where the source and the text differ.
    fn step(&mut self) -> Option<()> {
        let rest = self.raw.get(self.position.at..)?;
        let (taken, read) = match self.style {
            Style::Single if rest.starts_with("''") => (2, 1),
            Style::Double if rest.starts_with('\\') => escaped_break(rest).or_else(|| escape(rest))?,
            Style::Block if rest.starts_with(['\n', '\r']) => self.line_break(rest),
            Style::Plain | Style::Single | Style::Double if self.position.at >= self.position.unfolded => {
                let white = rest.len() - rest.trim_start_matches(WHITE).len();
                self.position.unfolded = self.position.at + white;
                folded(&rest[..white]).or_else(|| self.ordinary(rest))?
            }
            _ => self.ordinary(rest)?,
        };
        (self.position.at, self.position.read) = (self.position.at + taken, self.position.read + read);
        Some(())
    }

    /// The length of a character that is written as it is read.
    fn ordinary(&self, rest: &str) -> Option<(usize, usize)> {
        let character = rest.chars().next()?;
        let read = self.text.get(self.position.read..)?.starts_with(character);
        read.then_some((character.len_utf8(), character.len_utf8()))
    }

    /// Moves to the first line of a block scalar that is not empty, and measures its indentation.
    fn skip_header(&mut self) -> Option<()> {
        let header = self.raw.find('\n')?;
        let first = self.raw[header..].lines().find(|line| !line.trim().is_empty())?;
        let text = self.text.trim_start_matches('\n');
        self.position.indent = spaces(first).checked_sub(spaces(text))?;
        self.position.read = self.text.len() - text.len();
        self.position.at = header + self.line_start(&self.raw[header..]);
        Some(())
    }

    /// The length of a line break of a block scalar, with the empty lines and the indentation after it.
    fn line_break(&self, rest: &str) -> (usize, usize) {
        let text = self.text.get(self.position.read..).unwrap_or_default();
        let breaks = text.len() - text.trim_start_matches('\n').len();
        (self.line_start(rest), if text.starts_with(' ') { 1 } else { breaks })
    }

    /// The length of a line break, with the empty lines and the indentation after it.
    fn line_start(&self, rest: &str) -> usize {
        let mut taken = 0;
        while let Some(end) = line_end(&rest[taken..]) {
            taken += end;
            let line = &rest[taken..];
            let blanks = spaces(line).min(self.position.indent);
            if line_end(&line[blanks..]).is_none() {
                return taken + blanks;
            }
            taken += blanks;
        }
        taken
    }
}

/// The length of the line break that a text begins with.
fn line_end(text: &str) -> Option<usize> {
    let length = if text.starts_with("\r\n") { 2 } else { 1 };
    text.starts_with(['\n', '\r']).then_some(length)
}

fn spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The length of white space with a line break, which is read as a space or as the empty lines in it.
fn folded(white: &str) -> Option<(usize, usize)> {
    let breaks = breaks(white);
    (breaks > 0).then(|| (white.len(), (breaks - 1).max(1)))
}

/// The length of a line break after a backslash. Only the empty lines after it are read.
fn escaped_break(rest: &str) -> Option<(usize, usize)> {
    let behind = rest.strip_prefix('\\').filter(|behind| line_end(behind).is_some())?;
    let white = behind.len() - behind.trim_start_matches(WHITE).len();
    Some((1 + white, breaks(&behind[..white]).checked_sub(1)?))
}

fn breaks(white: &str) -> usize {
    white.bytes().filter(|byte| *byte == b'\n').count()
}

/// The length of an escape. In JSON, half of a surrogate pair is read as U+FFFD.
fn escape(rest: &str) -> Option<(usize, usize)> {
    match unescape(rest.as_bytes()) {
        Ok((character, taken)) => Some((taken, character.len_utf8())),
        Err(_) if rest.starts_with("\\u") => {
            hex(rest.as_bytes(), 2, 4).map(|_| (6, char::REPLACEMENT_CHARACTER.len_utf8()))
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;
    use proptest::prelude::*;

    fn places(text: &str, part: &str) -> Vec<Option<String>> {
        let source = Source::new("x", text).unwrap();
        let mut tree = Tree::default();
        yaml::parse(source.text(), 0, &mut tree).unwrap();
        let root = tree.root().unwrap();
        let decoded = tree.text(root).unwrap().to_owned();
        let places = decoded.match_indices(part).map(|(at, _)| {
            let place = tree.inner(root, at..at + part.len(), &source)?;
            assert_eq!(
                tree.read_as(root, place, &source, &mut Position::default()),
                Some(at..at + part.len()),
                "{text}"
            );
            Some(source.slice(place).to_owned())
        });
        places.collect()
    }

    #[test]
    fn a_place_reads_as_the_part_that_it_was_made_from() {
        for text in [
            "a web b",
            "a\n web,\n\n  web",
            "'it''s web'",
            "'a  \n  web\n\n \t web '",
            "\"a\\tweb \\u00e9 web\"",
            "\"a\\t \n\n  web \\\n  \\ web\\\n\n web\"",
            "\"a\r\n  web\\\r\n  web\"",
            "|\n  one\n\n  a web\n   web\n",
            "|2-\n\n    a web\n  web",
            ">\n  a web\n  web \n\n    web\n   \n  web\n",
            ">1\n   a web\n  web\n web\n",
            ">-\r\n  a web\r\n\r\n  web\r\n",
            "\"\\ud83d\\ude00 web\"",
        ] {
            let found = places(text, "web");
            assert!(!found.is_empty(), "{text}");
            assert!(found.iter().all(|place| place.as_deref() == Some("web")), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_part_may_contain_escapes() {
        let found = |text: &str| places(text, "a-b").pop().flatten();
        assert_eq!(found("\"x a\\x2db\"").as_deref(), Some("a\\x2db"));
        assert_eq!(found("\"x \\\n  a-\\\n  b\"").as_deref(), Some("a-\\\n  b"));
        assert_eq!(found("\"x,\\u0061-b\"").as_deref(), Some("\\u0061-b"));
    }

    proptest! {
        #[test]
        fn every_place_is_right(text in "([|>][-+]?\n  )?['\"]?[ab '\"\\\\\n\t\r-]{0,30}['\"]?") {
            let Ok(source) = Source::new("x", text) else { return Ok(()) };
            let mut tree = Tree::default();
            if yaml::parse(source.text(), 0, &mut tree).is_err() { return Ok(()) }
            let Some(root) = tree.root() else { return Ok(()) };
            let Some(decoded) = tree.text(root).map(str::to_owned) else { return Ok(()) };
            for (at, _) in decoded.match_indices('a') {
                if let Some(place) = tree.inner(root, at..at + 1, &source) {
                    prop_assert_eq!(source.slice(place), "a");
                    let part = tree.read_as(root, place, &source, &mut Position::default());
                    prop_assert_eq!(part, Some(at..at + 1));
                    let mut edited = source.text().to_owned();
                    edited.replace_range(place.range(), "web");
                    let mut wanted = decoded.clone();
                    wanted.replace_range(at..at + 1, "web");
                    let mut other = Tree::default();
                    yaml::parse(&edited, 0, &mut other).unwrap();
                    prop_assert_eq!(other.text(other.root().unwrap()), Some(&*wanted));
                }
            }
        }
    }
}
