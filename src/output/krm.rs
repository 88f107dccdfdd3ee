//! The envelope of a KRM function: a `ResourceList` with `functionConfig` for input and `results` for output.
//!
//! Reads the configuration and finds the place for the results. Other modules read the items, like any other objects.
//! The format is that of the KRM functions specification, `config.kubernetes.io/v1`.

use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::output::report::Finding;
use crate::text::parts;
use crate::text::source::{Source, Span};
use crate::yaml::entry;
use crate::yaml::split::{self, Document};
use crate::yaml::{self, Kind, NodeId, Tree, Value};
use serde::Serialize;
use serde::de::IgnoredAny;
use std::collections::HashSet;

/// A stream that consists of one `ResourceList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The `functionConfig` field, if present.
    pub function_config: Option<FunctionConfig>,
    /// Where to put the results; `None` if there is no safe place.
    place: Option<Place>,
    /// The text of the results that are already present: those of other functions, and our own if the list passes
    /// through again.
    present: String,
}

/// The configuration of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionConfig {
    /// Its text as a separate document, padded so that it starts at the same line and column.
    pub text: String,
    /// Where it is in the source.
    pub span: Span,
    /// The 1-based number of its document.
    pub document: u32,
}

/// Where to insert results. The place is before a value, never after it: a trailing comma or further lines of a block
/// scalar may follow a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// A new line before the key `items`, with the indentation and line ending of that line.
    Line { at: u32, indent: String, ending: &'static str },
    /// Before the key `items` of a flow mapping.
    Entry { at: u32 },
    /// Before the first item of a list in block style.
    Item { at: u32, indent: String, ending: &'static str },
    /// Before the first item of a list in flow style, or inside an empty one.
    FlowItem { at: u32, empty: bool },
    /// In place of a null value.
    Nothing(Span),
}

/// One result (KRM functions specification, `ResourceList.results`).
#[derive(Serialize)]
struct KrmResult<'a> {
    message: String,
    severity: &'static str,
    tags: Tags<'a>,
}

#[derive(Serialize)]
struct Tags<'a> {
    code: &'a str,
}

impl Envelope {
    /// Reads the envelope if the stream is one `ResourceList`.
    ///
    /// # Errors
    /// Fails for a `ResourceList` that is not the only document, or whose `items` or `results` is not a list. Its
    /// configuration could not apply to the whole input, or the results would have no place.
    pub fn of(source: &Source) -> Result<Option<Envelope>, Box<Diagnostic>> {
        Envelope::find(source, 1)
    }

    /// Like [`Envelope::of`], but on several threads.
    ///
    /// # Errors
    /// As for [`Envelope::of`].
    pub fn find(source: &Source, threads: usize) -> Result<Option<Envelope>, Box<Diagnostic>> {
        // Fast path: most streams never contain the word.
        let pieces = parts::lines(source.text(), parts::count(threads));
        if !parts::each(threads, &pieces, |(_, lines)| mentions_kind(lines)).contains(&true) {
            return Ok(None);
        }
        let documents = split::split(source).documents;
        let mut tree = Tree::default();
        let list = documents.iter().find(|document| {
            mentions_kind(source.slice(document.span))
                && parse(source, **document, &mut tree).is_some_and(|root| is_resource_list(&tree, root))
        });
        let Some(list) = list else { return Ok(None) };
        let other = documents.iter().filter(|document| *document != list);
        let mut other = other.filter(|document| parse(source, **document, &mut tree).is_some());
        if let Some(other) = other.next() {
            return Err(not_alone(*list, *other));
        }
        let Some(root) = parse(source, *list, &mut tree) else { return Ok(None) };
        Envelope::read(source, &tree, root, list.number).map(Some)
    }

    fn read(
        source: &Source,
        tree: &Tree<'_>,
        root: NodeId,
        document: u32,
    ) -> Result<Envelope, Box<Diagnostic>> {
        let field = |name: &str| tree.get(root, name).map(|node| tree.deref(node));
        let is_list = |node: &NodeId| tree.node(*node).kind == Kind::Sequence || is_null(tree, *node);
        let (items, results) = (field("items"), field("results"));
        if !items.as_ref().is_some_and(is_list) {
            return Err(no_list("items", tree.node(items.unwrap_or(root)).span, items.is_some(), document));
        }
        if let Some(results) = results.filter(|results| !is_list(results)) {
            return Err(no_list("results", tree.node(results).span, true, document));
        }
        let function_config = field("functionConfig").filter(|node| !is_null(tree, *node));
        Ok(Envelope {
            function_config: function_config.map(|node| FunctionConfig {
                text: standalone(source, tree.node(node).span),
                span: tree.node(node).span,
                document,
            }),
            place: if tree.has_lone_return() { None } else { place(source, tree, root) },
            present: results.map(|node| source.slice(tree.node(node).span).to_owned()).unwrap_or_default(),
        })
    }

    /// Returns the text that adds these findings to the output, and where to put it.
    pub fn results(&self, findings: &[Finding<'_>]) -> Option<(Span, String)> {
        // JSON is valid YAML: one line for each result.
        let results = findings.iter().filter_map(|finding| serde_json::to_string(&result(finding)).ok());
        let present = present(&self.present);
        let results: Vec<String> = results.filter(|result| !present.contains(result.as_str())).collect();
        if results.is_empty() {
            return None;
        }
        let lines = |indent: &str, ending: &str| -> String {
            results.iter().map(|result| format!("- {result}{ending}{indent}")).collect()
        };
        let row = results.join(", ");
        Some(match self.place.as_ref()? {
            Place::Line { at, indent, ending } => {
                (Span::empty(*at), format!("results:{ending}{indent}{}", lines(indent, ending)))
            }
            Place::Entry { at } => (Span::empty(*at), format!("\"results\": [{row}], ")),
            Place::Item { at, indent, ending } => (Span::empty(*at), lines(indent, ending)),
            Place::FlowItem { at, empty } => {
                (Span::empty(*at), format!("{row}{}", if *empty { "" } else { ", " }))
            }
            Place::Nothing(span) => (*span, format!("{}[{row}]", if span.is_empty() { " " } else { "" })),
        })
    }
}

/// Returns the results in a text that have the form in which this function writes them.
fn present(text: &str) -> HashSet<&str> {
    let begins = memchr::memmem::find_iter(text.as_bytes(), br#"{"message":"#);
    let object = |at: usize| {
        let mut read = serde_json::Deserializer::from_str(&text[at..]).into_iter::<IgnoredAny>();
        read.next()?.ok()?;
        text.get(at..at + read.byte_offset())
    };
    begins.filter_map(object).collect()
}

fn mentions_kind(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"ResourceList").is_some()
}

/// Parses a document and returns its root; `None` if the document is invalid or null.
fn parse<'s>(source: &'s Source, document: Document, tree: &mut Tree<'s>) -> Option<NodeId> {
    yaml::parse(source.slice(document.span), document.span.start, tree).ok()?;
    tree.root().filter(|root| !is_null(tree, *root))
}

fn is_resource_list(tree: &Tree<'_>, root: NodeId) -> bool {
    let version = tree.text_of(root, "apiVersion");
    tree.text_of(root, "kind") == Some("ResourceList")
        && version.is_some_and(|version| version.starts_with("config.kubernetes.io/"))
}

fn is_null(tree: &Tree<'_>, node: NodeId) -> bool {
    tree.value(node) == Some(Value::Null)
}

fn not_alone(list: Document, other: Document) -> Box<Diagnostic> {
    let message =
        "a ResourceList is not the only document, but its `functionConfig` applies to the whole input";
    let finding = Diagnostic::new(Code::InvalidResourceList, message)
        .in_document(list.number)
        .at(Span::empty(list.span.start), "this list")
        .at(Span::empty(other.span.start), "the other document")
        .help("move the other documents into its `items`, or write the items as documents");
    Box::new(finding)
}

fn no_list(name: &str, span: Span, there: bool, document: u32) -> Box<Diagnostic> {
    let message = if there {
        format!("`{name}` of a ResourceList is not a list")
    } else {
        format!("a ResourceList has no `{name}`")
    };
    let finding = Diagnostic::new(Code::InvalidResourceList, message)
        .in_document(document)
        .at(Span::empty(span.start), if there { "expected a list" } else { "this list" })
        .help(format!("set `{name}` to a list; `{name}: []` is an empty one"));
    Box::new(finding)
}

fn result<'a>(finding: &Finding<'a>) -> KrmResult<'a> {
    let help = finding.help.map(|help| format!("; {help}")).unwrap_or_default();
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    };
    KrmResult { message: format!("{}{help}", finding.message), severity, tags: Tags { code: finding.code } }
}

/// Returns the text of a node, preceded by as many line feeds and spaces as in the stream, so that errors in it get the
/// right line and column. If the last key of the node has no value, its colon is outside the node and is added.
fn standalone(source: &Source, span: Span) -> String {
    let place = source.locate(span.start);
    let (lines, columns) =
        ("\n".repeat(place.line.saturating_sub(1)), " ".repeat(place.column.saturating_sub(1)));
    let behind = source.text().get(span.end as usize..).unwrap_or_default();
    let colon = if behind.trim_start_matches([' ', '\t']).starts_with(':') { ":" } else { "" };
    format!("{lines}{columns}{}{colon}", source.slice(span))
}

fn place(source: &Source, tree: &Tree<'_>, root: NodeId) -> Option<Place> {
    let find =
        |name: &str| tree.entries(root).find(|(key, _)| tree.text(*key).is_some_and(|text| text == name));
    if let Some((key, value)) = find("results") {
        return within(source, tree, key, value);
    }
    let at = entry::start(source, tree.node(find("items")?.0).span);
    if tree.node(root).kind == Kind::Mapping(true) {
        return Some(Place::Entry { at });
    }
    let (indent, ending) = line(source, at)?;
    Some(Place::Line { at, indent, ending })
}

/// Returns the place among existing results.
fn within(source: &Source, tree: &Tree<'_>, key: NodeId, value: NodeId) -> Option<Place> {
    let span = tree.node(value).span;
    if tree.node(value).kind != Kind::Sequence {
        // A missing value has no span: use the end of the colon.
        let behind = tree.node(key).span.end;
        let colon = source.text().get(behind as usize..)?.find(':')?;
        let absent = Span::empty(behind + u32::try_from(colon).ok()? + 1);
        return is_null(tree, value).then_some(Place::Nothing(if span.is_empty() { absent } else { span }));
    }
    if source.slice(span).starts_with('[') {
        return Some(Place::FlowItem { at: span.start + 1, empty: tree.children(value).next().is_none() });
    }
    let at = first_dash(source, tree.node(key).span.end)?;
    let (indent, ending) = line(source, at)?;
    Some(Place::Item { at, indent, ending })
}

/// Returns the offset of the first item of a list in block style. It is below the key of the list.
fn first_dash(source: &Source, key_end: u32) -> Option<u32> {
    let mut at = key_end as usize;
    for line in source.text().get(at..)?.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line[indent..].starts_with('-') {
            return u32::try_from(at + indent).ok();
        }
        at += line.len();
    }
    None
}

/// Returns the indentation before a place that starts its line, and the line ending; `None` if other text comes before
/// the place.
fn line(source: &Source, at: u32) -> Option<(String, &'static str)> {
    let line = source.line_at(at as usize);
    let before = source.text().get(line.start..at as usize)?;
    let ending = if source.text()[line.end..].starts_with("\r\n") { "\r\n" } else { "\n" };
    before.trim().is_empty().then(|| (before.to_owned(), ending))
}
