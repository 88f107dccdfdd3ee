//! Finds the places that contain the names of Jobs and Pods, and which of these places can be edited.
//!
//! Parses only those documents again that contain one of the names as a word. The code does not recurse, and each alias
//! takes a step from the budget of the tree. Must not look at the values of a Secret.

use super::places::Named;
use super::position::Walk;
use super::resolve::{Jobs, Owner};
use super::survey::Input;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::Arena;
use crate::kube::object::objects;
use crate::links::mentions::{with_escapes, words};
use crate::links::resolve::Link;
use crate::survey::inventory::Inventory;
use crate::survey::references::ReferenceIndex;
use crate::survey::reread;
use crate::text::source::Span;
use crate::yaml::split::Document;
use std::cell::OnceCell;

/// Finds the names of these Jobs in the stream.
pub(super) fn find(input: Input<'_, '_>, jobs: &Jobs<'_>) -> Named {
    let Input { stream, inventory, links, rules, .. } = input;
    let source = stream.source;
    let mut named = Named::default();
    let wanted = |text: &str| words(text).filter(|word| jobs.is_wanted(&text[word.range()])).collect();
    let hits = with_escapes(wanted(source.text()), stream, inventory, wanted);
    let rewritten = rewritten(inventory, &links.of_references);
    reread::holding(stream, inventory, &hits, &mut |document, tree, hits| {
        for view in objects(tree) {
            let owner = Owner::of(&view, jobs);
            let (rewritten, named) = (&rewritten, &mut named);
            let (traced, root) = ((view.root, 0), tree.node(view.root).span);
            let speaks = OnceCell::new();
            Walk { tree, source, rules, jobs, rewritten, owner, hits, named, traced, root, speaks }
                .run(&view);
        }
        if tree.exhausted() {
            named.findings.push(alias_limit(document));
        }
    });
    named
}

/// Returns the places of references to objects in the stream, sorted. These places may get a new name themselves.
fn rewritten(inventory: &Inventory<'_>, links: &Arena<ReferenceIndex, Link>) -> Vec<Span> {
    let linked = inventory.collected.references.iter().zip(links).filter(|(_, link)| link.follows());
    let mut spans: Vec<Span> = linked.map(|(reference, _)| reference.site.span).collect();
    spans.sort_unstable();
    spans
}

pub(super) fn alias_limit(document: Document) -> Diagnostic {
    Diagnostic::new(Code::AliasLimit, "aliases and merge keys expand to more content than can be processed")
        .in_document(document.number)
        .at(Span::empty(document.span.start), "in this document")
        .help("replace some aliases with copies of their values, or nest fewer levels of aliases")
}
