//! Cuts a JSON `List` into its items, so that an export of a whole cluster can be read object by object.
//!
//! The cut is lexical. Text that is not JSON in the form that an API server writes stays in one piece. Must not
//! interpret the objects.

use crate::text::source::{Source, Span};
use crate::yaml::split::Document;
use crate::yaml::{self, Tree};

/// A list without its items.
#[derive(Debug)]
pub(super) struct Envelope {
    /// The text of the list without items.
    pub(super) text: String,
    /// The span of the list in the source.
    pub(super) span: Span,
    /// The number of its document.
    pub(super) document: u32,
    /// The length of the removed items, in bytes.
    removed: u32,
    items_at: u32,
}

impl Envelope {
    /// True for `kind: List`, whose items contain their own kind and version.
    fn is_list(&self) -> bool {
        let mut tree = Tree::default();
        let read = yaml::parse(&self.text, 0, &mut tree);
        read.is_ok() && tree.root().is_some_and(|root| tree.text_of(root, "kind") == Some("List"))
    }

    /// Returns the byte offset in the source of a byte in `text`.
    pub(super) fn place(&self, at: u32) -> u32 {
        self.span.start + if at > self.items_at { at + self.removed } else { at }
    }
}

/// Cuts every list that can be cut. Each item keeps the number of its document.
pub(super) fn cut(source: &Source, documents: &[Document]) -> (Vec<Document>, Vec<Envelope>) {
    let (mut found, mut envelopes) = (Vec::new(), Vec::new());
    for document in documents {
        let text = source.slice(document.span);
        let items = Items::find(text).map(|items| (items.envelope(text, document), items));
        let Some((envelope, items)) = items.filter(|(envelope, _)| envelope.is_list()) else {
            found.push(*document);
            continue;
        };
        let start = document.span.start as usize;
        let spans = items.items.iter().map(|(from, to)| Span::new(start + from, start + to));
        found.extend(spans.map(|span| Document { span, ..*document }));
        envelopes.push(envelope);
    }
    (found, envelopes)
}

/// The byte ranges of the items of a list, and of the text between the brackets around them.
#[derive(Default)]
struct Items {
    start: usize,
    end: usize,
    items: Vec<(usize, usize)>,
}

impl Items {
    /// Finds `"items": [...]` in the outermost object.
    fn find(text: &str) -> Option<Items> {
        let bytes = text.as_bytes();
        let blank = |byte: &u8| byte.is_ascii_whitespace();
        let mut at = bytes.iter().position(|byte| !blank(byte))?;
        let mut scan = Scan::default();
        while let Some(&byte) = bytes.get(at) {
            let between = scan.within && scan.depth == 2;
            match byte {
                b'"' if between => return None,
                b'"' => {
                    let end = string_end(bytes, at)?;
                    if scan.depth == 1 {
                        scan.key = (at, end);
                    }
                    at = end;
                    continue;
                }
                b'{' | b'[' => scan.open(bytes, at, byte == b'[')?,
                b'}' | b']' => scan.close(at)?,
                b',' | b' ' | b'\n' | b'\r' | b'\t' => {}
                b':' | b'.' | b'+' | b'-' | b'0'..=b'9' | b'a'..=b'z' | b'E' if !between => {}
                _ => return None,
            }
            at += 1;
            if scan.depth == 0 {
                let found = scan.found;
                return (found.start > 0 && bytes.get(at..)?.iter().all(blank)).then_some(found);
            }
        }
        None
    }

    fn envelope(&self, text: &str, document: &Document) -> Envelope {
        let (before, behind) = (text.get(..self.start), text.get(self.end..));
        Envelope {
            text: format!("{}{}", before.unwrap_or_default(), behind.unwrap_or_default()),
            span: document.span,
            document: document.number,
            removed: u32::try_from(self.end - self.start).unwrap_or(u32::MAX),
            items_at: u32::try_from(self.start).unwrap_or(u32::MAX),
        }
    }
}

/// The state of the scan of a list.
#[derive(Default)]
struct Scan {
    depth: usize,
    /// The last string in the outermost object, which may be a key.
    key: (usize, usize),
    /// True between the brackets around the items.
    within: bool,
    found: Items,
}

impl Scan {
    fn open(&mut self, bytes: &[u8], at: usize, list: bool) -> Option<()> {
        if list && self.depth == 1 && bytes.get(self.key.0..self.key.1) == Some(b"\"items\"") {
            if self.found.start > 0 {
                return None;
            }
            self.within = true;
            self.found.start = at + 1;
        } else if self.within && self.depth == 2 {
            if list {
                return None;
            }
            self.found.items.push((at, at));
        }
        self.depth += 1;
        Some(())
    }

    fn close(&mut self, at: usize) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        if self.within && self.depth == 2 {
            self.found.items.last_mut()?.1 = at + 1;
        } else if self.within && self.depth == 1 {
            self.found.end = at;
            self.within = false;
        }
        Some(())
    }
}

/// Returns the offset after the quote that ends the string at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> (Vec<String>, Vec<String>) {
        let source = Source::new("x", text).unwrap();
        let documents = crate::yaml::split::split(&source).documents;
        let (found, envelopes) = cut(&source, &documents);
        let found = found.iter().map(|document| source.slice(document.span).to_owned()).collect();
        (found, envelopes.into_iter().map(|envelope| envelope.text).collect())
    }

    #[test]
    fn a_list_is_cut_into_its_items() {
        let text = r#"{"items": [{"a": "]}\""}, {"items": [{}]}], "kind": "List"}"#;
        let (found, envelopes) = pieces(text);
        assert_eq!(found, [r#"{"a": "]}\""}"#, r#"{"items": [{}]}"#]);
        assert_eq!(envelopes, [r#"{"items": [], "kind": "List"}"#]);
        let source = Source::new("x", text).unwrap();
        let (_, envelopes) = cut(&source, &crate::yaml::split::split(&source).documents);
        let at = envelopes[0].text.find("kind").and_then(|at| u32::try_from(at).ok()).unwrap();
        assert_eq!(text.find("kind"), Some(envelopes[0].place(at) as usize));
    }

    #[test]
    fn what_is_not_plainly_json_stays_whole() {
        let whole = [
            "{kind: List, items: [{a: 1}]}\n",
            r#"{"kind": "List", "items": [{"a": '}'}]}"#,
            r#"{"kind": "List", "items": [{} # }"#,
            r#"{"kind": "List", "items": [[{}]]}"#,
            r#"{"kind": "List", "items": [{}, 1]}"#,
            r#"{"kind": "List", "items": [{}]"#,
            r#"{"kind": "List", "items": [], "items": []}"#,
            r#"{"kind": "ConfigMapList", "items": [{}]}"#,
            r#"{"kind": "List", "spec": {"items": [{}]}}"#,
            "items:\n- a: 1\n",
        ];
        for text in whole {
            assert_eq!(pieces(text), (vec![text.to_owned()], Vec::new()), "{text}");
        }
    }
}
