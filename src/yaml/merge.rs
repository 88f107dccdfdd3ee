//! Mappings as kubectl sees them, with merge keys (`<<`) and repeated keys taken into account.
//!
//! go-yaml v2 merges where the `<<` occurs and the last write wins, so a merge replaces what was written before it.
//! Every step through a merge takes from the tree's budget.

use super::node::{Kind, NodeId, Style};
use super::tree::Tree;

impl Tree<'_> {
    /// The value of `key`, last one first, looking through merge keys. `None` when the node is no mapping.
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.entry(mapping, key).map(|(_, value)| value)
    }

    /// The text under `key`, when it is a scalar.
    pub fn text_of(&self, mapping: NodeId, key: &str) -> Option<&str> {
        self.get(mapping, key).and_then(|node| self.text(node))
    }

    /// Like [`Tree::get`], with the key's own node.
    pub fn entry(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        if !self.has_merges {
            let is_named = |(name, _): &(NodeId, NodeId)| self.is_text(*name, key);
            return self.entries(self.deref(mapping)).filter(is_named).last();
        }
        let mut found = None;
        self.each_field(mapping, &mut |name, value| {
            if self.text(name).is_some_and(|text| text == key) {
                found = Some((name, value));
            }
        });
        found
    }

    /// Every entry that counts, in the order in which kubectl writes them: a later one replaces an earlier one of the
    /// same key. Entries that come through merge keys are among them.
    pub fn each_field(&self, mapping: NodeId, visit: &mut dyn FnMut(NodeId, NodeId)) {
        let mapping = self.deref(mapping);
        if !self.has_merges {
            self.entries(mapping).for_each(|(key, value)| visit(key, value));
            return;
        }
        // Work that is still to do, the next on top: merges are expanded in place without recursion.
        let mut open: Vec<(NodeId, NodeId)> = self.entries(mapping).collect();
        open.reverse();
        while let Some((key, value)) = open.pop() {
            if !self.is_merge(key) {
                visit(key, value);
                continue;
            }
            let from = open.len();
            for source in self.merged(value) {
                open.extend(self.entries(self.deref(source)).take_while(|_| self.step()));
            }
            open[from..].reverse();
        }
    }

    /// True for a plain `<<`, and for a tagged one where the tag says so or nothing.
    pub fn is_merge(&self, key: NodeId) -> bool {
        if !self.has_merges {
            return false;
        }
        let node = self.node(key);
        let is_scalar = matches!(node.kind, Kind::Scalar(_)) && self.text(key) == Some("<<");
        is_scalar
            && self.tag(key).map_or(node.kind == Kind::Scalar(Style::Plain), |tag| {
                matches!(tag, "!" | "tag:yaml.org,2002:merge")
            })
    }

    /// The mappings that a merge key's value brings in, or aliases for them, in the order in which they are written:
    /// of a list, the first takes precedence and so comes last.
    pub fn merged(&self, value: NodeId) -> Vec<NodeId> {
        let list = self.deref(value);
        match self.node(list).kind {
            Kind::Sequence => {
                let mut sources: Vec<NodeId> = self.items(list).collect();
                sources.reverse();
                sources
            }
            _ => vec![value],
        }
    }
}
