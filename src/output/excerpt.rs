//! One line of the source, made safe to show: cut to a window, and without the values of Secrets.
//!
//! Parses the document again, but only when there is a line to show. Shows nothing of a document that is unreadable or
//! not a whole object, unless it is certain to be harmless: it may be a part of a Secret. Must not lay out text.

use super::certainty::{is_another_object, is_harmless, may_be_shown, may_hold_secret};
use super::comment;
use super::configuration;
use super::documents::Documents;
use crate::kube::shown;
use crate::text::source::{Source, Span};
use crate::yaml::{self, Kind, NodeId, Tree};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Bytes shown before and after the place in a line that is too long to show whole.
const BEFORE: usize = 40;
const BEHIND: usize = 100;
/// Replaces hidden or cut text.
const ELLIPSIS: &str = "…";

/// A line, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line's number in its file, 1-based.
    pub line: usize,
    /// The text to show.
    pub text: String,
    /// The place within `text`, in bytes.
    pub place: Range<usize>,
    /// The column at which the place is shown, 1-based, in characters. It is the column in the source unless text
    /// before it was cut or hidden.
    pub column: usize,
}

/// Excerpts of one source. Each document is parsed once, however many of its lines are shown.
#[derive(Debug)]
pub struct Excerpts<'s> {
    documents: Documents<'s>,
    read: HashMap<usize, Option<Shown>>,
}

impl<'s> Excerpts<'s> {
    /// Parses nothing until [`Excerpts::of`] is called.
    pub fn new(source: &'s Source) -> Excerpts<'s> {
        Excerpts { documents: Documents::new(source), read: HashMap::new() }
    }

    /// Returns the first line of `span`; `None` if nothing in its document may be shown.
    pub fn of(&mut self, span: Span) -> Option<Excerpt> {
        let document = self.documents.around(span.start as usize);
        let documents = &self.documents;
        let shown = self.read.entry(document.start).or_insert_with(|| Shown::read(documents, document));
        lay_out(documents.source, shown.as_ref()?, span)
    }
}

/// Returns the first line of `span`; `None` if nothing in its document may be shown.
pub fn excerpt(source: &Source, span: Span) -> Option<Excerpt> {
    Excerpts::new(source).of(span)
}

fn lay_out(source: &Source, allowed: &Shown, span: Span) -> Option<Excerpt> {
    let line = source.line_at(span.start as usize);
    let start = (span.start as usize).clamp(line.start, line.end);
    let place = start..(span.end as usize).clamp(start, line.end);
    let window = window(source.text(), line.clone(), place.start);
    let mut text = String::from(if window.start > line.start { ELLIPSIS } else { "" });
    let mut bounds = (None, None);
    for piece in allowed.pieces(source.text(), window.clone()) {
        let at = text.len();
        text.push_str(&shown::printable(piece.text));
        // A hidden piece is one ellipsis, so it has no inner offsets.
        let within = |offset: usize| if piece.hidden { 0 } else { offset.saturating_sub(piece.span.start) };
        let before = |offset: usize| piece.text.get(..within(offset)).unwrap_or(piece.text);
        let inside = |offset: usize| at + shown::printable(before(offset)).len();
        if bounds.0.is_none() && piece.span.end > place.start {
            bounds.0 = Some(inside(place.start));
        }
        if bounds.1.is_none() && piece.span.end >= place.end {
            bounds.1 = Some(if piece.hidden { text.len() } else { inside(place.end) });
        }
    }
    let start = bounds.0.unwrap_or(text.len());
    let end = bounds.1.unwrap_or(text.len()).max(start);
    if window.end < line.end {
        text.push_str(ELLIPSIS);
    }
    let column = 1 + text[..start].chars().count();
    Some(Excerpt { line: source.locate(span.start).line, text, place: start..end, column })
}

/// Returns the whole text of a document for a terminal or a log, without the values of Secrets. The number of lines stays
/// the same.
pub fn masked(text: &str) -> String {
    written(text, shown::printable)
}

/// True if nothing in the text of a document must be hidden.
pub fn is_open(text: &str) -> bool {
    written(text, |piece| Cow::Borrowed(piece)) == text
}

fn written(text: &str, write: for<'t> fn(&'t str) -> Cow<'t, str>) -> String {
    let Ok(source) = Source::new("", text) else { return String::new() };
    let documents = Excerpts::new(&source).documents;
    let allowed = Shown::read(&documents, documents.around(0)).filter(|_| !text.starts_with("---"));
    text.split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            let content = line.trim_end_matches(['\n', '\r']);
            let ending = &line[content.len()..];
            let text = match &allowed {
                Some(allowed) => allowed
                    .pieces(source.text(), start..start + content.len())
                    .iter()
                    .map(|piece| write(piece.text))
                    .collect(),
                None => ELLIPSIS.to_owned(),
            };
            Some(text + ending)
        })
        .collect()
}

/// Returns the part of a line around a place; the whole line if it is short.
fn window(text: &str, line: Range<usize>, place: usize) -> Range<usize> {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    if line.len() <= BEFORE + BEHIND {
        return line;
    }
    boundary(place.saturating_sub(BEFORE).max(line.start))..boundary((place + BEHIND).min(line.end))
}

/// What may be shown of a document.
#[derive(Debug, Default)]
struct Shown {
    /// Every scalar in order, and whether it may be shown. `None`: everything may be shown.
    scalars: Option<Vec<(Span, bool)>>,
    /// True if only comments are hidden between scalars.
    comments_only: bool,
}

struct Piece<'t> {
    text: &'t str,
    span: Range<usize>,
    hidden: bool,
}

impl Shown {
    /// Parses a document; `None` if it may be a part of a Secret.
    fn read(documents: &Documents<'_>, document: Range<usize>) -> Option<Shown> {
        let text = &documents.source.text()[document.clone()];
        if text.starts_with("---") {
            // A marker line with text on it may be a line of a Secret's value that lost its indentation.
            let marker = Span::new(document.start, document.start + 3);
            let rest = Span::new(document.start + 3, document.end);
            return Some(Shown { scalars: Some(vec![(marker, true), (rest, false)]), comments_only: false });
        }
        let mut tree = Tree::default();
        let read = yaml::parse(text, u32::try_from(document.start).ok()?, &mut tree);
        if read.is_err() || tree.ignored_from().is_some() {
            // An unreadable document may be a Secret whatever its kind: a value may have slipped into any place.
            return is_harmless(text).then(Shown::default);
        }
        if may_hold_secret(&tree) {
            return Some(Shown { scalars: Some(scalars(&tree)), comments_only: false });
        }
        let whole = || Shown { scalars: Some(configuration::scalars(&tree)), comments_only: true };
        is_another_object(&tree, documents.source).then(whole)
    }

    /// Splits a line into pieces, with an ellipsis for each hidden piece.
    fn pieces<'t>(&self, text: &'t str, line: Range<usize>) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let mut at = line.start;
        while at < line.end {
            let piece = self.piece(text, at, line.end);
            at = piece.span.end;
            pieces.push(piece);
        }
        pieces
    }

    fn piece<'t>(&self, text: &'t str, at: usize, end: usize) -> Piece<'t> {
        let show = |to: usize| Piece { text: &text[at..to], span: at..to, hidden: false };
        let hide = |to: usize| Piece { text: ELLIPSIS, span: at..to, hidden: true };
        let Some(scalars) = &self.scalars else { return show(end) };
        let next = scalars.partition_point(|(span, _)| (span.end as usize) <= at);
        let between = if self.comments_only { gap_of_object } else { gap };
        let Some((span, allowed)) = scalars.get(next) else { return between(text, at, end) };
        if at < span.start as usize {
            return between(text, at, (span.start as usize).min(end));
        }
        let to = (span.end as usize).min(end);
        if *allowed { show(to) } else { hide(to) }
    }
}

/// Returns the text between two scalars. Punctuation may be shown; comments, anchors and tags may not.
fn gap(text: &str, at: usize, to: usize) -> Piece<'_> {
    let punctuation = |c: char| matches!(c, ' ' | ':' | '-' | '{' | '}' | '[' | ']' | ',' | '?');
    let hidden = !text[at..to].chars().all(punctuation);
    Piece { text: if hidden { ELLIPSIS } else { &text[at..to] }, span: at..to, hidden }
}

/// Returns the text between two scalars of an object without content, up to a comment or to its end. A line of a Secret
/// may have moved into a comment, so only Helm's comments and prose are shown.
fn gap_of_object(text: &str, at: usize, to: usize) -> Piece<'_> {
    let found = text[at..to].find('#').map_or(to, |comment| at + comment);
    let end = if found == at { to } else { found };
    let hidden = found == at && !comment::may_be_shown(&text[at..end]);
    Piece { text: if hidden { ELLIPSIS } else { &text[at..end] }, span: at..end, hidden }
}

/// Keys that may be shown in a document that contains a Secret. Any other key may be a value that lost a quote.
const FIELDS: [&str; 14] = [
    "annotations",
    "apiVersion",
    "binaryData",
    "data",
    "generateName",
    "immutable",
    "items",
    "kind",
    "labels",
    "metadata",
    "name",
    "namespace",
    "stringData",
    "type",
];

/// Returns every scalar of a document, and whether it may be shown: only the field names of an object and its
/// identifying values. An anchor anywhere may share content, so no other scalar may be shown.
fn scalars(tree: &Tree<'_>) -> Vec<(Span, bool)> {
    let mut found = Vec::new();
    let mut open: Vec<(NodeId, &str, bool)> = tree.root().map(|root| (root, "", false)).into_iter().collect();
    while let Some((id, holder, content)) = open.pop() {
        for item in tree.items(id) {
            let holder = if matches!(holder, "" | "items") { holder } else { "a list" };
            open.push((item, holder, content));
        }
        for (key, value) in tree.entries(id) {
            let name = tree.text(key).unwrap_or_default();
            found.push((tree.node(key).span, FIELDS.contains(&name)));
            let harmless = |text: &str| may_be_shown(holder, name, text);
            let scalar = matches!(tree.node(value).kind, Kind::Scalar(_));
            if !content && scalar && tree.text(value).is_some_and(harmless) {
                found.push((tree.node(value).span, true));
            } else {
                let content = content || matches!(name, "data" | "stringData" | "binaryData" | "annotations");
                open.push((value, name, content));
            }
        }
        if matches!(tree.node(id).kind, Kind::Scalar(_)) {
            found.push((tree.node(id).span, false));
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, at: &str) -> Option<(String, String)> {
        let source = Source::new("x", text).unwrap();
        let start = text.find(at).unwrap();
        let excerpt = excerpt(&source, Span::new(start, start + at.len()))?;
        let place = excerpt.text[excerpt.place.clone()].to_owned();
        Some((excerpt.text, place))
    }

    #[test]
    fn a_line_without_secrets_is_shown_as_it_stands() {
        let text = "apiVersion: v1\nkind: ConfigMap\ndata: 3\n";
        assert_eq!(shown(text, "3"), Some(("data: 3".into(), "3".into())));
    }

    #[test]
    fn what_may_be_a_part_of_a_secret_is_not_shown() {
        for text in [
            "token: here\n",
            "kind: Pod\ntoken: here\n",
            "apiVersion: v1\n  here\nkind: Pod\n",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web\n  here}\n",
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}, {token: here}]\n",
            "apiVersion: v1\nkind: List\nitems: [&a {token: here}, *a]\n",
            "apiVersion: v1\nkind: Pod\nspec: [here\n",
            "apiVersion: v1\nkind: Secr\ndat: {a: here}\n",
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: !!binary UG9k, a: here}]\n",
            "apiVersion: v1\nkind: List\nitems:\n  pass word: here\n",
            "apiVersion: v1\nkind: List\nitem- apiVersion: |-\n  v1\n  token: here\n",
            "apiVersion: v1\nkind: Pod\n--ta:\n  token: here\n",
        ] {
            assert_eq!(shown(text, "here"), None, "{text}");
        }
    }

    #[test]
    fn a_kind_that_is_not_known_may_be_a_value() {
        for kind in ["azaoetdz", "Secreteqkhaonq"] {
            let text = format!("apiVersion: v1\nkind: {kind}\nstringData: {{a: b}}\n");
            assert_eq!(masked(&text), "apiVersion: v1\nkind: …\nstringData: {…: …}\n");
        }
    }

    #[test]
    fn a_comment_is_shown_when_it_is_a_template_or_prose() {
        let text = "# Source: web/templates/a.yaml\napiVersion: v1\nkind: Pod # here\n  # token: here\nspec: 'a # b' # read once, at start\n";
        let shown = "# Source: web/templates/a.yaml\napiVersion: v1\nkind: Pod …\n  …\nspec: 'a # b' # read once, at start\n";
        assert_eq!(masked(text), shown);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":\"{}\",\"here\":1,\"b\":\"{}\"}}",
            "x".repeat(500),
            "y".repeat(500)
        );
        let (line, place) = shown(&text, "here").unwrap();
        assert!(line.len() < 200 && line.starts_with('…') && line.ends_with('…'));
        assert_eq!(place, "here");
    }
}
