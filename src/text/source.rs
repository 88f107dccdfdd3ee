//! The bytes of the input, spans into them, and lines and columns on demand.
//!
//! Stores the whole input once, as one stream, with the file that each part came from. Must not know YAML or
//! Kubernetes.

use super::json;
use super::marks::Marks;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

/// How far [`Source::line_at`] searches, in bytes, before it counts the lines of the whole text.
const NEAR: usize = 1 << 12;

/// The maximum number of byte order marks at the beginning of a line that are not counted as columns.
const MARKS: usize = 8;

/// A range of bytes in a [`Source`], start included, end excluded.
///
/// Offsets are 32 bits wide to keep the data about each object small. A [`Source`] refuses larger input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// Creates the span from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: offset(start), end: offset(end) }
    }

    /// Creates the empty span before the byte at `at`.
    pub fn empty(at: u32) -> Span {
        Span { start: at, end: at }
    }

    /// True if the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True if every byte of `other` is within this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the span as an index range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A place for people: file, line and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'s> {
    /// The name of the file as given; `<stdin>` for standard input.
    pub file: &'s str,
    /// Line number, 1-based.
    pub line: usize,
    /// Column, 1-based, in characters.
    pub column: usize,
}

/// The whole input as one stream of UTF-8 text. The default is empty.
#[derive(Debug, Default)]
pub struct Source {
    text: String,
    files: Vec<File>,
    is_settings: bool,
    /// Counts of lines and characters, made when the first location is looked up.
    marks: OnceLock<Marks>,
}

#[derive(Debug)]
struct File {
    name: String,
    start: usize,
}

impl Source {
    /// Creates a source from the text of one file.
    ///
    /// # Errors
    /// Text of 4 GiB or more.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Result<Source, SourceError> {
        Source::join([(name.into(), text.into().into_bytes())])
    }

    /// Creates a source from a configuration or rules file, which holds no manifests.
    ///
    /// # Errors
    /// As for [`Source::join`].
    pub fn settings(name: impl Into<String>, bytes: Vec<u8>) -> Result<Source, SourceError> {
        Ok(Source { is_settings: true, ..Source::join([(name.into(), bytes)])? })
    }

    /// Joins several files into one stream. Inserts `---` before a file that does not begin with a document marker, so
    /// that no two files run into one document. A single file is not changed. A JSON file that follows another file loses
    /// its byte order mark, which kubectl refuses there.
    ///
    /// Files that are JSON only get no marker between them, because kubectl up to 1.32 refuses one after JSON. If there
    /// are other files too, each object in a JSON file gets a marker, and the escapes that YAML 1.1 does not have are
    /// written in another way: kubectl reads everything after a marker as YAML.
    ///
    /// # Errors
    /// Text that is not UTF-8, with the file and the offset; 4 GiB or more in total.
    pub fn join(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Source, SourceError> {
        let (mut source, mut is_json) = (Source::default(), false);
        for (name, bytes) in files {
            let text = decode(&name, bytes)?;
            // Of a single file nothing has to be known.
            is_json = source.files.len() != 1 && is_json
                || source.files.len() == 1 && json::is_stream(&source.text);
            if is_json && !json::is_stream(&text) {
                is_json = false;
                source = source.with_markers();
            }
            source.append(name, text, is_json)?;
        }
        Ok(source)
    }

    /// True for a source from [`Source::settings`].
    pub fn is_settings(&self) -> bool {
        self.is_settings
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text in `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Returns file, line and column of the byte at `offset`.
    pub fn locate(&self, offset: u32) -> Location<'_> {
        let offset = (offset as usize).min(self.text.len());
        let file = self.files.partition_point(|file| file.start <= offset).checked_sub(1);
        let file = file.map(|at| &self.files[at]);
        let (name, start) = file.map_or(("<stdin>", 0), |file| (file.name.as_str(), file.start));
        let (marks, bytes) = (self.marks(), self.text.as_bytes());
        let line = 1 + marks.lines_before(bytes, offset) - marks.lines_before(bytes, start);
        let offset = self.char_start(offset);
        let line_start = marks.line_start(bytes, offset).max(start);
        let ignored =
            self.text[line_start..offset].chars().take(MARKS).take_while(|first| *first == '\u{feff}');
        let column = 1 + marks.characters_before(bytes, offset)
            - marks.characters_before(bytes, line_start)
            - ignored.count();
        Location { file: name, line, column }
    }

    /// Returns the range of the line that contains the byte at `offset`, without its line ending.
    pub fn line_at(&self, offset: usize) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let offset = offset.min(bytes.len());
        let near = offset.saturating_sub(NEAR);
        let start = match memchr::memrchr(b'\n', &bytes[near..offset]) {
            Some(at) => near + at + 1,
            None if near == 0 => 0,
            None => self.marks().line_start(bytes, offset),
        };
        let near = (offset + NEAR).min(bytes.len());
        let end = match memchr::memchr(b'\n', &bytes[offset..near]) {
            Some(at) => offset + at,
            None if near == bytes.len() => near,
            None => self.marks().line_end(bytes, offset),
        };
        let end = if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end };
        start..end
    }

    /// The offset behind the line on which something ends, line ending included. A block scalar may end with its last line,
    /// or with the indentation of the line below.
    pub fn behind(&self, end: usize) -> usize {
        let bytes = self.text.as_bytes();
        let before = self.text.get(..end).unwrap_or(&self.text).trim_end_matches([' ', '\t']).len();
        match bytes[..before].last() {
            None | Some(b'\n') => before,
            Some(_) => memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at + 1),
        }
    }

    /// Returns the offset at a line and a column, both 1-based. The source must be a single file.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        self.marks().offset(self.text.as_bytes(), line.saturating_sub(1), column.saturating_sub(1))
    }

    /// True if a file begins at `offset`.
    pub fn begins_file(&self, offset: usize) -> bool {
        self.files.binary_search_by_key(&offset, |file| file.start).is_ok()
    }

    fn append(&mut self, name: String, text: String, is_json: bool) -> Result<(), SourceError> {
        let first = self.files.is_empty();
        let documents = (!first && !is_json).then(|| json::as_documents(&text)).flatten();
        let text = documents.unwrap_or(text);
        if self.text.len() + text.len() + "\n---\n".len() > u32::MAX as usize {
            return Err(SourceError { file: name, offset: 0, problem: Problem::TooLarge });
        }
        if first {
            self.text = text;
            self.files.push(File { name, start: 0 });
            return Ok(());
        }
        self.end_line();
        if !is_json && !self.text.is_empty() && !text.starts_with("---") {
            self.text.push_str("---\n");
        }
        self.files.push(File { name, start: self.text.len() });
        self.text.push_str(if is_json { json::unmarked(&text) } else { &text });
        Ok(())
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// JSON files as YAML documents.
    fn with_markers(self) -> Source {
        let mut source = Source::default();
        let ends = self.files.iter().skip(1).map(|file| file.start).chain([self.text.len()]);
        for (file, end) in self.files.iter().zip(ends) {
            let text = &self.text[file.start..end];
            source.end_line();
            source.text.push_str("---\n");
            let start = source.text.len();
            source.text.push_str(&json::as_documents(text).unwrap_or_else(|| text.to_owned()));
            source.files.push(File { name: file.name.clone(), start });
        }
        source
    }

    fn marks(&self) -> &Marks {
        self.marks.get_or_init(|| Marks::of(self.text.as_bytes()))
    }

    fn char_start(&self, mut offset: usize) -> usize {
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

/// The reason why an input cannot be read as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// The name of the file.
    pub file: String,
    /// 0-based offset of the first invalid byte in that file.
    pub offset: usize,
    /// The kind of problem.
    pub problem: Problem,
}

/// The kinds of unreadable input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// UTF-16, recognised by its byte order mark.
    Utf16,
    /// A compressed file or an archive.
    Compressed,
    /// A byte sequence that is not UTF-8.
    NotUtf8,
    /// 4 GiB or more.
    TooLarge,
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SourceError { file, offset, .. } = self;
        match self.problem {
            Problem::Utf16 => write!(f, "{file} is UTF-16, expected UTF-8"),
            Problem::Compressed => write!(f, "{file} is a compressed file, expected text"),
            Problem::NotUtf8 => write!(f, "{file} is not UTF-8 text: invalid byte at offset {offset}"),
            Problem::TooLarge => write!(f, "{file} makes the input 4 GiB or larger"),
        }
    }
}

impl std::error::Error for SourceError {}

fn decode(name: &str, bytes: Vec<u8>) -> Result<String, SourceError> {
    let begins = |marks: &[&[u8]]| marks.iter().any(|mark| bytes.starts_with(mark));
    let problem = if begins(&[b"\xff\xfe", b"\xfe\xff"]) {
        Problem::Utf16
    } else if begins(&[b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\0"]) {
        Problem::Compressed
    } else {
        Problem::NotUtf8
    };
    String::from_utf8(bytes).map_err(|error| SourceError {
        file: name.to_owned(),
        offset: error.utf8_error().valid_up_to(),
        problem,
    })
}

/// Converts an offset, which fits: [`Source::join`] refuses input with offsets of more than 32 bits.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_counted_per_file_in_characters() {
        let files = [("a".to_owned(), b"x: 1".to_vec()), ("b".to_owned(), "y: 2\nä: ö\n".into())];
        let source = Source::join(files).unwrap();
        assert_eq!(source.text(), "x: 1\n---\ny: 2\nä: ö\n");
        let at = u32::try_from(source.text().find('ö').unwrap()).unwrap();
        assert_eq!(source.locate(at), Location { file: "b", line: 2, column: 4 });
        assert_eq!(source.locate(3), Location { file: "a", line: 1, column: 4 });
    }

    #[test]
    fn a_byte_order_mark_stays_out_of_the_middle_of_json() {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let (one, two) = (file("a", "\u{feff}{}\n"), file("b", "\u{feff}{}\n"));
        assert_eq!(Source::join([one.clone(), two.clone()]).unwrap().text(), "\u{feff}{}\n{}\n");
        let joined = Source::join([one, two, file("c", "a: 1\n")]).unwrap();
        assert_eq!(joined.text(), "---\n{}\n---\n{}\n---\na: 1\n");
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        let error = Source::join([("a".to_owned(), b"ok\n\xff".to_vec())]).unwrap_err();
        assert_eq!(error.to_string(), "a is not UTF-8 text: invalid byte at offset 3");
    }
}
