//! A new entry in a mapping: the entry next to which it goes, and its text.
//!
//! Follows the style of the mapping: block or flow, indentation, quotes, line endings. Reads only the text around the
//! place; the caller provides the content of the entry.

use super::head::{Head, property};
use crate::text::source::{Source, Span};
use crate::yaml::{Kind, NodeId, Style, Tree, scalar};
use std::borrow::Cow;

/// The place of a new entry in a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On a separate line.
    Line(Line),
    /// In `{...}`, or next to a key with a question mark. The text around it shows how to write the entry.
    Beside(Beside),
}

/// The place of an entry on a separate line, with all that its text needs.
///
/// It is found while the document is read, because the text around it is then in the cache of the core. To look at it
/// again for each edit took a sixth of the time that edits take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    at: u32,
    /// The number of spaces before the entry.
    indent: u16,
    /// True if the line goes after the line of another entry. Otherwise it goes before an entry, on the line of that
    /// entry.
    behind: bool,
    /// True if lines end with a carriage return and a line feed.
    returns: bool,
}

/// The place of an entry next to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The key of the existing entry next to which it goes.
    key: Span,
    /// The value of that entry if the new entry goes after it. If `None`, the new entry goes before the key.
    value: Option<Span>,
    /// True in `{...}`.
    flow: bool,
}

/// The value of a new entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The boolean `true`.
    True,
    /// Text.
    Text(String),
    /// A mapping.
    Map(Entries),
}

/// Keys and values, in the order in which they are written.
pub type Entries = Vec<(String, Content)>;

impl Place {
    /// Creates the place after an entry whose value is on one line.
    pub fn behind(tree: &Tree<'_>, source: &Source, mapping: NodeId, key: NodeId, value: NodeId) -> Place {
        let value = Some(tree.node(value).span);
        Beside { key: tree.node(key).span, value, flow: is_flow(tree, mapping) }.place(source)
    }

    /// Creates the place before the first entry of a mapping; `None` if it has no entries.
    pub fn first(tree: &Tree<'_>, source: &Source, mapping: NodeId) -> Option<Place> {
        let (key, _) = tree.entries(mapping).next()?;
        Some(Beside { key: tree.node(key).span, value: None, flow: is_flow(tree, mapping) }.place(source))
    }

    /// Returns the empty span in the source where the entries go, and their text.
    pub fn write(self, source: &Source, entries: &Entries) -> (Span, String) {
        match self {
            Place::Line(line) => {
                let mut text = String::with_capacity(64);
                line.write(entries, &mut text);
                (Span::empty(line.at), text)
            }
            Place::Beside(place) if place.flow => place.in_flow(source, entries),
            Place::Beside(place) => place.in_block(source, entries),
        }
    }

    /// Returns only the empty span.
    pub fn span(self, source: &Source) -> Span {
        match self {
            Place::Line(line) => Span::empty(line.at),
            Place::Beside(Beside { value: Some(value), flow: true, .. }) => Span::empty(value.end),
            Place::Beside(place) => Span::empty(place.block(source, &Head::of(source, place.key)).0),
        }
    }
}

impl Line {
    /// Returns the offset in the source where the entries go.
    pub fn at(self) -> u32 {
        self.at
    }

    /// Adds the text of the entries to `text`.
    pub fn write(self, entries: &Entries, text: &mut String) {
        let (ending, indent) = (if self.returns { "\r\n" } else { "\n" }, spaces(self.indent));
        let around: &[&str] = &[ending, &indent];
        add_lines(entries, if self.behind { (around, &[]) } else { (&[], around) }, 0, text);
    }
}

/// Returns this number of spaces.
fn spaces(count: u16) -> Cow<'static, str> {
    const SOME: &str = "                                ";
    match SOME.get(..usize::from(count)) {
        Some(spaces) => Cow::Borrowed(spaces),
        None => Cow::Owned(" ".repeat(usize::from(count))),
    }
}

impl Beside {
    fn place(self, source: &Source) -> Place {
        self.line(source).map_or(Place::Beside(self), Place::Line)
    }

    /// Returns the separate line on which the entry goes. `None` if there is none, or if it begins with anything but
    /// spaces.
    fn line(self, source: &Source) -> Option<Line> {
        if self.flow {
            return None;
        }
        let head = Head::of(source, self.key);
        let indent = head.width().filter(|_| !head.explicit)?;
        let (at, ending) = self.block(source, &head);
        Some(Line { at, indent, behind: self.value.is_some(), returns: ending == "\r\n" })
    }

    /// Returns the offset where the entry goes in block style, and the line ending there.
    fn block(self, source: &Source, head: &Head<'_>) -> (u32, &'static str) {
        match self.value {
            Some(value) if !head.explicit => {
                let end = source.line_at(value.end as usize).end;
                (Span::new(end, end).start, line_ending(source, end))
            }
            _ => (head.start, line_ending(source, source.line_at(self.key.start as usize).end)),
        }
    }

    fn in_block(self, source: &Source, entries: &Entries) -> (Span, String) {
        let head = Head::of(source, self.key);
        let (at, ending) = self.block(source, &head);
        let (around, mut text): (&[&str], _) = (&[ending, &head.indent()], String::with_capacity(64));
        let is_behind = self.value.is_some() && !head.explicit;
        add_lines(entries, if is_behind { (around, &[]) } else { (&[], around) }, 0, &mut text);
        (Span::empty(at), text)
    }

    fn in_flow(self, source: &Source, entries: &Entries) -> (Span, String) {
        let text = source.text();
        let quoted = text[self.key.range()].starts_with('"');
        let Some(value) = self.value else {
            let start = Head::of(source, self.key).start;
            let gap = gap_before(&text[..start as usize]);
            let colon = separate(colon_behind(&text[self.key.end as usize..]), quoted);
            let gap = if gap.is_empty() && colon.ends_with(' ') { " " } else { gap };
            let new = entries.iter().map(|entry| format!("{},{gap}", flow_entry(entry, quoted, colon)));
            return (Span::empty(start), new.collect());
        };
        let colon = &text[self.key.end as usize..value.start as usize];
        let colon = separate(if colon.trim() == ":" { colon } else { ": " }, quoted);
        let gap = gap_behind(&text[value.end as usize..])
            .unwrap_or_else(|| gap_before(&text[..self.key.start as usize]));
        let gap = if gap.is_empty() && !quoted { " " } else { gap };
        let new = entries.iter().map(|entry| format!(",{gap}{}", flow_entry(entry, quoted, colon)));
        (Span::empty(value.end), new.collect())
    }
}

/// Returns the edit that gives a value to an entry whose value is absent or `~`: the bytes to replace, and the text.
/// The edit removes a tag, which may not fit the new value, and keeps an anchor.
pub fn fill(source: &Source, key: Span, value: Span, text: &str) -> (Span, String) {
    if source.text()[value.end as usize..].starts_with(':') && value.start == value.end {
        return (Span::empty(value.end + 1), format!(" {text}"));
    }
    let Some(colon) = colon_between(source.slice(Span { start: key.end, end: value.start })) else {
        let head = Head::of(source, key);
        let ending = line_ending(source, source.line_at(key.end as usize).end);
        let before = if head.explicit { format!("{ending}{}", head.indent()) } else { String::new() };
        return (Span::empty(key.end), format!("{before}: {text}"));
    };
    let from = key.end as usize + colon + 1;
    let properties = &source.text()[from..value.start as usize];
    let (mut start, mut anchor) = (properties.len(), String::new());
    while let Some(at) = property(&properties[..start]) {
        if properties[at..].starts_with('&') {
            anchor = format!("{} ", properties[at..start].trim());
        }
        start = at;
    }
    (Span::new(from + start, value.end as usize), format!("{anchor}{text}"))
}

/// Returns the offset of the colon between a key and its value. After a question mark, the colon is on a separate line.
fn colon_between(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start();
        if content.starts_with(':') {
            return Some(start + line.len() - content.len());
        }
        start += line.len();
    }
    None
}

/// Returns the offset of the entry with this key. An anchor, a tag or a question mark may precede the key.
pub fn start(source: &Source, key: Span) -> u32 {
    Head::of(source, key).start
}

/// Returns the entries as a new mapping in flow style, `{...}`.
pub fn flow(entries: &Entries, quoted: bool) -> String {
    let entries: Vec<String> = entries.iter().map(|entry| flow_entry(entry, quoted, ": ")).collect();
    format!("{{{}}}", entries.join(", "))
}

/// Adds the entries as lines. `around` is the text before and after each line. Nested entries are indented by two
/// columns more.
fn add_lines(entries: &Entries, around: (&[&str], &[&str]), depth: usize, text: &mut String) {
    for (key, content) in entries {
        text.extend(around.0.iter().copied());
        text.extend(std::iter::repeat_n("  ", depth));
        text.push_str(&scalar::write(key, Style::Plain));
        text.push(':');
        match content {
            Content::True => text.push_str(" true"),
            Content::Text(value) => {
                text.push(' ');
                text.push_str(&scalar::write(value, Style::Plain));
            }
            Content::Map(_) => {}
        }
        text.extend(around.1.iter().copied());
        if let Content::Map(below) = content {
            add_lines(below, around, depth + 1, text);
        }
    }
}

fn flow_entry((key, content): &(String, Content), quoted: bool, colon: &str) -> String {
    let style = if quoted { Style::Double } else { Style::Plain };
    let content = match content {
        Content::True => Cow::Borrowed("true"),
        Content::Text(text) => scalar::write(text, style),
        Content::Map(below) => {
            let below: Vec<String> = below.iter().map(|entry| flow_entry(entry, quoted, colon)).collect();
            Cow::Owned(format!("{{{}}}", below.join(if colon.ends_with(' ') { ", " } else { "," })))
        }
    };
    [&*scalar::write(key, style), colon, &*content].concat()
}

fn is_flow(tree: &Tree<'_>, mapping: NodeId) -> bool {
    matches!(tree.node(mapping).kind, Kind::Mapping(true))
}

/// Returns the colon after a key, with the white space around it on the same line.
fn colon_behind(rest: &str) -> &str {
    let colon = rest.find(':').filter(|at| rest[..*at].trim().is_empty()).map_or(0, |at| at + 1);
    let space = rest[colon..].len() - rest[colon..].trim_start_matches(' ').len();
    if colon == 0 || rest[..colon].contains('\n') { ": " } else { &rest[..colon + space] }
}

/// Returns a colon that ends a key. Without white space after it, a colon ends only a quoted key.
fn separate(colon: &str, quoted: bool) -> &str {
    if quoted || colon.ends_with(char::is_whitespace) { colon } else { ": " }
}

/// Returns the white space between the comma after an entry and the next key.
fn gap_behind(rest: &str) -> Option<&str> {
    let behind = rest.trim_start().strip_prefix(',')?;
    let gap = &behind[..behind.len() - behind.trim_start().len()];
    // The gap before a comment or after a trailing comma is not the gap between two entries.
    (!behind.trim_start().starts_with(['#', '}'])).then_some(gap)
}

/// Returns the white space before the key of an entry.
fn gap_before(text: &str) -> &str {
    &text[text.trim_end().len()..]
}

/// Returns the line ending to use at the end of a line: the existing one, or, at the end of the text, that of the line
/// before.
pub fn line_ending(source: &Source, line_end: usize) -> &'static str {
    let text = source.text();
    let rest = &text[line_end..];
    if rest.starts_with("\r\n") {
        return "\r\n";
    }
    let before = || text[..line_end].rfind('\n').is_some_and(|at| text[..at].ends_with('\r'));
    if rest.is_empty() && before() { "\r\n" } else { "\n" }
}
