//! Annotations on pod templates that change when an object with a fixed name changes, so that the workload rolls.
//!
//! The key names the object, and the value is the suffix that the object would have. Chart authors know this as a checksum
//! annotation.

use crate::decisions::Decisions;
use crate::decisions::policy::Decision;
use crate::edits::annotation::Annotation;
use crate::kube::object::{ObjectIndex, View};
use crate::kube::suffix;
use crate::links::Links;
use crate::links::resolve::Link;
use crate::options::Options;
use crate::survey::inventory::{Inventory, Target};
use crate::survey::standing::Reason;
use crate::yaml::{Kind, NodeId};
use std::collections::BTreeMap;

/// What the keys of these annotations begin with.
const PREFIX: &str = "checksum.immutably.dev/";
/// Characters in the longest name of an annotation, after the slash (apimachinery `IsQualifiedName`).
const LONGEST: usize = 63;

/// A place that uses an object which keeps its name.
pub(super) struct Use {
    /// The byte at which it starts, or at which the alias that leads to it starts.
    place: u32,
    annotation: Annotation,
}

/// A pod template, the alias by which it is reached, and what it is to have.
type Template = (NodeId, Option<u32>, Vec<Annotation>);

/// The places by the index of the object that they are in. Objects without content are filled while the cluster runs,
/// and of several with different content nothing tells which one is meant: these have no checksum.
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
        let rolls = inventory.objects[reference.object].id.kind != "Job";
        if rolls
            && wanted(decisions.of_targets[*number])
            && let Some(annotation) = annotation(inventory, target)
        {
            let place = reference.site.via.unwrap_or(reference.site.span.start);
            found.entry(reference.object).or_default().push(Use { place, annotation });
        }
    }
    found
}

/// The pod templates of an object that hold these places. A place that is in none rolls nothing.
pub(super) fn templates(view: &View<'_, '_>, used: &[Use]) -> Vec<Template> {
    let mut found: Vec<Template> = Vec::new();
    for place in used {
        let Some((template, via)) = template_around(view, place.place) else { continue };
        let at = found.iter().position(|(known, ..)| *known == template).unwrap_or_else(|| {
            found.push((template, via, Vec::new()));
            found.len() - 1
        });
        let (.., annotations) = &mut found[at];
        if !annotations.contains(&place.annotation) {
            annotations.push(place.annotation.clone());
        }
    }
    found.iter_mut().for_each(|(.., annotations)| annotations.sort());
    found
}

/// The innermost `template` around a byte whose `spec` has containers.
fn template_around(view: &View<'_, '_>, place: u32) -> Option<(NodeId, Option<u32>)> {
    let tree = view.tree;
    let (mut node, mut found) = (view.root, None);
    loop {
        let holds = |id: &NodeId| {
            let span = tree.node(*id).span;
            span.start <= place && place < span.end
        };
        let below = tree.entries(node).map(|(key, value)| (Some(key), value));
        let below = below.chain(tree.items(node).map(|item| (None, item))).find(|(_, value)| holds(value));
        let Some((key, value)) = below else { return found };
        let mapping = tree.deref(value);
        let named = key.and_then(|key| tree.text(key)).is_some_and(|key| key == "template");
        let has_containers = || tree.get(tree.get(mapping, "spec")?, "containers");
        if named && has_containers().is_some() {
            let alias = matches!(tree.node(value).kind, Kind::Alias(_)).then(|| tree.node(value).span.start);
            found = Some((mapping, alias.or(view.via)));
        }
        node = value;
    }
}

fn annotation(inventory: &Inventory<'_>, target: &Target) -> Option<Annotation> {
    let name = &inventory.object(target).id.name;
    let kind = target.kind.as_str().to_lowercase();
    let readable = format!("{kind}-{name}");
    let fits = readable.len() <= LONGEST
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    let short = || format!("{kind}-{}", suffix::of_text(name));
    let value = target.suffix.as_ref().ok()?.to_string();
    Some((format!("{PREFIX}{}", if fits { readable } else { short() }), value))
}
