//! A stream read for a plan: the release that deployers see, and for each of its objects what a reviewer wants to know.
//!
//! Details are kept of objects that are not the same in the other release, and nothing of a Secret but digests.

use super::labels;
use crate::decisions::jobs::canonical_text;
use crate::deployers::{self, Digest, Id, Member, Release};
use crate::findings::diagnostic::Diagnostic;
use crate::generations::GENERATIONS_AGO;
use crate::kube::annotations::ORIGINAL;
use crate::kube::content;
use crate::kube::object::{TargetKind, View, objects};
use crate::kube::shown;
use crate::kube::suffix::{self, Hash, looks_like_suffix};
use crate::options::Options;
use crate::output::excerpt::masked;
use crate::rules::Rules;
use crate::text::source::Source;
use crate::yaml::split::Document;
use crate::yaml::{self, Tree};
use std::cell::LazyCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

/// A stream.
#[derive(Debug)]
pub(super) struct Reading {
    /// What deployers see.
    pub(super) release: Arc<Release>,
    /// For each object of the release, in the same order, what is read beside.
    pub(super) details: Vec<Details>,
}

/// What is read of an object beside what deployers need.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    /// Releases since it was current.
    pub(super) ago: u32,
    /// True for an object that is there under its own name beside its version.
    pub(super) original: bool,
    /// Fields that say how pods follow the template.
    pub(super) rollout: Rollout,
    /// The content of a ConfigMap or Secret, by key; empty when the object is the same in the other release.
    pub(super) keys: Vec<(String, Held)>,
    /// What it is without labels that every upgrade changes; absent when it is the same in the other release.
    pub(super) unlabelled: Option<Digest>,
    /// Any other object as canonical text; absent when it is the same in the other release.
    pub(super) text: Option<String>,
}

impl Details {
    /// True when nothing but labels differs that every upgrade changes. Both are of objects that are not the same.
    pub(super) fn is_relabelled(&self, earlier: &Details) -> bool {
        self.unlabelled.is_some() && self.unlabelled == earlier.unlabelled
    }
}

/// A value, as far as it may be held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// A text of a ConfigMap.
    Text(String),
    /// Anything else.
    Digest(Digest),
}

/// Fields that say how pods follow a template.
#[derive(Clone, Debug, Default)]
pub(super) struct Rollout {
    pub(super) replicas: Option<u64>,
    pub(super) partition: Option<u64>,
    pub(super) paused: bool,
    pub(super) suspended: bool,
    pub(super) recreates: bool,
    pub(super) on_delete: bool,
}

/// A stream of which nothing is known yet but what it holds itself.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) release: Arc<Release>,
    details: Vec<Details>,
    /// The document of each object.
    documents: Vec<Document>,
}

impl Draft {
    /// Reads a stream as deployers see it.
    ///
    /// # Errors
    /// The first document that cannot be read.
    pub(super) fn read(source: &Source, rules: &Rules, options: &Options) -> Result<Draft, Box<Diagnostic>> {
        let (mut details, mut documents) = (Vec::new(), Vec::new());
        let release = deployers::release_with(source, rules, options, &mut |document, view| {
            details.push(known_from_the_start(view));
            documents.push(document);
        })?;
        Ok(Draft { release: Arc::new(release), details, documents })
    }

    /// Reads once more what is not the same in the `other` release.
    pub(super) fn compared(&self, source: &Source, other: &Release) -> Reading {
        let (release, mut details) = (Arc::clone(&self.release), self.details.clone());
        let known: HashMap<&Id, Digest> =
            other.members.iter().map(|member| (&member.id, member.digest)).collect();
        let same = |member: &Member| known.get(&member.id) == Some(&member.digest);
        let mut tree = Tree::default();
        let mut first = 0;
        for objects_of in self.documents.chunk_by(|a, b| a.number == b.number) {
            let range = first..first + objects_of.len();
            first = range.end;
            let members = &release.members[range.clone()];
            let document = objects_of[0];
            if members.iter().all(|member| same(member))
                || yaml::parse(source.slice(document.span), document.span.start, &mut tree).is_err()
            {
                continue;
            }
            let text = source.slice(document.span);
            let shown = LazyCell::new(|| masked(text) == text);
            let objects = objects(&tree).zip(members).zip(&mut details[range]);
            for ((view, _), details) in objects.filter(|((_, member), _)| !same(member)) {
                add_content(details, source, &shown, &view);
            }
        }
        Reading { release, details }
    }
}

impl Reading {
    /// The members with their details.
    pub(super) fn members(&self) -> impl Iterator<Item = (&Arc<Member>, &Details)> {
        self.release.members.iter().zip(&self.details)
    }
}

/// The name of an object that all of its versions share.
pub(super) fn base(member: &Member) -> &str {
    let name = member.id.name.as_str();
    let is_version = member.frozen.is_some()
        || matches!((member.id.group.as_str(), member.id.kind.as_str()), ("batch", "Job") | ("", "Pod"));
    let versioned = |(base, tail): &(&str, &str)| is_version && !base.is_empty() && looks_like_suffix(tail);
    name.rsplit_once('-').filter(versioned).map_or(name, |(base, _)| base)
}

fn known_from_the_start(view: &View<'_, '_>) -> Details {
    let ago = view.annotation(GENERATIONS_AGO).and_then(|ago| ago.parse().ok()).unwrap_or_default();
    let original = view.annotation(ORIGINAL).is_some();
    Details { ago, original, rollout: rollout(view), ..Details::default() }
}

/// `shown`: true for a document of which every line may be shown; it is asked once for each document.
fn add_content(
    details: &mut Details,
    source: &Source,
    shown: &impl Deref<Target = bool>,
    view: &View<'_, '_>,
) {
    let text = canonical_text(view.tree, source, view.root);
    details.unlabelled = text.as_deref().map(|text| suffix::of_text(&labels::without(text)));
    match view.target_kind() {
        Some(kind) => details.keys = keys(shown, view, kind),
        None => details.text = text,
    }
}

fn rollout(view: &View<'_, '_>) -> Rollout {
    let text = |path: &[&str]| {
        let below = |node, field: &&str| view.tree.get(view.tree.deref(node), field);
        let node = path.iter().try_fold(view.root, below)?;
        view.tree.text(view.tree.deref(node))
    };
    let number = |path: &[&str]| text(path).and_then(|text| text.parse().ok());
    let says = |path: &[&str], word: &str| text(path).is_some_and(|text| text == word);
    Rollout {
        replicas: number(&["spec", "replicas"]),
        partition: number(&["spec", "updateStrategy", "rollingUpdate", "partition"]),
        paused: says(&["spec", "paused"], "true"),
        suspended: says(&["spec", "suspend"], "true"),
        recreates: says(&["spec", "strategy", "type"], "Recreate"),
        on_delete: says(&["spec", "updateStrategy", "type"], "OnDelete"),
    }
}

/// The content by key. Where a Secret may be near, as in a list that holds both, texts are kept as digests.
fn keys(shown: &impl Deref<Target = bool>, view: &View<'_, '_>, kind: TargetKind) -> Vec<(String, Held)> {
    let Ok(content) = content::read(view, kind, Hash::Stored, &mut Vec::new()) else { return Vec::new() };
    let open = kind == TargetKind::ConfigMap && **shown;
    let held = |value: &str, open: bool| {
        if open { Held::Text(value.to_owned()) } else { Held::Digest(suffix::of_text(value)) }
    };
    // A key of a Secret without a value may be a value that lost its key.
    let name = |key: &str, value: &str| {
        if kind == TargetKind::Secret && value.is_empty() { shown::HIDDEN.to_owned() } else { key.to_owned() }
    };
    let mut keys: Vec<(String, Held)> = Vec::new();
    for (fields, open) in [(&content.data, open), (&content.binary_data, false)] {
        let fields = fields.iter().flatten().map(|(key, value)| (key, value.as_deref().unwrap_or_default()));
        keys.extend(fields.map(|(key, value)| (name(key, value), held(value, open))));
    }
    // Of a key that is written twice the last counts.
    keys.reverse();
    keys.sort_by(|(a, _), (b, _)| a.cmp(b));
    keys.dedup_by(|(a, _), (b, _)| a == b);
    keys
}
