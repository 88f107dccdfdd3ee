//! The text of a mapping that is a whole document or an item of a list, as far as a copy of it needs to know.
//!
//! Must not know what the mapping holds.

use super::{NodeId, Tree};

/// True when the text of a mapping means the same in a second place: no alias ties it to other text, and it is a whole
/// document, an item of a flow sequence, or an item with a dash of its own.
pub fn can_be_copied(tree: &Tree<'_>, source: &str, mapping: NodeId) -> bool {
    if tree.has_aliases() {
        return false;
    }
    let start = tree.node(mapping).span.start as usize;
    let before = source.get(..start).unwrap_or_default();
    tree.root() == Some(mapping) || is_in_flow(before) || dash(source, start).is_some()
}

/// Like [`can_be_copied`], and true again for the output: an edit may write out the only alias of an anchor, so no anchor
/// may be in the document.
pub fn is_free(tree: &Tree<'_>, source: &str, mapping: NodeId) -> bool {
    !tree.has_anchors() && can_be_copied(tree, source, mapping)
}

/// True when the text before an item ends within a flow sequence.
pub fn is_in_flow(before: &str) -> bool {
    before.trim_end().ends_with(['[', ','])
}

/// The start of the line with the dash of the item that begins at `start`. Comments may follow the dash and be on
/// lines between it and the item. `None` when anything else does.
pub fn dash(source: &str, start: usize) -> Option<usize> {
    let mut line = line_start(source, start);
    let mut before = source.get(line..start)?.trim();
    while before.is_empty() || before.starts_with('#') {
        let end = line.checked_sub(1)?;
        line = line_start(source, end);
        before = source.get(line..end)?.trim();
    }
    let after = before.strip_prefix('-')?.trim_start();
    (after.is_empty() || after.starts_with('#')).then_some(line)
}

fn line_start(source: &str, at: usize) -> usize {
    source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}
