//! The envelope of a KRM function: a `ResourceList` with `functionConfig` as input and `results` as output.
//!
//! Reads the configuration and says where the results go. The items are objects like any other. The format is that of the
//! KRM functions specification, `config.kubernetes.io/v1`.

use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::output::report::Finding;
use crate::text::source::{Source, Span};
use crate::yaml::entry;
use crate::yaml::split::{self, Document};
use crate::yaml::{self, Kind, NodeId, Tree, Value};
use serde::Serialize;
use serde::de::IgnoredAny;
use std::collections::HashSet;

/// A stream that is one `ResourceList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// `functionConfig`, when there is one.
    pub function_config: Option<FunctionConfig>,
    /// Where results go; `None` where that cannot be told.
    place: Option<Place>,
    /// The text of the results of other functions, and of our own when the list comes by once more.
    present: String,
}

/// The configuration of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionConfig {
    /// Its text as a document of its own, at the same line and column.
    pub text: String,
    /// Its bytes.
    pub span: Span,
    /// Number of its document, 1-based.
    pub document: u32,
}

/// Always before something: after a value there may be a trailing comma, or lines that belong to a block scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// A line of its own before the key `items`, which is indented so and whose line ends so.
    Line { at: u32, indent: String, ending: &'static str },
    /// Before the key `items` of a flow mapping.
    Entry { at: u32 },
    /// Before the first item of a list in block style.
    Item { at: u32, indent: String, ending: &'static str },
    /// Before the first item of a list in flow style, if it has one.
    FlowItem { at: u32, empty: bool },
    /// In place of a value that says there are none.
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
    /// Looks whether the stream is one `ResourceList`.
    ///
    /// # Errors
    /// A list that is not alone, or whose `items` or `results` are no list: nothing could be made of its
    /// configuration, or of the results.
    pub fn of(source: &Source) -> Result<Option<Envelope>, Box<Diagnostic>> {
        // Most streams are none, and say so early: the kind is before or after the items.
        if !mentions_kind(source.text()) {
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

    /// What to put into the output so that it holds these findings, and where.
    pub fn results(&self, findings: &[Finding<'_>]) -> Option<(Span, String)> {
        // JSON is YAML: one line for each result.
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

/// The results in a text that are written as this function writes them.
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

/// The top node of a document that holds something.
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

/// A node's text after as many lines and columns as in the stream, so that it is read alone and mistakes have their
/// places. When its last key has no value, the colon of that key follows the node.
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

/// The place among results that are there.
fn within(source: &Source, tree: &Tree<'_>, key: NodeId, value: NodeId) -> Option<Place> {
    let span = tree.node(value).span;
    if tree.node(value).kind != Kind::Sequence {
        // An absent value has no place of its own.
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

/// Where the first item of a list in block style begins, which is below its key.
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

/// What is before a place that begins its line, and how the line ends.
fn line(source: &Source, at: u32) -> Option<(String, &'static str)> {
    let line = source.line_at(at as usize);
    let before = source.text().get(line.start..at as usize)?;
    let ending = if source.text()[line.end..].starts_with("\r\n") { "\r\n" } else { "\n" };
    before.trim().is_empty().then(|| (before.to_owned(), ending))
}
