//! Where earlier versions go in the new stream, and in which form.
//!
//! They are documents after the last one; items if the stream is a single list; or JSON objects if kubectl reads the
//! stream as JSON, because kubectl then stops at a `---`. Must not choose the versions.

use super::lift;
use crate::kube::object::objects;
use crate::text::json::{self, as_yaml, is_json};
use crate::text::source::{Source, Span};
use crate::yaml::entry;
use crate::yaml::item::{self, Indicator};
use crate::yaml::split::{self, Document};
use crate::yaml::{self, Kind, NodeId, Tree};

/// The form in which texts are added to the new stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Documents, each after a `---`.
    Documents,
    /// JSON objects without a separator.
    Json,
    /// Items of a block list, at this byte offset, each after a dash in this 0-based column.
    Block { at: usize, column: usize },
    /// Items of a flow list, at this byte offset, with this white space after each comma.
    Flow { at: usize, gap: String, json: bool },
}

/// Why a text cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// A JSON stream can contain JSON only.
    NoJson,
    /// A flow-style list can contain flow-style text only.
    NoFlow,
}

/// Returns where earlier versions go.
pub(super) fn find(source: &Source, documents: &[Document]) -> Place {
    if let [document] = documents
        && let Some(place) = in_list(source, *document)
    {
        return place;
    }
    if json::is_stream(source.text()) { Place::Json } else { Place::Documents }
}

impl Unfit {
    /// Returns the reason in words that fit after "cannot be carried forward: ".
    pub(super) fn why(self) -> &'static str {
        match self {
            Unfit::NoJson => "the input is JSON, and this version is not",
            Unfit::NoFlow => "the input is a flow-style list, and this version is not in flow style",
        }
    }
}

impl Place {
    /// Returns the text to insert for each version, one after the other, and the place.
    ///
    /// # Errors
    /// The index of a text that cannot be added, and why.
    pub(super) fn write(
        &self,
        source: &Source,
        texts: &[&str],
    ) -> Result<(Span, Vec<String>), (usize, Unfit)> {
        let eol = entry::line_ending(source, source.line_at(0).end);
        let end = source.text().len();
        let at = match self {
            Place::Documents | Place::Json => end,
            Place::Block { at, .. } | Place::Flow { at, .. } => *at,
        };
        let one = |(number, text): (usize, &&str)| self.one(text, eol).map_err(|unfit| (number, unfit));
        let mut written = texts.iter().enumerate().map(one).collect::<Result<Vec<String>, _>>()?;
        let lines = !matches!(self, Place::Flow { .. });
        if let Some(first) = written.first_mut()
            && lines
            && !source.text()[..at].ends_with('\n')
        {
            first.insert_str(0, eol);
        }
        Ok((Span::new(at, at), written))
    }

    /// True if the list parses, with the insertions, to its own objects followed by those of the texts.
    pub(super) fn holds(&self, source: &Source, at: Span, written: &[String], texts: &[&str]) -> bool {
        if matches!(self, Place::Documents | Place::Json) {
            return true;
        }
        let mut text = source.text().to_owned();
        text.insert_str(at.start as usize, &written.concat());
        let meanings = |text: &str| -> Option<Vec<u64>> {
            let mut tree = Tree::default();
            // The document may be between markers, so the text is split first.
            let source = Source::new("", text).ok()?;
            let [document] = split::split(&source).documents[..] else { return None };
            yaml::parse(source.slice(document.span), 0, &mut tree).ok()?;
            Some(objects(&tree).map(|view| lift::meaning(&tree, view.root)).collect())
        };
        let mut wanted = meanings(source.text()).unwrap_or_default();
        wanted.extend(texts.iter().filter_map(|text| meanings(text)).flatten());
        meanings(&text).is_some_and(|found| found == wanted)
    }

    fn one(&self, text: &str, eol: &str) -> Result<String, Unfit> {
        let stays_json = matches!(self, Place::Json | Place::Flow { json: true, .. });
        let text = &*if stays_json { text.into() } else { as_yaml(text) };
        let line_ended = if text.ends_with('\n') { "" } else { eol };
        match self {
            Place::Documents => Ok(format!("---{eol}{text}{line_ended}")),
            Place::Json if is_json(text) => Ok(format!("{text}{line_ended}")),
            Place::Json | Place::Flow { json: true, .. } if !is_json(text) => Err(Unfit::NoJson),
            Place::Block { column, .. } => Ok(as_item(text, *column) + line_ended),
            Place::Flow { gap, .. } => {
                let indent = gap.rfind('\n').map_or(0, |at| gap.len() - at - 1);
                let braces = in_braces(text).ok_or(Unfit::NoFlow)?;
                Ok(format!(",{gap}{}", indented(braces, indent).trim_start()))
            }
            Place::Json => Err(Unfit::NoJson),
        }
    }
}

/// Returns the place after the last item of a `List` or `ResourceList`. Other lists contain objects of one kind only.
fn in_list(source: &Source, document: Document) -> Option<Place> {
    let text = source.slice(document.span);
    // Most streams contain no list, and this check is fast.
    memchr::memmem::find(text.as_bytes(), b"List")?;
    let mut tree = Tree::default();
    yaml::parse(text, document.span.start, &mut tree).ok()?;
    let root = tree.root()?;
    if !matches!(tree.text_of(root, "kind"), Some("List" | "ResourceList")) {
        return None;
    }
    let items = tree.get(root, "items").filter(|items| tree.node(*items).kind == Kind::Sequence)?;
    let nodes: Vec<NodeId> = tree.items(items).collect();
    let last = tree.node(*nodes.last()?).span;
    let text = source.text();
    if text[tree.node(items).span.start as usize..].starts_with('[') {
        let before = match nodes[..] {
            [.., other, _] => tree.node(other).span.end,
            _ => tree.node(items).span.start + 1,
        };
        let gap = text[before as usize..last.start as usize].trim_start_matches(',');
        let gap = if gap.trim().is_empty() { gap.to_owned() } else { " ".to_owned() };
        return Some(Place::Flow { at: last.end as usize, gap, json: is_json(source.slice(document.span)) });
    }
    let Some(Indicator::Dash(dash)) = item::indicator(text, last.start as usize) else { return None };
    let column = dash - source.line_at(dash).start;
    Some(Place::Block { at: source.behind(last.end as usize), column })
}

/// Returns the lines of a document as a list item. Comments above the object stay above the dash.
fn as_item(text: &str, column: usize) -> String {
    let above = |line: &&str| line.starts_with('#') || line.trim().is_empty();
    let head: usize = text.split_inclusive('\n').take_while(above).map(str::len).sum();
    let (above, own) = text.split_at(head);
    let own = indented(own, column + 2);
    let own = own.get(column + 2..).unwrap_or_default();
    format!("{}{}- {own}", indented(above, column), " ".repeat(column))
}

/// Indents the lines of a text. Empty lines stay empty; lines of blanks may be part of a block scalar, so they are
/// indented.
fn indented(text: &str, columns: usize) -> String {
    let blanks = " ".repeat(columns);
    let line = |line: &str| {
        if matches!(line, "\n" | "\r\n") { line.to_owned() } else { format!("{blanks}{line}") }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// An object from its opening brace to the closing one.
fn in_braces(text: &str) -> Option<&str> {
    let mut tree = Tree::default();
    yaml::parse(text, 0, &mut tree).ok()?;
    let root = tree.node(tree.root()?);
    text.get(root.span.range()).filter(|_| root.kind == Kind::Mapping(true))
}
