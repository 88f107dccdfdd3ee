//! Which places of a document can mention an object, and which only look so.
//!
//! Names within a pod, labels, selectors, images, paths, bookkeeping, and what a KRM function is told and tells are set aside.

use crate::rules::{Format, Kinds, Rules, shapes};
use crate::text::source::{Source, Span};
use crate::yaml::{Kind, NodeId, Tree};

/// Lists whose items' `name` is a name within the pod.
const POD_LOCAL: [&str; 8] = [
    "containers",
    "initContainers",
    "ephemeralContainers",
    "volumes",
    "volumeMounts",
    "volumeDevices",
    "ports",
    "env",
];
/// Fields that hold a path, an image, a kind, or the name of something else.
const OTHER_FIELDS: [&str; 24] = [
    "apiVersion",
    "claimName",
    "clusterName",
    "container",
    "containerName",
    "fieldPath",
    "generateName",
    "host",
    "hostname",
    "image",
    "key",
    "kind",
    "mountPath",
    "namespace",
    "path",
    "port",
    "serviceAccount",
    "serviceAccountName",
    "serviceName",
    "storageClassName",
    "subPath",
    "subdomain",
    "targetPort",
    "volumeName",
];
/// Kinds whose text describes fields or holds other streams, and our own configuration, which kpt has among the items.
const ASIDE_KINDS: [&str; 2] = ["CustomResourceDefinition", "Immutably"];

/// The places of one document.
pub(super) struct Places<'a, 's> {
    pub(super) tree: &'a Tree<'s>,
    pub(super) source: &'a Source,
    pub(super) rules: &'a Rules,
}

#[derive(Clone, Copy)]
struct Frame<'a> {
    node: NodeId,
    key: &'a str,
    /// True for an item of a list.
    item: bool,
}

impl<'a> Places<'a, '_> {
    /// Those of the hits that can mention an object. Hits are sorted.
    pub(super) fn of(&self, hits: &[Span]) -> Vec<Span> {
        let mut found = Vec::new();
        let mut open: Vec<Frame<'_>> =
            self.tree.root().map(|node| Frame { node, key: "", item: false }).into_iter().collect();
        while let Some(frame) = open.pop() {
            let node = self.tree.node(frame.node);
            let first = hits.partition_point(|hit| hit.start < node.span.start);
            if hits.get(first).is_none_or(|hit| hit.start >= node.span.end) {
                continue;
            }
            match node.kind {
                Kind::Mapping(_) => self.mapping(frame, &mut open),
                Kind::Sequence => {
                    open.extend(self.tree.items(frame.node).map(|node| Frame { node, item: true, ..frame }));
                }
                Kind::Alias(_) => {}
                Kind::Scalar(_) => {
                    let within = hits[first..].iter().take_while(|hit| hit.start < node.span.end);
                    found.extend(within.filter(|hit| self.speaks_of(frame.node, **hit)));
                }
            }
        }
        found.sort_unstable();
        found
    }

    fn mapping(&self, frame: Frame<'a>, open: &mut Vec<Frame<'a>>) {
        let kind = self.tree.text_of(frame.node, "kind");
        if kind.is_some_and(|kind| ASIDE_KINDS.contains(&kind)) {
            return;
        }
        let named_item = frame.item && self.says_more_than_a_name(frame.node);
        let typed = kind.is_some_and(|kind| Kinds::named(kind) == Kinds::NONE);
        for (key, value) in self.tree.entries(frame.node) {
            let name = self.tree.text(key).map(|key| key.as_ref()).unwrap_or_default();
            let secret_content = kind == Some("Secret") && matches!(name, "data" | "stringData");
            let other_name = name == "name"
                && (typed || named_item || frame.key == "metadata" || POD_LOCAL.contains(&frame.key));
            let aside = OTHER_FIELDS.contains(&name) || (shapes::is_aside(name) && name != "annotations");
            let annotation = frame.key == "annotations" && self.is_bookkeeping(name);
            let envelope = kind == Some("ResourceList") && matches!(name, "functionConfig" | "results");
            if !(secret_content || other_name || aside || annotation || envelope) {
                open.push(Frame { node: value, key: name, item: false });
            }
        }
    }

    /// `{name: web, url: ...}` in a list gives the item a name; `{name: web}` or `{name: web, key: a}` may name an object.
    fn says_more_than_a_name(&self, mapping: NodeId) -> bool {
        let selects =
            ["name", "namespace", "key", "kind", "apiVersion", "group", "apiGroup", "optional", "items"];
        let mut fields = self.tree.entries(mapping).filter_map(|(key, _)| self.tree.text(key));
        fields.any(|field| !selects.contains(&field.as_ref()))
    }

    fn is_bookkeeping(&self, key: &str) -> bool {
        self.rules.annotation(key).is_some_and(|rule| rule.format == Format::Nothing)
    }

    /// A name made of several words is not met by chance. A single word is, in prose and code: it must be the whole
    /// value, or stand behind a slash or an equals sign in a value without spaces.
    fn speaks_of(&self, scalar: NodeId, hit: Span) -> bool {
        let word = self.source.slice(hit);
        let Some(text) = self.tree.text(scalar) else { return false };
        if self.is_host(hit) {
            return false;
        }
        if word.contains(['-', '.']) || text.as_ref() == word {
            return true;
        }
        let before = self.source.text()[..hit.start as usize].chars().next_back();
        !text.contains(char::is_whitespace) && matches!(before, Some('/' | '='))
    }

    /// `//web`, `user@web` and `web:8080` speak of a host, which is a Service.
    fn is_host(&self, hit: Span) -> bool {
        let text = self.source.text();
        let (before, behind) = (&text[..hit.start as usize], &text[hit.end as usize..]);
        let port =
            behind.strip_prefix(':').is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
        port || before.ends_with("//") || before.ends_with('@')
    }
}
