//! A fast reader for the YAML and JSON that manifests are usually written in.
//!
//! Builds the very tree that [`grammar`](super::grammar) would have built, or gives up, and then that reads the document.
//! Anchors, aliases, tags, `?` keys, directives, tabs as indentation and whatever looks like a mistake are left to it:
//! nothing is refused here, and no message is made. Goes through the text once, without recursion.

mod block;
mod block_scalar;
mod charset;
mod flow;
mod json;
mod plain;
mod quoted;
#[cfg(test)]
mod tests;
use super::tree::{Kind, Node, NodeId, Style, Tree};
use crate::text::source::Span;
use block::Level;
use std::borrow::Cow;

/// Collections within each other, below the limit of 255 for all documents.
const MAX_DEPTH: usize = 200;

/// Bytes from the start of a key to its `:`. YAML has the limit, in characters.
const MAX_KEY: usize = 1024;

const BOM: &str = "\u{feff}";

/// Reads one document, `text`, whose first byte stands at offset `base` of the source, into `tree`.
///
/// False when anything in it lies outside the subset; what the tree holds then is of no use.
pub(super) fn scan<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> bool {
    let bytes = text.as_bytes();
    let at = if text.starts_with(BOM) { BOM.len() } else { 0 };
    if !charset::is_ordinary(bytes.get(at..).unwrap_or_default()) {
        return false;
    }
    let understood = Scanner::new(text, base, at, false, tree).document().is_some();
    tree.grant_budget();
    understood
}

/// Reads one document like [`scan`], by the rules of JSON; false when it is not JSON.
pub(super) fn json<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> bool {
    let understood =
        text.trim_start().starts_with('{') && Scanner::new(text, base, 0, true, tree).json().is_some();
    tree.grant_budget();
    understood
}

/// Reads on from `at`. Every method that gives `None` has met something outside the subset.
struct Scanner<'t, 's> {
    text: &'s str,
    bytes: &'s [u8],
    base: usize,
    at: usize,
    /// Where the node that was added last ends; a block collection that closes ends there too.
    last_end: usize,
    /// The block collections that are open, outermost first.
    levels: Vec<Level>,
    /// True when scalars are read by the rules of JSON.
    is_json: bool,
    tree: &'t mut Tree<'s>,
}

/// A scalar that was read and is not in the tree yet: it may turn out to be a key.
struct Scalar<'s> {
    start: usize,
    end: usize,
    style: Style,
    text: Cow<'s, str>,
    one_line: bool,
}

impl<'t, 's> Scanner<'t, 's> {
    fn new(text: &'s str, base: u32, at: usize, is_json: bool, tree: &'t mut Tree<'s>) -> Self {
        tree.clear();
        let (bytes, base) = (text.as_bytes(), base as usize);
        Scanner { text, bytes, base, at, last_end: 0, levels: Vec::new(), is_json, tree }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_next(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    /// Skips spaces and tells how many there were.
    fn spaces(&mut self) -> usize {
        let start = self.at;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        self.at - start
    }

    /// Skips one line break, if there is one here.
    fn line_break(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
    }

    /// Goes to the line break that ends this line, or to the end of the text.
    fn skip_to_line_end(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let line = memchr::memchr(b'\n', rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
        self.at += line.strip_suffix(b"\r").unwrap_or(line).len();
    }

    /// True at the start of a line that ends a document.
    fn at_marker(&self) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"---") || rest.starts_with(b"..."))
    }

    fn add(&mut self, scalar: Scalar<'s>) {
        if scalar.style == Style::Plain && scalar.text == "<<" {
            self.tree.has_merges = true;
        }
        self.last_end = scalar.end;
        self.push(Kind::Scalar(scalar.style), scalar.text, scalar.start, scalar.end);
    }

    /// Adds a value that is not written.
    fn add_absent(&mut self, at: usize) {
        self.last_end = at;
        self.push(Kind::Scalar(Style::Plain), Cow::Borrowed(""), at, at);
    }

    /// Adds a collection, which [`Scanner::close`] completes.
    fn open(&mut self, kind: Kind, start: usize) -> NodeId {
        self.push(kind, Cow::Borrowed(""), start, start)
    }

    fn close(&mut self, id: NodeId, end: usize) {
        let next = self.next_id();
        let end = Span::new(0, self.base + end).end;
        if let Some(node) = self.tree.nodes.get_mut(id.0 as usize) {
            node.next = next;
            node.span.end = end;
        }
    }

    fn push(&mut self, kind: Kind, text: Cow<'s, str>, start: usize, end: usize) -> NodeId {
        let id = self.next_id();
        let span = Span::new(self.base + start, self.base + end);
        self.tree.nodes.push(Node { kind, span, next: NodeId(id.0 + 1), text, tagged: false });
        id
    }

    fn next_id(&self) -> NodeId {
        NodeId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX))
    }
}

/// True for a byte that parts one token from the next, and at the end of the text.
fn is_separator(byte: Option<u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}
