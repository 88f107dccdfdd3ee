//! Names that are written with escapes in double quotes, such as `"web\x2dtls"`, or that go on after an escaped line break.
//!
//! Only documents with such an escape are read for them. Must not decide what a name is.

use super::words::is_word;
use crate::survey::inventory::Inventory;
use crate::survey::reread;
use crate::text::source::{Source, Span};
use crate::yaml::split::{Document, Stream};
use crate::yaml::{Kind, NodeId, Position, Style, Tree};

/// Adds the names that are written with escapes to `hits`, which must be sorted. `find` returns the names in a text.
pub(crate) fn with_escapes(
    mut hits: Vec<Span>,
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    find: impl Fn(&str) -> Vec<Span>,
) -> Vec<Span> {
    let (source, known) = (stream.source, hits.len());
    let wanted = |document: &Document| has_escape(source.slice(document.span));
    reread::documents(stream, inventory, wanted, &mut |_, tree| {
        let all = std::iter::successors(tree.root(), |node| tree.after(*node));
        for node in all.filter(|node| tree.node(*node).kind == Kind::Scalar(Style::Double)) {
            if has_escape(source.slice(tree.node(node).span)) {
                let found = find(tree.text(node).unwrap_or_default());
                hits.extend(places(tree, node, source, found));
            }
        }
    });
    if hits.len() > known {
        hits.sort_unstable();
        hits.dedup();
    }
    hits
}

/// Returns the bytes of the source that are read as these parts of a scalar's text, or those of the whole scalar.
fn places(tree: &Tree<'_>, node: NodeId, source: &Source, parts: Vec<Span>) -> impl Iterator<Item = Span> {
    let (span, mut position) = (tree.node(node).span, Position::default());
    let place = move |part: Span| tree.inner_after(node, part.range(), source, &mut position).unwrap_or(span);
    parts.into_iter().map(place)
}

/// True for a text with an escape that may be a character of a name, or join two parts of one.
fn has_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\\', bytes).any(|at| match bytes.get(at + 1) {
        Some(b'x') => is_word_in_hex(bytes, at + 2, 2),
        Some(b'u') => is_word_in_hex(bytes, at + 2, 4),
        Some(b'U') => is_word_in_hex(bytes, at + 2, 8),
        Some(b'\n' | b'\r') => at.checked_sub(1).is_some_and(|before| is_word(bytes[before])),
        _ => false,
    })
}

/// True for the number of a word character in this many hexadecimal digits.
fn is_word_in_hex(bytes: &[u8], from: usize, digits: usize) -> bool {
    let digits = bytes.get(from..from + digits).and_then(|digits| std::str::from_utf8(digits).ok());
    let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    number.and_then(|number| u8::try_from(number).ok()).is_some_and(is_word)
}
