//! Reads a stream for a plan: the release that deployers see, and for each object the details that a reviewer wants.
//!
//! Keeps details only of objects that differ from the other release, and of a Secret only digests.

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
use crate::output::excerpt::is_open;
use crate::rules::Rules;
use crate::text::source::Source;
use crate::yaml::split::Document;
use crate::yaml::{self, Tree};
use std::cell::LazyCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

/// A stream with everything that a plan needs.
#[derive(Debug)]
pub(super) struct Reading {
    /// The release that deployers see.
    pub(super) release: Arc<Release>,
    /// The details of each object of the release, in the same order.
    pub(super) details: Vec<Details>,
}

/// What a plan needs of an object in addition to what deployers see.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    /// The number of releases since it was current; 0 if it is current.
    pub(super) ago: u32,
    /// True for an object that is kept under its original name next to its version.
    pub(super) original: bool,
    /// The fields that determine how pods follow the template.
    pub(super) rollout: Rollout,
    /// The content of a ConfigMap or Secret, by key; empty if the other release has the same object.
    pub(super) keys: Vec<(String, Held)>,
    /// The digest without labels that every upgrade changes; `None` if the other release has the same object.
    pub(super) unlabelled: Option<Digest>,
    /// The canonical text of any other object; `None` if the other release has the same object.
    pub(super) text: Option<String>,
}

impl Details {
    /// True if only labels that every upgrade changes differ. Only for two objects that are not the same.
    pub(super) fn is_relabelled(&self, earlier: &Details) -> bool {
        self.unlabelled.is_some() && self.unlabelled == earlier.unlabelled
    }
}

/// A value, in a form that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// The text of a value in a ConfigMap.
    Text(String),
    /// The digest of any other value.
    Digest(Digest),
}

/// The fields that determine how pods follow a template.
#[derive(Clone, Debug, Default)]
pub(super) struct Rollout {
    pub(super) replicas: Option<u64>,
    pub(super) partition: Option<u64>,
    pub(super) paused: bool,
    pub(super) suspended: bool,
    pub(super) recreates: bool,
    pub(super) on_delete: bool,
}

/// A stream before the comparison with the other one.
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
    /// Fails for the first document that cannot be read.
    pub(super) fn read(source: &Source, rules: &Rules, options: &Options) -> Result<Draft, Box<Diagnostic>> {
        let (mut details, mut documents) = (Vec::new(), Vec::new());
        let release = deployers::release_with(source, rules, options, &mut |document, view| {
            details.push(known_from_the_start(view));
            documents.push(document);
        })?;
        Ok(Draft { release: Arc::new(release), details, documents })
    }

    /// Parses the objects that differ from the `other` release again, and adds their content.
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
            let shown = LazyCell::new(|| is_open(text));
            let objects = objects(&tree).zip(members).zip(&mut details[range]);
            for ((view, _), details) in objects.filter(|((_, member), _)| !same(member)) {
                add_content(details, source, &shown, &view);
            }
        }
        Reading { release, details }
    }
}

impl Reading {
    /// Returns the members with their details.
    pub(super) fn members(&self) -> impl Iterator<Item = (&Arc<Member>, &Details)> {
        self.release.members.iter().zip(&self.details)
    }
}

/// Returns the part of the name that all versions of the object share.
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

/// Adds the content of an object. `shown`: true if every line of its document may be shown; computed once for each
/// document.
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

/// Returns the content by key. If a Secret may be nearby, as in a list that contains both, texts are kept as digests.
fn keys(shown: &impl Deref<Target = bool>, view: &View<'_, '_>, kind: TargetKind) -> Vec<(String, Held)> {
    let Ok(content) = content::read(view, kind, Hash::Stored, &mut Vec::new()) else { return Vec::new() };
    let open = kind == TargetKind::ConfigMap && **shown;
    let held = |value: &str, open: bool| {
        if open { Held::Text(value.to_owned()) } else { Held::Digest(suffix::of_text(value)) }
    };
    // In a Secret, a key with an empty value may itself be a value that lost its key.
    let name = |key: &str, value: &str| {
        if kind == TargetKind::Secret && value.is_empty() { shown::HIDDEN.to_owned() } else { key.to_owned() }
    };
    let mut keys: Vec<(String, Held)> = Vec::new();
    for (fields, open) in [(&content.data, open), (&content.binary_data, false)] {
        let fields = fields.iter().flatten().map(|(key, value)| (key, value.as_deref().unwrap_or_default()));
        keys.extend(fields.map(|(key, value)| (name(key, value), held(value, open))));
    }
    // If a key occurs twice, the last one counts.
    keys.reverse();
    keys.sort_by(|(a, _), (b, _)| a.cmp(b));
    keys.dedup_by(|(a, _), (b, _)| a == b);
    keys
}
