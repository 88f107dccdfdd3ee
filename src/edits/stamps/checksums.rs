//! Annotations on pod templates that change if an object with a fixed name changes, so that the workload rolls.
//!
//! The key contains the name of the object, and the value is the suffix that the object would have. Chart authors know
//! this as a checksum annotation.

use crate::decisions::policy::Decision;
use crate::decisions::{Decisions, keys};
use crate::edits::annotation::Annotation;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::kube::suffix;
use crate::links::Links;
use crate::links::resolve::Link;
use crate::options::Options;
use crate::survey::inventory::{Inventory, Target};
use crate::survey::standing::Reason;
use crate::text::source::Span;
use crate::yaml::NodeId;
use indexmap::IndexMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The prefix of the keys of these annotations.
const PREFIX: &str = "checksum.immutably.dev/";
/// The length limit for the name of an annotation, the part after the slash, in characters (apimachinery
/// `IsQualifiedName`).
const LONGEST: usize = 63;

/// A place that uses an object that keeps its name.
pub(super) struct Use {
    /// The byte offset of the place, or of the alias that leads to it.
    place: u32,
    annotation: Annotation,
}

/// A pod template, the offset of the alias that leads to it, and its annotations.
type Template = (NodeId, Option<u32>, Vec<Annotation>);

/// Returns the uses of objects that get a checksum, grouped by the object that contains them. Objects without content
/// have no checksum, because they are filled while the cluster runs. Neither have objects that are defined several
/// times with different content.
pub(super) fn uses(
    inventory: &Inventory<'_>,
    links: &Links,
    decisions: &Decisions,
    options: &Options,
) -> BTreeMap<ObjectIndex, Vec<Use>> {
    let wanted = |decision| match decision {
        Decision::Leave(Reason::Checksum) => true,
        Decision::Leave(Reason::NoData | Reason::Twins) => false,
        Decision::Leave(_) => options.checksum_left_alone,
        _ => false,
    };
    let mut found: BTreeMap<ObjectIndex, Vec<Use>> = BTreeMap::new();
    if !decisions.of_targets.iter().any(|decision| wanted(*decision)) {
        return found;
    }
    for (index, reference) in inventory.collected.references.indexed() {
        let Link::To(number) = decisions.link(index, links) else { continue };
        let target = &inventory.targets[*number];
        // The template of a Job cannot change.
        let rolls = inventory.objects.at(reference.object).id.kind != "Job";
        // Its suffix was made with a key and contains the hash of its content. A hash without the key would make
        // guesses possible.
        let keyed = target.unknown_key;
        if rolls
            && !keyed
            && wanted(decisions.of_targets[*number])
            && let Some(annotation) = annotation(inventory, target)
        {
            let place = reference.site.via.unwrap_or(reference.site.span.start);
            found.entry(reference.object).or_default().push(Use { place, annotation });
        }
    }
    found
}

/// Returns the pod templates of an object that contain these places. Places outside pod templates roll nothing.
pub(super) fn templates(view: &View<'_, '_>, used: &[Use]) -> Vec<Template> {
    let mut places: Vec<&Use> = used.iter().collect();
    places.sort_by_key(|one| one.place);
    let all = all_templates(view);
    let mut coming = all.iter().peekable();
    let mut open: Vec<&Around> = Vec::new();
    let mut found: IndexMap<NodeId, (Option<u32>, BTreeSet<Annotation>)> = IndexMap::new();
    for Use { place, annotation } in places {
        while let Some(next) = coming.next_if(|next| next.span.start <= *place) {
            close(&mut open, next.span.start);
            open.push(next);
        }
        close(&mut open, *place);
        // The innermost template counts.
        if let Some(template) = open.last() {
            let (_, annotations) = found.entry(template.mapping).or_insert((template.via, BTreeSet::new()));
            annotations.insert(annotation.clone());
        }
    }
    let sorted = found.into_iter();
    sorted.map(|(template, (via, annotations))| (template, via, annotations.into_iter().collect())).collect()
}

/// A pod template at the place where it is written, or where an alias refers to it.
struct Around {
    span: Span,
    mapping: NodeId,
    via: Option<u32>,
}

/// Removes the templates that end before this byte.
fn close(open: &mut Vec<&Around>, place: u32) {
    while open.last().is_some_and(|last| last.span.end <= place) {
        open.pop();
    }
}

/// Returns every `template` of an object whose `spec` has containers, in the order of the text, outer ones first.
fn all_templates(view: &View<'_, '_>) -> Vec<Around> {
    let tree = view.tree;
    let mut known: HashMap<NodeId, bool> = HashMap::new();
    let mut has_containers = |mapping: NodeId| {
        let look = || tree.get(tree.get(mapping, "spec")?, "containers");
        *known.entry(mapping).or_insert_with(|| look().is_some())
    };
    let mut found = Vec::new();
    let mut at = view.root;
    while at < tree.node(view.root).next {
        for (_, value) in tree.entries(at).filter(|(key, _)| tree.text(*key) == Some("template")) {
            let (mapping, span) = (tree.deref(value), tree.node(value).span);
            if has_containers(mapping) {
                let alias = (mapping != value).then_some(span.start);
                found.push(Around { span, mapping, via: alias.or(view.via) });
            }
        }
        at = NodeId(at.0 + 1);
    }
    found.sort_by_key(|around| (around.span.start, Reverse(around.span.end)));
    found
}

/// Returns the findings about Secrets whose checksum is made without a key, if the options ask for them. `written`: the
/// annotations of all pod templates.
pub(super) fn keyless(
    inventory: &Inventory<'_>,
    options: &Options,
    written: &HashSet<Annotation>,
) -> Vec<Diagnostic> {
    if written.is_empty() {
        return Vec::new();
    }
    let is_written = |target: &&Target| {
        annotation(inventory, target).is_some_and(|annotation| written.contains(&annotation))
    };
    let secrets =
        inventory.targets.iter().filter(|target| target.kind == TargetKind::Secret && !target.keyed);
    secrets.filter(is_written).filter_map(|target| keys::checksum(inventory, target, options)).collect()
}

fn annotation(inventory: &Inventory<'_>, target: &Target) -> Option<Annotation> {
    let name = inventory.name(target);
    let kind = target.kind.as_str().to_lowercase();
    let readable = format!("{kind}-{name}");
    let fits = readable.len() <= LONGEST
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    let short = || format!("{kind}-{}", suffix::of_text(name));
    let value = target.suffix.as_ref().ok()?.to_string();
    Some((format!("{PREFIX}{}", if fits { readable } else { short() }), value))
}
