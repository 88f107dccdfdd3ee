//! Splits the stream into documents in the same way as kubectl.
//!
//! A line that starts with `---` ends a document (k8s.io/apimachinery `yaml.YAMLReader`). If a file begins with JSON
//! objects, each of them is a document. After a `---` or a comment, kubectl reads YAML, and only the first of several
//! objects. The split is lexical: it parses no YAML and changes no byte. It also splits a long list in JSON into parts.

use super::brackets::{self, LongList};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::text::json;
use crate::text::parts;
use crate::text::source::{Source, Span};
use memchr::memmem;

/// One document: the text between two marker lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// 1-based position in the stream. Documents that are empty or only white space are not counted.
    pub number: u32,
    /// The bytes, without the marker lines.
    pub span: Span,
}

/// The size of a part of a long list in bytes. Large enough that the fields beside the list, which are read again for
/// each part, cost little; small enough that the nodes of a part stay in the cache of a core.
const PART: usize = 1 << 17;

/// The fields beside a list may have the size of a part divided by this.
const BESIDE: usize = 16;

/// A document with a list whose items can be read in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The whole document.
    pub document: Document,
    /// Offset of the bracket that opens the list.
    pub open: u32,
    /// Offset of the bracket that closes the list.
    pub close: u32,
}

/// A source, split into documents.
#[derive(Clone, Debug)]
pub struct Stream<'s> {
    /// The whole text.
    pub source: &'s Source,
    /// The documents, in order.
    pub documents: Vec<Document>,
    /// The documents, with each long list split into consecutive parts that have the number of their document. Empty if
    /// there are no long lists.
    pub parts: Vec<Document>,
    /// The documents that are split into parts, in order.
    pub lists: Vec<List>,
    /// Marker lines that kubectl refuses.
    pub findings: Vec<Diagnostic>,
}

/// Splits a source into documents. Reports a marker line that continues with anything but a comment, because kubectl
/// refuses it.
pub fn split(source: &Source) -> Stream<'_> {
    split_on(source, 1)
}

/// Like [`split`], but on several threads.
pub fn split_on(source: &Source, threads: usize) -> Stream<'_> {
    let text = source.text();
    let mut documents = Documents { source, threads, found: Vec::new(), cut: Vec::new() };
    let (mut start, mut content, mut findings) = (0, text_from(text, 0), Vec::new());
    let pieces = parts::lines(text, parts::count(threads));
    let markers = parts::each(threads, &pieces, |piece| markers(text, *piece).collect::<Vec<_>>());
    for marker in markers.into_iter().flatten() {
        documents.push(start, content, marker.at);
        if marker.is_refused {
            let number = u32::try_from(documents.found.len() + 1).unwrap_or(u32::MAX);
            let line = Span::new(marker.at, source.line_at(marker.at).end);
            findings.push(invalid_separator(line).in_document(number));
        }
        (start, content) = (marker.next, marker.content);
    }
    documents.push(start, content, text.len());
    let Documents { found: documents, cut, .. } = documents;
    let parts = in_parts(&documents, &cut);
    let lists = cut.into_iter().map(|(list, _)| list).collect();
    Stream { source, documents, parts, lists, findings }
}

/// Returns the position of the document with this number among all documents of a stream.
pub fn position(documents: &[Document], number: u32) -> Option<usize> {
    let at = (number as usize).checked_sub(1)?;
    documents.get(at).filter(|document| document.number == number).map(|_| at)
}

impl Stream<'_> {
    /// Returns the documents, with long lists in parts.
    pub fn parts(&self) -> &[Document] {
        if self.parts.is_empty() { &self.documents } else { &self.parts }
    }

    /// Returns the list that this document is a part of; `None` for a whole document.
    pub fn list_of(&self, part: Document) -> Option<&List> {
        let at = self.lists.binary_search_by_key(&part.number, |list| list.document.number).ok()?;
        self.lists.get(at).filter(|list| list.document != part)
    }
}

/// Returns the documents, with the parts of those that are split. The first part begins with its document, and the last
/// part ends with it.
fn in_parts(documents: &[Document], cut: &[(List, Vec<usize>)]) -> Vec<Document> {
    if cut.is_empty() {
        return Vec::new();
    }
    let mut cut = cut.iter().peekable();
    documents.iter().fold(Vec::new(), |mut parts, document| {
        let mut start = document.span.start as usize;
        if let Some((_, cuts)) = cut.next_if(|(list, _)| list.document == *document) {
            for end in cuts {
                parts.push(Document { span: Span::new(start, *end), ..*document });
                start = *end;
            }
        }
        parts.push(Document { span: Span::new(start, document.span.end as usize), ..*document });
        parts
    })
}

/// A line that starts with `---`.
struct Marker {
    /// The offset of the line.
    at: usize,
    /// The offset of the next line.
    next: usize,
    /// The offset of the next text after the line.
    content: usize,
    /// True if kubectl refuses the line.
    is_refused: bool,
}

/// Returns the lines of a piece of the text that start with `---`. A piece, with its offset, must consist of whole
/// lines. After a byte order mark, kubectl's splitter does not recognise such a line, but its YAML reader does, unless
/// text follows on the line.
fn markers<'t>(text: &'t str, (offset, piece): (usize, &'t str)) -> impl Iterator<Item = Marker> {
    memmem::find_iter(piece.as_bytes(), "---").filter_map(move |dashes| {
        let before = &piece[..dashes];
        let line = before.trim_end_matches('\u{feff}');
        if !line.is_empty() && !line.ends_with('\n') {
            return None;
        }
        let behind = &piece[dashes + "---".len()..];
        let length = memchr::memchr(b'\n', behind.as_bytes()).map_or(behind.len(), |at| at + 1);
        let rest = behind[..length].trim();
        let is_bare = rest.is_empty() || rest.starts_with('#');
        let marked = before.len() - line.len();
        let next = offset + piece.len() - behind.len() + length;
        let marker =
            Marker { at: offset + line.len(), next, content: text_from(text, next), is_refused: !is_bare };
        (marked == 0 || (marked == MARK && is_bare)).then_some(marker)
    })
}

/// Returns the offset of the first text at `start` or later.
fn text_from(text: &str, start: usize) -> usize {
    text.len() - text[start..].trim_start_matches(is_blank).len()
}

/// The length of a byte order mark in bytes.
const MARK: usize = '\u{feff}'.len_utf8();

fn invalid_separator(line: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidSeparator, "text follows `---` on the marker line, which kubectl refuses")
        .at(line, "expected nothing or a `#` comment after `---`")
        .help("move the text to its own line below `---`; if the line belongs to a value, indent it")
}

struct Documents<'s> {
    source: &'s Source,
    threads: usize,
    found: Vec<Document>,
    /// The lists that can be read in parts, each with the ends of all parts except the last.
    cut: Vec<(List, Vec<usize>)>,
}

impl Documents<'_> {
    /// Adds the text between two markers, which begins at `content`: as one document, or, if a file begins with JSON
    /// values, as one document for each value and one for the rest.
    fn push(&mut self, start: usize, content: usize, end: usize) {
        if content >= end {
            return;
        }
        let slice = &self.source.text()[start..end];
        let (mut ends, list) = if self.source.begins_file(start) {
            values_of_file(slice, self.threads)
        } else {
            (Vec::new(), None)
        };
        if ends.last().is_some_and(|&end| is_empty(&slice[end..])) {
            ends.pop();
        }
        let mut from = start;
        for at in ends {
            self.add(from, start + at);
            from = start + at;
        }
        self.add(from, end);
        if let Some(list) = list.filter(|_| from == start) {
            self.cut(start, end, list);
        }
    }

    /// Records that the last document, from `start` to `end`, can be read in parts. A document that may contain
    /// comments cannot, because a comment affects all items after it.
    fn cut(&mut self, start: usize, end: usize, list: LongList) {
        let slice = &self.source.text()[start..end];
        let Some(document) = self.found.last().copied() else { return };
        let beside = slice.len() - (list.close - list.open);
        if beside <= PART / BESIDE && memmem::find(slice.as_bytes(), b"\n#").is_none() {
            let Span { start: open, end: close } = Span::new(start + list.open, start + list.close);
            let cuts = list.cuts.into_iter().map(|cut| start + cut).collect();
            self.cut.push((List { document, open, close }, cuts));
        }
    }

    fn add(&mut self, start: usize, end: usize) {
        let number = u32::try_from(self.found.len() + 1).unwrap_or(u32::MAX);
        self.found.push(Document { number, span: Span::new(start, end) });
    }
}

/// True if the text contains only white space, byte order marks and comments.
fn is_empty(text: &str) -> bool {
    let mut rest = text.trim_start_matches(is_blank);
    while rest.starts_with('#') {
        let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        rest = rest[line..].trim_start_matches(is_blank);
    }
    rest.is_empty()
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Like [`json_values`], for the beginning of a file, at which kubectl skips a byte order mark. Returns no list behind a
/// mark, which the reader of lists does not support.
fn values_of_file(text: &str, threads: usize) -> (Vec<usize>, Option<LongList>) {
    let unmarked = json::unmarked(text);
    let (ends, list) = json_values(unmarked, threads);
    let mark = text.len() - unmarked.len();
    (ends.into_iter().map(|end| mark + end).collect(), list.filter(|_| mark == 0))
}

/// Returns the end of each JSON value at the beginning of the text. Returns no ends if the first value is the whole
/// text or is not JSON. If it is the whole text, also returns its long list.
fn json_values(text: &str, threads: usize) -> (Vec<usize>, Option<LongList>) {
    let (mut ends, mut at) = (Vec::new(), 0);
    // Looking only at the brackets of a list costs a fourth of parsing it as JSON.
    let begins = text.trim_start().starts_with('{');
    let Some(outline) = begins.then(|| brackets::outline(text, PART, threads)).flatten() else {
        return (ends, None);
    };
    if is_empty(&text[outline.end..]) {
        return (ends, outline.list);
    }
    while text[at..].trim_start().starts_with('{') {
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<serde::de::IgnoredAny>();
        if !matches!(values.next(), Some(Ok(_))) {
            break;
        }
        at += values.byte_offset();
        ends.push(at);
    }
    (ends, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> (Vec<String>, usize) {
        let source = Source::new("x", text).unwrap();
        let stream = split(&source);
        let texts = stream.documents.iter().map(|document| source.slice(document.span).to_owned());
        (texts.collect(), stream.findings.len())
    }

    #[test]
    fn a_line_that_starts_with_three_dashes_ends_a_document() {
        assert_eq!(documents("---\na: 1\n--- # c\r\nb: |\n  ---\n---\n").0, ["a: 1\n", "b: |\n  ---\n"]);
    }

    #[test]
    fn a_byte_order_mark_does_not_hide_a_marker() {
        let text = "\u{feff}---\na: 1\n---\n\u{feff}---\n\u{feff}b: 1\n";
        assert_eq!(documents(text).0, ["a: 1\n", "\u{feff}b: 1\n"]);
        assert_eq!(documents("\u{feff}--- {a: 1}\n").0, ["\u{feff}--- {a: 1}\n"]);
    }

    #[test]
    fn text_on_the_marker_line_is_a_finding() {
        assert_eq!(documents("--- {a: 1}\n").1, 1);
        assert_eq!(documents("---abc\n").1, 1);
    }

    #[test]
    fn json_values_back_to_back_are_documents() {
        assert_eq!(documents("{\"a\":1}{\"b\":\n2}\n").0, ["{\"a\":1}", "{\"b\":\n2}\n"]);
        assert_eq!(documents("{a: 1}\n").0, ["{a: 1}\n"]);
        assert_eq!(documents("{}\n{}  \n").0, ["{}", "\n{}  \n"]);
        assert_eq!(documents("\u{feff}{}\n{}\n").0, ["\u{feff}{}", "\n{}\n"]);
        assert_eq!(documents("\u{feff}{}\n").0, ["\u{feff}{}\n"]);
    }

    #[test]
    fn brackets_in_strings_end_nothing() {
        assert_eq!(
            documents("{\"a\":\"}\\\"}\"} {\"b\":[\"]\"]}").0,
            ["{\"a\":\"}\\\"}\"}", " {\"b\":[\"]\"]}"]
        );
        assert_eq!(documents("{\"a\":\"}{\"}\n").0, ["{\"a\":\"}{\"}\n"]);
        assert_eq!(documents("{\"a\": 1\n").0, ["{\"a\": 1\n"]);
        assert_eq!(documents("{]}{}\n").0, ["{]}{}\n"]);
    }

    #[test]
    fn yaml_may_follow_json_where_the_stream_begins() {
        assert_eq!(documents("{} # c\n{}\n{}\n").0, ["{}", " # c\n{}\n{}\n"]);
        assert_eq!(documents("{}\na: 1\n---\nb: 1\n").0, ["{}", "\na: 1\n", "b: 1\n"]);
        assert_eq!(documents("---\n{}\na: 1\n").0, ["{}\na: 1\n"]);
        assert_eq!(documents("{}\n# c\n---\n{}\n{}\n").0, ["{}\n# c\n", "{}\n{}\n"]);
    }
}
