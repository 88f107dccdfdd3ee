//! The envelope of a KRM function: a `ResourceList` with `functionConfig` in and `results` out.
//!
//! Reads the configuration and says where results go; the items are objects like any other. The form is that of the
//! KRM functions specification, `config.kubernetes.io/v1`.

use crate::diagnostic::Severity;
use crate::report::Finding;
use crate::source::{Source, Span};
use crate::yaml::{self, Kind, NodeId, Tree};
use serde::Serialize;

/// A stream that is one `ResourceList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The text of `functionConfig`, as a document of its own, when there is one.
    pub function_config: Option<String>,
    /// Where `results` go; `None` when the list has results already.
    results: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    at: u32,
    flow: bool,
    /// True when a flow mapping has no entry before, or a block begins a line.
    first: bool,
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
    pub fn of(source: &Source) -> Option<Envelope> {
        let text = source.text();
        // Most streams are none, and say so early: the kind stands before or behind the items.
        memchr::memmem::find(text.as_bytes(), b"ResourceList")?;
        let mut findings = Vec::new();
        let documents = crate::split::split(source, &mut findings);
        let [document] = documents[..] else { return None };
        let mut tree = Tree::default();
        yaml::parse(source.slice(document.span), document.span.start, &mut tree).ok()?;
        let root = tree.root()?;
        let is_list = tree.text_of(root, "kind") == Some("ResourceList")
            && tree
                .text_of(root, "apiVersion")
                .is_some_and(|version| version.starts_with("config.kubernetes.io/"));
        is_list.then(|| Envelope {
            function_config: tree
                .get(root, "functionConfig")
                .and_then(|node| standalone(source, &tree, node)),
            results: tree.get(root, "results").is_none().then(|| place(source, &tree, root)),
        })
    }

    /// What to put into the output so that it holds these findings, and where.
    pub fn results(&self, findings: &[Finding<'_>]) -> Option<(Span, String)> {
        let place = self.results.filter(|_| !findings.is_empty())?;
        let results: Vec<KrmResult<'_>> = findings.iter().map(result).collect();
        // JSON is YAML: one line for each result.
        let lines: Vec<String> =
            results.iter().filter_map(|result| serde_json::to_string(result).ok()).collect();
        let text = match (place.flow, place.first) {
            (true, true) => format!("\"results\": [{}]", lines.join(", ")),
            (true, false) => format!(", \"results\": [{}]", lines.join(", ")),
            (false, first) => {
                let (before, behind) = if first { ("", "\n") } else { ("\n", "") };
                format!("{before}results:\n- {}{behind}", lines.join("\n- "))
            }
        };
        Some((Span::empty(place.at), text))
    }
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

/// A node's text with the indentation of its first line put before it, so that it can be read alone.
fn standalone(source: &Source, tree: &Tree<'_>, node: NodeId) -> Option<String> {
    let span = tree.node(tree.deref(node)).span;
    if span.is_empty() {
        return None;
    }
    let line = source.line_at(span.start as usize);
    let before = &source.text()[line.start..span.start as usize];
    let indent = if before.trim().is_empty() { before } else { "" };
    Some(format!("{indent}{}", source.slice(span)))
}

fn place(source: &Source, tree: &Tree<'_>, root: NodeId) -> Place {
    let node = tree.node(root);
    let flow = node.kind == Kind::Mapping(true);
    if flow {
        let at = node.span.end.saturating_sub(1);
        return Place { at, flow, first: tree.children(root).next().is_none() };
    }
    let at = source.behind(node.span.end as usize);
    let first = source.text()[..at].ends_with('\n');
    Place { at: Span::new(at, at).start, flow, first }
}
