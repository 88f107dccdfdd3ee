//! Mappings as kubectl reads them, with merge keys (`<<`) and repeated keys.
//!
//! go-yaml v2 merges where the `<<` occurs and the last write wins, so a merge replaces earlier entries. Every step
//! through a merge is charged to the budget of the tree.

use super::node::{Kind, NodeId, Style};
use super::tree::Tree;
use super::wide::{Index, MOST_COMPARED};

impl Tree<'_> {
    /// Returns the value of `key`, including those from merge keys. The last one counts. `None` if the node is not a
    /// mapping.
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.entry(mapping, key).map(|(_, value)| value)
    }

    /// Returns the text of the value of `key`, if it is a scalar.
    pub fn text_of(&self, mapping: NodeId, key: &str) -> Option<&str> {
        self.get(mapping, key).and_then(|node| self.text(node))
    }

    /// Like [`Tree::get`], but also returns the node of the key.
    pub fn entry(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let mapping = self.deref(mapping);
        if !self.has_merges {
            return self.last_entry(mapping, key);
        }
        if self.entries(mapping).nth(MOST_COMPARED).is_some() {
            return self.indexed(mapping, key);
        }
        let mut found = None;
        self.each_field(mapping, &mut |name, value| {
            if self.text(name).is_some_and(|text| text == key) {
                found = Some((name, value));
            }
        });
        found
    }

    fn last_entry(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let mut found = None;
        for (number, (name, cell, value)) in self.keys(mapping).enumerate() {
            if number == MOST_COMPARED {
                return self.indexed(mapping, key);
            }
            if cell.may_be(key.as_bytes()) && self.bytes(name) == Some(key.as_bytes()) {
                found = Some((name, value));
            }
        }
        found
    }

    fn indexed(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let text = |name| self.bytes(name);
        self.wide.entry(mapping, key, text, || {
            let mut index = Index::default();
            self.each_field(mapping, &mut |name, value| index.add((name, value), text));
            index
        })
    }

    /// Visits every entry in the order in which kubectl writes them, including those from merge keys. A later entry
    /// replaces an earlier one with the same key.
    #[inline]
    pub fn each_field(&self, mapping: NodeId, mut visit: impl FnMut(NodeId, NodeId)) {
        let mapping = self.deref(mapping);
        if self.has_merges {
            self.each_merged(mapping, &mut visit);
        } else {
            // Nearly every document. Without a call for each entry, this takes half of the instructions.
            self.entries(mapping).for_each(|(key, value)| visit(key, value));
        }
    }

    fn each_merged(&self, mapping: NodeId, visit: &mut dyn FnMut(NodeId, NodeId)) {
        // Entries still to visit, the next one on top. Merges are expanded in place, without recursion.
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

    /// Like [`Tree::each_field`], for a mapping that was reached through the alias at `via`. Also passes the offset of
    /// the last alias through which each entry was reached.
    pub fn each_field_via(
        &self,
        mapping: NodeId,
        via: Option<u32>,
        visit: &mut dyn FnMut(NodeId, NodeId, Option<u32>),
    ) {
        let mut open = vec![(mapping, via)];
        while let Some((mapping, via)) = open.pop() {
            let via = self.via(mapping, via);
            let charged = |_: &(NodeId, NodeId)| via.is_none() || self.step();
            for (key, value) in self.entries(self.deref(mapping)).take_while(charged) {
                if self.is_merge(key) {
                    let via = self.via(value, via);
                    let sources = self.merged(value).into_iter().take_while(|_| self.step());
                    open.extend(sources.map(|source| (source, via)));
                } else {
                    visit(key, value, via);
                }
            }
        }
    }

    /// Returns the offset of this node if it is an alias, else that of the alias before it.
    fn via(&self, node: NodeId, before: Option<u32>) -> Option<u32> {
        match self.node(node).kind {
            Kind::Alias(_) => Some(self.node(node).span.start),
            _ => before,
        }
    }

    /// True for a plain `<<`, and for one with the merge tag or the tag `!`.
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

    /// Returns the mappings that the value of a merge key adds, or aliases for them, in the order in which kubectl
    /// writes them. The first one in a list takes precedence, so it comes last.
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
