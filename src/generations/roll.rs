//! One pass over a source: every object with its name, the evidence of its release, and whether it is a version.
//!
//! The new stream and the earlier manifests get the same pass. Must not decide.

use super::lift::{self, Held};
use super::values::{self, Values};
use crate::findings::diagnostic::Diagnostic;
pub use crate::kube::annotations::GENERATIONS_AGO;
use crate::kube::annotations::{ORIGINAL, ORIGINAL_FOR, OUTSIDE, is_hook};
use crate::kube::carried::{self, Carried};
use crate::kube::content;
use crate::kube::helm_text;
use crate::kube::immutable;
use crate::kube::object::{ObjectId, TargetKind, View, objects};
use crate::kube::scheme::Scheme;
use crate::kube::suffix;
use crate::survey::findings;
use crate::text::source::{Source, Span};
use crate::yaml::split::{self, Document};
use crate::yaml::{self, Kind, NodeId, Tree};
use std::borrow::Cow;

/// Annotations and labels that name the release of an object, the most reliable first.
pub(super) const MARKS: [Mark; 3] = [
    Mark::Annotation("meta.helm.sh/release-name"),
    // APP:GROUP/KIND:NAMESPACE/NAME
    Mark::Annotation("argocd.argoproj.io/tracking-id"),
    Mark::Label("app.kubernetes.io/instance"),
];

/// An annotation or label that names the release of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Annotation(&'static str),
    Label(&'static str),
}

/// An object.
#[derive(Debug)]
pub(super) struct Entry<'s> {
    pub(super) id: ObjectId<'s>,
    /// Its kind, if it is a ConfigMap or Secret.
    pub(super) target: Option<TargetKind>,
    /// The value of each of [`MARKS`].
    pub(super) marks: [Option<Cow<'s, str>>; 3],
    /// The number of its document.
    pub(super) document: u32,
    /// The span of its name.
    pub(super) place: Span,
    /// How many releases ago it was current, according to its annotation.
    pub(super) ago: u32,
    /// Why nothing in its release refers to it, if nothing does.
    pub(super) beside: Beside,
    /// What is known about the values of a Secret.
    pub(super) values: Option<Values>,
    /// Present if its name ends in what looks like a suffix and it is immutable.
    pub(super) version: Option<Version>,
}

/// Why nothing in the release of an object refers to it under this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Something may.
    No,
    /// It is a hook.
    Hook,
    /// This program wrote it next to a version.
    Original,
    /// This program wrote it next to a version, for readers outside the input.
    ForOutside,
}

/// An object that looks like a version.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// Whether its suffix matches its content.
    pub(super) carried: Carried,
    /// True if it contains text that Helm 4 changes.
    pub(super) helm_text: bool,
    /// True if it is a hook: the deployer deletes it by name.
    pub(super) hook: bool,
    /// True if it has owner references, so the cluster deletes it with its owner.
    pub(super) owned: bool,
    /// Where its text is.
    pub(super) held: Held,
    /// The hash of its nodes, [`lift::meaning`].
    pub(super) meaning: u64,
}

impl Version {
    /// True if it is an object of the release, with the content that its name says.
    pub(super) fn is_usable(self) -> bool {
        self.carried != Carried::No && !self.hook && !self.owned
    }
}

impl Entry<'_> {
    /// Returns the name that all versions of the object share.
    pub(super) fn base(&self) -> &str {
        let versioned = |(_, tail): &(&str, &str)| self.target.is_some() && suffix::looks_like_suffix(tail);
        self.id.name.rsplit_once('-').filter(versioned).map_or(self.id.name.as_ref(), |(base, _)| base)
    }
}

/// The result of the pass.
#[derive(Debug, Default)]
pub(super) struct Roll<'s> {
    /// Every object, in the order of the source.
    pub(super) entries: Vec<Entry<'s>>,
    /// The findings about text that cannot be read.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The number of lists without items, which `kubectl get` prints if it finds nothing.
    pub(super) empty_lists: usize,
    /// The number of other documents that contain no object.
    pub(super) strangers: usize,
    /// The first object that is encrypted, and the number of its document.
    pub(super) encrypted: Option<(Span, u32)>,
}

/// Reads every object of a source. Versions are recognised only if `scheme` is given.
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

/// True for a list of the API with an empty `items`.
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
    let beside = beside(view);
    let values = values::read(view, target);
    Entry { id, target, marks, document: document.number, place, ago, beside, values, version }
}

fn beside(view: &View<'_, '_>) -> Beside {
    match (view.annotation(ORIGINAL), view.annotation(ORIGINAL_FOR)) {
        (Some(_), Some(OUTSIDE)) => Beside::ForOutside,
        (Some(_), _) => Beside::Original,
        (None, _) if is_hook(view) => Beside::Hook,
        (None, _) => Beside::No,
    }
}

fn text_of<'s>(view: &View<'_, 's>, field: &str, key: &str) -> Option<Cow<'s, str>> {
    view.tree.text_to_keep(view.tree.get(view.meta(field)?, key)?)
}

/// Returns the application in a tracking ID. A name contains no colon.
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
    if !looks || !immutable::is_immutable(view) {
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

/// Returns whether the suffix of the object matches its content.
pub(super) fn carried(view: &View<'_, '_>, kind: TargetKind, name: &str, scheme: Scheme<'_>) -> Carried {
    let content = |hash| content::read(view, kind, hash, &mut Vec::new()).ok();
    let own = content(scheme.hash).map(|content| scheme.make(content));
    carried::carried(view, name, own, scheme, content)
}
