//! Objects whose content exceeds, or nearly exceeds, the limit of the API server.
//!
//! Reads only large objects again. Counts the bytes of values, and never shows a value.

use super::input::Scene;
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::content;
use crate::kube::object::ObjectIndex;
use crate::kube::suffix::{Content, Hash};
use crate::survey::inventory::Target;
use crate::survey::reread;
use std::collections::{BTreeSet, HashMap};

/// The most bytes that the API server accepts for all values together (`MaxSecretSize` of the core API).
const MOST: usize = 1 << 20;
/// From this size on, there is a warning: 90 % of [`MOST`].
const MUCH: usize = MOST / 10 * 9;

/// Returns the findings, in the order of the stream.
pub(super) fn findings(scene: &Scene<'_, '_>) -> Vec<Diagnostic> {
    let inventory = scene.input.inventory;
    let large = |target: &&Target| inventory.object(target).span.range().len() >= MUCH;
    let targets: HashMap<ObjectIndex, &Target> =
        inventory.targets.iter().filter(large).map(|target| (target.object, target)).collect();
    let wanted: BTreeSet<ObjectIndex> = targets.keys().copied().collect();
    let mut found = Vec::new();
    reread::each(scene.input.stream, inventory, &wanted, &mut |object, view| {
        let Some(target) = targets.get(&object) else { return };
        let content = content::read(view, target.kind, Hash::Stored, &mut Vec::new());
        found.extend(content.ok().and_then(|content| finding(scene, target, size(&content))));
    });
    found
}

fn finding(scene: &Scene<'_, '_>, target: &Target, size: usize) -> Option<Diagnostic> {
    let id = scene.input.inventory.object(target).id;
    let (severity, what) = match size {
        ..MUCH => return None,
        MUCH..=MOST => (Severity::Warning, format!("{} % of what the API server takes", size * 100 / MOST)),
        _ => (Severity::Error, "more than the API server takes".to_owned()),
    };
    let message = format!("{id} holds {size} bytes, {what} ({MOST})");
    let help = "split it into several objects, or keep large files in an image or a volume";
    Some(scene.about(target, Code::TooLarge, message).with_severity(severity).help(help))
}

/// Returns the size of all values in bytes, as the API server counts it.
fn size(content: &Content<'_>) -> usize {
    let secret = content.kind == crate::kube::object::TargetKind::Secret;
    let sum = |fields: &Option<crate::kube::suffix::Fields<'_>>, encoded: bool| -> usize {
        let values = fields.iter().flatten().filter_map(|(_, value)| value.as_deref());
        values.map(|value| if encoded { decoded(value) } else { value.len() }).sum()
    };
    sum(&content.data, secret) + sum(&content.binary_data, true) + sum(&content.string_data, false)
}

fn decoded(base64: &str) -> usize {
    base64.trim_end_matches('=').len() * 3 / 4
}
