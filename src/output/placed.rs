//! Findings with everything that a format shows: place, object, field, and a fingerprint that survives a change of
//! content.
//!
//! Must not decide and must not lay out text: formats do that.

use crate::findings::diagnostic::{Diagnostic, Severity};
use crate::kube::object::Identity;
use crate::kube::suffix::looks_like_suffix;
use crate::kube::{origin, shown};
use crate::output::relations::Relation;
use crate::survey::inventory::Inventory;
use crate::text::source::{Source, Span};
use crate::yaml::split::Stream;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Bytes of the hash that go into a fingerprint.
const FINGERPRINT: usize = 8;

/// One finding, ready for any format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// The stable code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: Severity,
    /// What was found and what was expected.
    pub message: String,
    /// The cure.
    pub help: Option<String>,
    /// The kind of the affected object.
    pub kind: Option<String>,
    /// The namespace of that object, if it sets one.
    pub namespace: Option<String>,
    /// The name of that object.
    pub name: Option<String>,
    /// The field, if known.
    pub field: Option<String>,
    /// The document's number, 1-based.
    pub document: Option<u32>,
    /// The place of the finding.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// Other places in the source.
    pub related: Vec<Related>,
    /// The template or file that a comment in the document names as its source.
    pub template: Option<String>,
    /// Identifies the same fault of the same object, regardless of its content and of the lines before it.
    pub fingerprint: String,
}

/// A place on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file; `<stdin>` for standard input.
    pub file: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// 1-based, in characters: the column after the last character on this line.
    pub end_column: usize,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The place.
    #[serde(flatten)]
    pub place: Place,
    /// What is there; may be empty.
    pub text: Cow<'static, str>,
}

/// Finds the place, object and field of each finding in a stream.
#[derive(Debug)]
pub struct Placer<'a, 's> {
    stream: &'a Stream<'s>,
    inventory: &'a Inventory<'s>,
    /// The path of the field at each reference, by its offset.
    fields: HashMap<u32, &'a str>,
    /// The offsets of the names of ConfigMaps and Secrets.
    names: HashSet<u32>,
    /// How many faults with the same hash were placed so far.
    seen: HashMap<String, usize>,
    /// The templates of the documents that were looked up so far, by document number.
    templates: HashMap<u32, Option<&'a str>>,
}

impl<'a, 's> Placer<'a, 's> {
    /// Creates a placer for the findings of a stream. `relations`: one for each reference of the inventory, in the same
    /// order.
    pub fn new(
        stream: &'a Stream<'s>,
        inventory: &'a Inventory<'s>,
        relations: &'a [Relation<'_>],
    ) -> Placer<'a, 's> {
        let references = inventory.collected.references.iter().zip(relations);
        let fields =
            references.map(|(reference, relation)| (reference.site.span.start, relation.from.path.as_str()));
        let names = inventory.targets.iter().map(|target| target.name.span.start).collect();
        Placer {
            stream,
            inventory,
            fields: fields.collect(),
            names,
            seen: HashMap::new(),
            templates: HashMap::new(),
        }
    }

    /// Places one finding. The order distinguishes findings with the same code, object and field.
    pub fn place(&mut self, finding: &Diagnostic) -> Placed {
        let source = self.stream.source;
        let at = finding.labels.first().map(|label| label.span);
        let id = at.and_then(|at| owner(self.inventory, at));
        let field = at.and_then(|at| self.field(at));
        let owner: [&str; 3] =
            id.map_or([""; 3], |id| [id.kind, id.namespace.unwrap_or_default(), base(id.name)]);
        let template = finding.document.and_then(|number| self.template(number));
        let fingerprint = self.fingerprint(finding, owner, field.as_deref().unwrap_or_default());
        Placed {
            code: finding.code.as_str(),
            severity: finding.severity,
            message: finding.message.to_string(),
            help: finding.help.clone().map(Cow::into_owned),
            kind: id.map(|id| shown::kind(id.kind).to_owned()),
            namespace: id.and_then(|id| id.shown_namespace()).map(str::to_owned),
            name: id.map(|id| id.shown_name().to_owned()),
            field,
            document: finding.document,
            place: at.map(|at| place(source, at)),
            related: related(source, finding),
            template: template.map(str::to_owned),
            fingerprint,
        }
    }

    fn field(&self, at: Span) -> Option<String> {
        let field = self.fields.get(&at.start).map(|field| (*field).to_owned());
        let named = self.names.contains(&at.start);
        field.filter(|field| !field.is_empty()).or_else(|| named.then(|| "metadata.name".to_owned()))
    }

    fn template(&mut self, number: u32) -> Option<&'a str> {
        let Stream { source, documents, .. } = self.stream;
        *self.templates.entry(number).or_insert_with(|| {
            let at = documents.binary_search_by_key(&number, |document| document.number).ok()?;
            origin::template(source.slice(documents.get(at)?.span))
        })
    }

    fn fingerprint(&mut self, finding: &Diagnostic, owner: [&str; 3], field: &str) -> String {
        let [kind, namespace, name] = owner;
        let text = [finding.code.as_str(), kind, namespace, name, field].join("\0");
        let digest = Sha256::digest(text.as_bytes());
        let hash = hex::encode(&digest[..FINGERPRINT]);
        let number = self.seen.entry(hash.clone()).or_default();
        *number += 1;
        format!("{hash}:{number}")
    }
}

/// Returns the object that contains a place.
pub(super) fn owner<'a>(inventory: &'a Inventory<'_>, at: Span) -> Option<Identity<'a>> {
    let (_, object) = inventory.objects.last_before(at.start)?;
    (at.start < object.span.end).then_some(object.id)
}

/// Places a finding that is not about a document of a stream, such as a file that cannot be read.
pub fn alone(finding: &Diagnostic, source: &Source) -> Placed {
    let digest = Sha256::digest(finding.code.as_str().as_bytes());
    Placed {
        code: finding.code.as_str(),
        severity: finding.severity,
        message: finding.message.to_string(),
        help: finding.help.clone().map(Cow::into_owned),
        kind: None,
        namespace: None,
        name: None,
        field: None,
        document: finding.document,
        place: finding.labels.first().map(|label| place(source, label.span)),
        related: related(source, finding),
        template: None,
        fingerprint: format!("{}:1", hex::encode(&digest[..FINGERPRINT])),
    }
}

/// Returns the name without its suffix, so that the fingerprint survives a change of content.
pub fn base(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((base, tail)) if looks_like_suffix(tail) => base,
        _ => name,
    }
}

fn related(source: &Source, finding: &Diagnostic) -> Vec<Related> {
    let others = finding.labels.iter().skip(1);
    others.map(|label| Related { place: place(source, label.span), text: label.text.clone() }).collect()
}

/// Returns the place of a span, cut at the end of its first line.
pub(super) fn place(source: &Source, span: Span) -> Place {
    let at = source.locate(span.start);
    let line = source.line_at(span.start as usize);
    let end = (span.end as usize).clamp(span.start as usize, line.end.max(span.start as usize));
    let width = source.text().get(span.start as usize..end).map_or(0, |text| text.chars().count());
    Place { file: at.file.to_owned(), line: at.line, column: at.column, end_column: at.column + width }
}
