//! Objects that are written under their own names too, behind their versions, for consumers that no rule can reach.
//!
//! A copy is the text of the object as it stands in the source, as a document or as an item of the same list.

use crate::diagnostic::{Code, Diagnostic};
use crate::edit::{Addition, Change, Why};
use crate::entry::line_ending;
use crate::inventory::Inventory;
use crate::object::View;
use crate::policy::Decision;
use crate::reread;
use crate::source::{Source, Span};
use crate::split::Document;
use crate::yaml::{Kind, NodeId, Site, Tree, Writing};
use std::collections::BTreeSet;

/// The copies of everything that is versioned and asks for it.
pub fn originals(
    source: &Source,
    documents: &[Document],
    inventory: &Inventory<'_>,
    decisions: &[Decision],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Addition> {
    let versioned = inventory.targets.iter().zip(decisions);
    let versioned = versioned.filter(|(target, decision)| target.original && **decision == Decision::Version);
    let wanted: BTreeSet<u32> = versioned.map(|(target, _)| target.object).collect();
    let copier = Copier { source, documents };
    let mut additions = Vec::new();
    reread::each(source, documents, inventory, &wanted, &mut |object, view| {
        let number = inventory.objects[object as usize].document;
        match copier.copy(view, number) {
            Some((at, text)) => {
                let site = Site { span: Span::empty(at), writing: Writing::Inner, via: None };
                additions
                    .push(Addition { change: Change { site, text, old: String::new() }, why: Why::Original });
            }
            None => diagnostics.push(shared(view).in_document(number)),
        }
    });
    additions
}

struct Copier<'a> {
    source: &'a Source,
    documents: &'a [Document],
}

impl Copier<'_> {
    /// Where the copy goes and its text. `None` where aliases tie the object to other text.
    fn copy(&self, view: &View<'_, '_>, document: u32) -> Option<(u32, String)> {
        if view.tree.has_aliases() {
            return None;
        }
        let at = self.documents.iter().position(|known| known.number == document)?;
        if view.tree.root() == Some(view.root) { Some(self.document(at)) } else { self.item(at, view) }
    }

    /// A whole document, comments included. Behind one of several JSON objects kubectl takes no marker line.
    fn document(&self, at: usize) -> (u32, String) {
        let span = self.documents[at].span;
        let text = self.source.slice(span).trim_start_matches('\u{feff}');
        let next = self.documents.get(at + 1).is_some_and(|next| next.span.start == span.end);
        let before = at > 0 && self.documents[at - 1].span.end == span.start;
        if next || before {
            return (span.end, format!("\n{}", text.trim()));
        }
        let ending = line_ending(self.source, self.source.line_at(span.start as usize).end);
        let marker = format!("---{ending}{text}");
        (span.end, if text.ends_with('\n') { marker } else { format!("{ending}{marker}") })
    }

    fn item(&self, document: usize, view: &View<'_, '_>) -> Option<(u32, String)> {
        let span = view.tree.node(view.root).span;
        let before = &self.source.text()[..span.start as usize];
        let flow = before.trim_end().ends_with(['[', ',']);
        if flow {
            let gap = &before[before.trim_end().len()..];
            return Some((span.end, format!(",{gap}{}", self.source.slice(span))));
        }
        let end = self.end_of_lines(document, view.tree, view.root);
        let line = self.source.line_at(span.start as usize).start;
        let dash = self.source.text().get(line..span.start as usize)?;
        let text = self.source.text().get(span.start as usize..end)?;
        // Anything but a dash there is part of something else.
        let plain = dash.trim() == "-";
        let copy = format!("{dash}{text}");
        let ending = line_ending(self.source, self.source.line_at(span.start as usize).end);
        let copy = if text.ends_with('\n') { copy } else { format!("{ending}{copy}") };
        plain.then_some((u32::try_from(end).ok()?, copy))
    }

    /// The start of the line of what follows an item of a list in block style.
    fn end_of_lines(&self, document: usize, tree: &Tree<'_>, item: NodeId) -> usize {
        let next = tree.node(item).next;
        let behind = tree.root().and_then(|root| (next < tree.node(root).next).then(|| tree.node(next)));
        match behind {
            // An absent value has no place of its own worth a line.
            Some(node) if !node.span.is_empty() || node.kind == Kind::Sequence => {
                self.source.line_at(node.span.start as usize).start
            }
            _ => self.documents[document].span.end as usize,
        }
    }
}

fn shared(view: &View<'_, '_>) -> Diagnostic {
    let message = format!("{} is to be written under its own name too, and cannot be copied", view.id());
    Diagnostic::new(Code::SharedAnchor, message)
        .at(
            Span::empty(view.tree.node(view.root).span.start),
            "shares text with other places through aliases, or stands in an unusual place",
        )
        .help("write the aliases in this document out, or give the object a document of its own")
}
