//! The Kubernetes view of a document: the objects in it, with their kinds, namespaces and names.
//!
//! Opens `List`, typed lists and `ResourceList` to any depth. Must not decide about any object.

use super::head::Head;
use super::shown;
use crate::kube::arena::arena_index;
use crate::text::source::Span;
use crate::yaml::{Kind as NodeKind, NodeId, Tree};
use std::borrow::Cow;
use std::fmt::{self, Write};

/// The identity of an object. Its API group is [`View::group`], because no later stage needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectId<'s> {
    /// The kind, as written.
    pub kind: Cow<'s, str>,
    /// `metadata.namespace`; `None` if absent or empty.
    pub namespace: Option<Cow<'s, str>>,
    /// `metadata.name`; empty if absent or not text.
    pub name: Cow<'s, str>,
}

/// The identity of an object that is kept elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity<'i> {
    /// The kind, as written.
    pub kind: &'i str,
    /// `metadata.namespace`; `None` if absent or empty.
    pub namespace: Option<&'i str>,
    /// `metadata.name`; empty if absent or not text.
    pub name: &'i str,
}

impl fmt::Display for ObjectId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.identity().fmt(f)
    }
}

impl fmt::Display for Identity<'_> {
    /// Writes kind and name for messages: ``ConfigMap `web` ``. Hides text that cannot be a kind or a name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match shown::kind(self.kind) {
            shown::HIDDEN => f.write_str("an object whose kind cannot be one")?,
            kind => f.write_str(kind)?,
        }
        match self.shown_name() {
            "" => f.write_str(" without a name"),
            shown::HIDDEN => f.write_str(" (its name cannot be one)"),
            name => {
                f.write_str(" `")?;
                f.write_str(name)?;
                f.write_str("`")
            }
        }
    }
}

impl ObjectId<'_> {
    /// Returns the same identity, borrowed.
    pub fn identity(&self) -> Identity<'_> {
        Identity { kind: &self.kind, namespace: self.namespace.as_deref(), name: &self.name }
    }
}

impl<'i> Identity<'i> {
    /// Returns kind and name for messages, like `to_string`, with one allocation.
    pub fn described(self) -> String {
        let mut text = String::with_capacity(self.kind.len() + self.name.len() + " ``".len());
        // Writing to a string cannot fail.
        let _ = write!(text, "{self}");
        text
    }

    /// Returns the name as messages and reports show it.
    pub fn shown_name(self) -> &'i str {
        let target = matches!(self.kind, "ConfigMap" | "Secret");
        if target { shown::name(self.name) } else { shown::any_name(self.name) }
    }

    /// Returns the namespace as messages and reports show it.
    pub fn shown_namespace(self) -> Option<&'i str> {
        self.namespace.map(shown::name)
    }
}

arena_index! {
    /// The index of an object among the objects of the stream.
    ObjectIndex
}

/// The data that is kept about every object of the stream.
#[derive(Clone, Copy, Debug)]
pub struct Object<'i> {
    /// The identity.
    pub id: Identity<'i>,
    /// The 1-based number of its document.
    pub document: u32,
    /// The bytes of the object.
    pub span: Span,
    /// True for a hook of Helm or Argo CD, which the deployer creates and deletes by name, separately from the release.
    pub hook: bool,
}

/// The two kinds that are versioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    /// core/v1 ConfigMap
    ConfigMap,
    /// core/v1 Secret
    Secret,
}

impl TargetKind {
    /// Returns the name of the kind in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetKind::ConfigMap => "ConfigMap",
            TargetKind::Secret => "Secret",
        }
    }

    /// Returns the field with base64 values.
    pub fn encoded(self) -> &'static str {
        match self {
            TargetKind::ConfigMap => "binaryData",
            TargetKind::Secret => "data",
        }
    }
}

/// The fields of a ConfigMap or Secret that contain its content.
pub const FIELDS: [&str; 3] = ["data", "binaryData", "stringData"];

/// An object in the tree of its document.
#[derive(Clone, Copy, Debug)]
pub struct View<'t, 's> {
    /// The document.
    pub tree: &'t Tree<'s>,
    /// The mapping of the object.
    pub root: NodeId,
    /// Offset of the alias through which a list contains the object.
    pub via: Option<u32>,
    /// The `apiVersion` and `kind` that a typed list gives to items without them.
    inherited: Option<(&'t str, &'t str)>,
    target: Option<TargetKind>,
    head: Head,
}

impl<'t, 's> View<'t, 's> {
    /// Creates a view of any mapping.
    pub fn of(tree: &'t Tree<'s>, root: NodeId) -> View<'t, 's> {
        View::within(tree, Item { root, via: None, inherited: None })
    }

    fn within(tree: &'t Tree<'s>, Item { root, via, inherited }: Item<'t>) -> View<'t, 's> {
        let head = Head::of(tree, root);
        let text = |node: Option<NodeId>| node.and_then(|node| tree.text(node));
        let version = text(head.version).or(inherited.map(|(version, _)| version));
        let kind = text(head.kind).or(inherited.map(|(_, kind)| kind));
        let target = match (version, kind) {
            (Some("v1"), Some("ConfigMap")) => Some(TargetKind::ConfigMap),
            (Some("v1"), Some("Secret")) => Some(TargetKind::Secret),
            _ => None,
        };
        View { tree, root, via, inherited, target, head }
    }

    /// Returns the value of a top-level field.
    pub fn field(&self, name: &str) -> Option<NodeId> {
        match name {
            "apiVersion" => self.head.version,
            "kind" => self.head.kind,
            "metadata" => self.head.written,
            "data" => self.head.data,
            "binaryData" => self.head.binary_data,
            "stringData" => self.head.string_data,
            "type" => self.head.secret_type,
            "immutable" => self.head.immutable,
            "sops" => self.head.sops,
            _ => self.tree.get(self.root, name),
        }
    }

    /// Returns `metadata`, if it is a mapping.
    pub fn metadata(&self) -> Option<NodeId> {
        self.head.metadata
    }

    /// Returns the value of a field of `metadata`.
    pub fn meta(&self, name: &str) -> Option<NodeId> {
        match name {
            "name" => self.head.name,
            "namespace" => self.head.namespace,
            "annotations" => self.head.annotations,
            "labels" => self.head.labels,
            "generateName" => self.head.generate_name,
            "ownerReferences" => self.head.owners,
            _ => self.tree.get(self.head.metadata?, name),
        }
    }

    /// Returns the text of an annotation.
    pub fn annotation(&self, name: &str) -> Option<&'t str> {
        self.tree.text(self.tree.get(self.meta("annotations")?, name)?)
    }

    /// Returns the text of a label.
    pub fn label(&self, name: &str) -> Option<&'t str> {
        self.tree.text(self.tree.get(self.meta("labels")?, name)?)
    }

    /// Returns the API group; empty for the core group.
    pub fn group(&self) -> &'t str {
        let version = self.field("apiVersion").and_then(|node| self.tree.text(node));
        let version = version.or(self.inherited.map(|(version, _)| version)).unwrap_or_default();
        version.split_once('/').map_or("", |(group, _)| group)
    }

    /// True if the object contains this path of fields.
    pub fn has(&self, path: &[&str]) -> bool {
        path.iter().try_fold(self.root, |node, field| self.tree.get(self.tree.deref(node), field)).is_some()
    }

    /// Returns the identity of the object.
    pub fn id(&self) -> ObjectId<'s> {
        let text = |node: Option<NodeId>| node.and_then(|node| self.tree.name(node));
        let kind = text(self.field("kind"))
            .or_else(|| self.inherited.map(|(_, kind)| Cow::Owned(kind.to_owned())))
            .unwrap_or_default();
        ObjectId {
            kind,
            namespace: text(self.meta("namespace")).filter(|namespace| !namespace.is_empty()),
            name: text(self.meta("name")).unwrap_or_default(),
        }
    }

    /// Returns the kind, if the object is a core/v1 ConfigMap or Secret.
    pub fn target_kind(&self) -> Option<TargetKind> {
        self.target
    }

    /// False if certainly no field of the object and none of its metadata occurs twice.
    pub fn may_repeat_fields(&self) -> bool {
        self.head.may_repeat
    }
}

/// Returns every object of a document, in order. A document without a `kind` contains none.
pub fn objects<'t, 's>(tree: &'t Tree<'s>) -> impl Iterator<Item = View<'t, 's>> {
    let mut first = tree.root().map(|root| Item { root, via: None, inherited: None });
    let mut open: Vec<Item<'t>> = Vec::new();
    std::iter::from_fn(move || {
        while let Some(item) = first.take().or_else(|| open.pop()) {
            let inherited = item.inherited;
            let view = View::within(tree, item);
            let kind = view.field("kind").and_then(|kind| tree.text(kind));
            let kind = kind.or(inherited.map(|(_, kind)| kind)).filter(|kind| !kind.is_empty());
            let Some(kind) = kind else { continue };
            match list_items(&view, kind) {
                Some(items) => open.extend(items.into_iter().rev()),
                None => return Some(view),
            }
        }
        None
    })
}

/// True if the document is a list whose items begin at offset `items_at`, with at most one `apiVersion`, `kind` and
/// `items`. Its objects are then the same whether they are read all at once or a few items at a time.
pub fn is_list(tree: &Tree<'_>, items_at: u32) -> bool {
    let Some(root) = tree.root() else { return false };
    let once = |name: &str| tree.entries(root).filter(|(key, _)| tree.is_text(*key, name)).count() < 2;
    let view = View::of(tree, root);
    let kind = view.field("kind").and_then(|kind| tree.text(kind));
    let items = view.field("items").map(|items| tree.node(items));
    kind.is_some_and(|kind| kind.ends_with("List"))
        && items.is_some_and(|items| items.kind == NodeKind::Sequence && items.span.start == items_at)
        && ["apiVersion", "kind", "items"].into_iter().all(once)
}

/// The data from which a view is made.
struct Item<'t> {
    root: NodeId,
    via: Option<u32>,
    inherited: Option<(&'t str, &'t str)>,
}

/// Returns the items if the object is a list: `kind: List`, `ConfigMapList`, `ResourceList`, and so on.
fn list_items<'t>(list: &View<'t, '_>, kind: &'t str) -> Option<Vec<Item<'t>>> {
    let tree = list.tree;
    let item_kind = kind.strip_suffix("List")?;
    let items = tree.deref(list.field("items")?);
    if tree.node(items).kind != NodeKind::Sequence {
        return None;
    }
    let version = list.field("apiVersion").and_then(|version| tree.text(version));
    let typed = !item_kind.is_empty() && item_kind != "Resource";
    let inherited = if typed { version.map(|version| (version, item_kind)) } else { None };
    let views = tree.items(items).take_while(|_| !tree.has_aliases() || tree.step()).filter_map(|item| {
        let alias = matches!(tree.node(item).kind, NodeKind::Alias(_)).then(|| tree.node(item).span.start);
        let root = tree.deref(item);
        tree.is_mapping(root).then_some(Item { root, via: alias.or(list.via), inherited })
    });
    Some(views.collect())
}
