//! Text that Helm 4 changes when it calls a post-renderer.
//!
//! Helm 4 parses and serialises each document before it calls a post-renderer, and once more after it. Its YAML library
//! then adds a blank line before an indented line of folded text, and adds or drops blank lines at the end of a block
//! with `+` (yaml/go-yaml#337). Helm 4.3.1 leaves all other scalars unchanged. Must not change anything.

use crate::kube::annotations::HELM_TEMPLATE;
use crate::kube::content;
use crate::kube::object::View;
use crate::text::source::Source;
use crate::yaml::{Kind, NodeId, Style, Tree};

/// True for a stream that Helm 4 passes to a post-renderer.
pub fn is_from_helm_4(source: &Source) -> bool {
    memchr::memmem::find(source.text().as_bytes(), HELM_TEMPLATE.as_bytes()).is_some()
}

/// Returns the keys and values of an object's content that Helm 4 changes.
pub fn changed(source: &Source, view: &View<'_, '_>) -> Vec<(NodeId, NodeId)> {
    changes(source, view).collect()
}

/// True if Helm 4 changes some of an object's content.
pub fn is_changed(source: &Source, view: &View<'_, '_>) -> bool {
    changes(source, view).next().is_some()
}

fn changes(source: &Source, view: &View<'_, '_>) -> impl Iterator<Item = (NodeId, NodeId)> {
    let tree = view.tree;
    let fields = content::FIELDS.into_iter().filter_map(|field| view.field(field));
    let entries = fields.flat_map(|field| tree.entries(tree.deref(field)));
    entries.filter(|(_, value)| changes_value(source, tree, *value))
}

fn changes_value(source: &Source, tree: &Tree<'_>, value: NodeId) -> bool {
    let node = tree.node(value);
    if node.kind != Kind::Scalar(Style::Block) || tree.is_tagged(value) {
        return false;
    }
    let block = source.slice(node.span);
    let header = block.lines().next().unwrap_or_default().split([' ', '#']).next().unwrap_or_default();
    let folded = header.starts_with('>');
    let indented = || tree.text(value).unwrap_or_default().lines().any(|line| line.starts_with([' ', '\t']));
    // The last blank lines of a document also belong to the separator after it.
    let kept = || header.contains('+') && (folded || tree.after(value).is_none());
    (folded && indented()) || kept()
}
