//! The fields of an object and of its metadata that most stages need, found in one pass over the entries.
//!
//! A lookup of each field compares every key of the object with it, and each object was asked thirty times. Must not
//! look at the values.

use crate::yaml::{NodeId, Tree};

/// The fields that most stages need, found in one pass over the entries.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head {
    pub(super) version: Option<NodeId>,
    pub(super) kind: Option<NodeId>,
    pub(super) data: Option<NodeId>,
    pub(super) binary_data: Option<NodeId>,
    pub(super) string_data: Option<NodeId>,
    pub(super) secret_type: Option<NodeId>,
    pub(super) immutable: Option<NodeId>,
    pub(super) sops: Option<NodeId>,
    /// `metadata`, of any type.
    pub(super) written: Option<NodeId>,
    /// `metadata`, if it is a mapping.
    pub(super) metadata: Option<NodeId>,
    pub(super) name: Option<NodeId>,
    pub(super) generate_name: Option<NodeId>,
    pub(super) namespace: Option<NodeId>,
    pub(super) annotations: Option<NodeId>,
    pub(super) labels: Option<NodeId>,
    pub(super) owners: Option<NodeId>,
    /// False if certainly no field occurs twice.
    pub(super) may_repeat: bool,
}

impl Head {
    /// Finds the fields of a mapping.
    pub(super) fn of(tree: &Tree<'_>, root: NodeId) -> Head {
        let mut head = Head::default();
        let (mut top, mut below) = (Seen(0), Seen(0));
        tree.each_field(root, |key, value| {
            let Some(text) = tree.text(key) else { return };
            head.may_repeat |= top.again(text);
            let field = match text {
                "apiVersion" => &mut head.version,
                "kind" => &mut head.kind,
                "metadata" => &mut head.written,
                "data" => &mut head.data,
                "binaryData" => &mut head.binary_data,
                "stringData" => &mut head.string_data,
                "type" => &mut head.secret_type,
                "immutable" => &mut head.immutable,
                "sops" => &mut head.sops,
                _ => return,
            };
            *field = Some(value);
        });
        let metadata = head.written.map(|node| tree.deref(node));
        head.metadata = metadata.filter(|node| tree.is_mapping(*node));
        let Some(mapping) = head.metadata else { return head };
        tree.each_field(mapping, |key, value| {
            let Some(text) = tree.text(key) else { return };
            head.may_repeat |= below.again(text);
            let field = match text {
                "name" => &mut head.name,
                "generateName" => &mut head.generate_name,
                "namespace" => &mut head.namespace,
                "annotations" => &mut head.annotations,
                "labels" => &mut head.labels,
                "ownerReferences" => &mut head.owners,
                _ => return,
            };
            *field = Some(value);
        });
        head
    }
}

/// A bit for each text of a set. The usual fields of an object have different bits.
struct Seen(u64);

impl Seen {
    /// Adds a text. False if it is certainly a new one.
    fn again(&mut self, text: &str) -> bool {
        let first = text.as_bytes().first().copied().unwrap_or_default();
        let bit = 1 << ((usize::from(first) * 3 + text.len()) % 64);
        let again = self.0 & bit != 0;
        self.0 |= bit;
        again
    }
}
