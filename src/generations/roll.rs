//! One pass over a source: every object by name, what it says of its release, and which are versions of something.
//!
//! The same pass is made over the new stream and over what was deployed before. Judges nothing.

use super::lift::{self, Held};
use super::values::{self, Values};
use crate::findings::diagnostic::Diagnostic;
use crate::kube::annotations::is_hook;
use crate::kube::carried::{self, Carried};
use crate::kube::content;
use crate::kube::helm_text;
use crate::kube::immutable::{self, Immutable};
use crate::kube::object::{ObjectId, TargetKind, View, objects};
use crate::kube::scheme::Scheme;
use crate::kube::suffix;
use crate::survey::findings;
use crate::text::source::{Source, Span};
use crate::yaml::split::{self, Document};
use crate::yaml::{self, Kind, NodeId, Tree};
use std::borrow::Cow;

/// How many releases ago an object was current. Absent means that it is.
pub const GENERATIONS_AGO: &str = "immutably.dev/generations-ago";

/// What tells the release that an object belongs to, the most reliable first.
pub(super) const MARKS: [Mark; 3] = [
    Mark::Annotation("meta.helm.sh/release-name"),
    // APP:GROUP/KIND:NAMESPACE/NAME
    Mark::Annotation("argocd.argoproj.io/tracking-id"),
    Mark::Label("app.kubernetes.io/instance"),
];

/// See [`MARKS`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Annotation(&'static str),
    Label(&'static str),
}

/// An object by name.
#[derive(Debug)]
pub(super) struct Entry<'s> {
    pub(super) id: ObjectId<'s>,
    /// ConfigMap or Secret, if it is one.
    pub(super) target: Option<TargetKind>,
    /// What each of [`MARKS`] says.
    pub(super) marks: [Option<Cow<'s, str>>; 3],
    /// Number of its document.
    pub(super) document: u32,
    /// Where its name is.
    pub(super) place: Span,
    /// Releases since it was current, as it says.
    pub(super) ago: u32,
    /// What is known of a Secret's values.
    pub(super) values: Option<Values>,
    /// Present when its name could end in a suffix and it is immutable.
    pub(super) version: Option<Version>,
}

/// A version of something, or what looks like one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// What the end of its name says about its content.
    pub(super) carried: Carried,
    /// It holds a text that Helm 4 changes.
    pub(super) helm_text: bool,
    /// A hook: the deployer deletes it by name.
    pub(super) hook: bool,
    /// It has owner references, so the cluster deletes it with its owner.
    pub(super) owned: bool,
    /// Its text.
    pub(super) held: Held,
    /// [`lift::meaning`] of it.
    pub(super) meaning: u64,
}

impl Entry<'_> {
    /// The name that all versions of the object share.
    pub(super) fn base(&self) -> &str {
        let versioned = |(_, tail): &(&str, &str)| self.target.is_some() && suffix::looks_like_suffix(tail);
        self.id.name.rsplit_once('-').filter(versioned).map_or(self.id.name.as_ref(), |(base, _)| base)
    }
}

/// All that the pass finds.
#[derive(Debug, Default)]
pub(super) struct Roll<'s> {
    /// Every object, in the order of the source.
    pub(super) entries: Vec<Entry<'s>>,
    /// What cannot be read.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Lists without items, which `kubectl get` prints for nothing.
    pub(super) empty_lists: usize,
    /// Documents that hold anything else.
    pub(super) strangers: usize,
    /// Objects that are encrypted, and in which document.
    pub(super) encrypted: Option<(Span, u32)>,
}

/// Reads every object of a source; versions only when it is known how suffixes are made.
pub(super) fn read<'s>(source: &'s Source, scheme: Option<Scheme<'_>>) -> Roll<'s> {
    let stream = split::split(source);
    let mut roll = Roll { diagnostics: stream.findings, ..Roll::default() };
    let mut tree = Tree::default();
    for document in stream.documents {
        match yaml::parse(source.slice(document.span), document.span.start, &mut tree) {
            Ok(()) => roll.document(source, document, &tree, scheme),
            Err(error) => {
                roll.diagnostics.push(findings::invalid_yaml(&error).in_document(document.number));
            }
        }
    }
    roll
}

impl<'s> Roll<'s> {
    fn document(
        &mut self,
        source: &'s Source,
        document: Document,
        tree: &Tree<'s>,
        scheme: Option<Scheme<'_>>,
    ) {
        let views: Vec<View<'_, '_>> = objects(tree).collect();
        if let Some(root) = tree.root().filter(|_| views.is_empty()) {
            let empty = is_empty_list(tree, root);
            *(if empty { &mut self.empty_lists } else { &mut self.strangers }) += 1;
        }
        for view in views {
            if let Some(sops) = view.field("sops").filter(|node| tree.is_mapping(tree.deref(*node))) {
                self.encrypted.get_or_insert((tree.node(sops).span, document.number));
            }
            self.entries.push(entry(source, document, &view, scheme));
        }
    }
}

/// True for a list of the API, of which the items are there and none.
fn is_empty_list(tree: &Tree<'_>, root: NodeId) -> bool {
    let is_list = tree.text_of(root, "kind").is_some_and(|kind| kind.ends_with("List"));
    let items = tree.get(root, "items").filter(|_| is_list);
    items.is_some_and(|items| tree.node(items).kind == Kind::Sequence && tree.items(items).next().is_none())
}

fn entry<'s>(
    source: &'s Source,
    document: Document,
    view: &View<'_, 's>,
    scheme: Option<Scheme<'_>>,
) -> Entry<'s> {
    let (id, target) = (view.id(), view.target_kind());
    let said = |mark: Mark| match mark {
        Mark::Annotation(key) => text_of(view, "annotations", key).map(app),
        Mark::Label(key) => text_of(view, "labels", key),
    };
    let place = view.meta("name").unwrap_or(view.root);
    let version = target.zip(scheme).and_then(|(kind, scheme)| version(source, document, view, kind, scheme));
    let (marks, place) = (MARKS.map(said), view.tree.node(place).span);
    let ago = view.annotation(GENERATIONS_AGO).and_then(|ago| ago.parse().ok()).unwrap_or_default();
    let values = values::read(view, target);
    Entry { id, target, marks, document: document.number, place, ago, values, version }
}

fn text_of<'s>(view: &View<'_, 's>, field: &str, key: &str) -> Option<Cow<'s, str>> {
    view.tree.text_to_keep(view.tree.get(view.meta(field)?, key)?)
}

/// The application in a tracking id; a name has no colon.
fn app(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.split(':').next().unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.split(':').next().unwrap_or_default().to_owned()),
    }
}

fn version(
    source: &Source,
    document: Document,
    view: &View<'_, '_>,
    kind: TargetKind,
    scheme: Scheme<'_>,
) -> Option<Version> {
    let name = view.meta("name").and_then(|node| view.tree.name(node))?;
    let (base, tail) = name.rsplit_once('-')?;
    let looks = !base.is_empty() && suffix::looks_like_suffix(tail);
    if !looks || !is_immutable(view) {
        return None;
    }
    let non_empty =
        |name| view.meta(name).is_some_and(|node| view.tree.children(view.tree.deref(node)).next().is_some());
    Some(Version {
        carried: carried(view, kind, &name, scheme),
        helm_text: !helm_text::changed(source, view).is_empty(),
        hook: is_hook(view),
        owned: non_empty("ownerReferences"),
        held: Held::find(source, document, view),
        meaning: lift::meaning(view.tree, view.root),
    })
}

/// What the end of the object's name says about its content.
pub(super) fn carried(view: &View<'_, '_>, kind: TargetKind, name: &str, scheme: Scheme<'_>) -> Carried {
    let content = |hash| content::read(view, kind, hash, &mut Vec::new()).ok();
    let own = content(scheme.hash).map(|content| scheme.make(content));
    carried::carried(view, name, own, scheme, content)
}

pub(super) fn is_immutable(view: &View<'_, '_>) -> bool {
    immutable::immutable(view).is_ok_and(|immutable| immutable == Immutable::Already)
}
