//! Unknown annotations with the prefix of this program: a misspelled annotation has no effect.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::{KNOWN, PREFIX};
use crate::kube::object::View;

/// The maximum number of letters that may differ for a suggestion.
const NEAR: usize = 3;

/// Returns a finding for each annotation `immutably.dev/...` of the object that does not exist.
pub fn unknown_annotations(view: &View<'_, '_>) -> Vec<Diagnostic> {
    let tree = view.tree;
    let Some(annotations) = view.meta("annotations") else { return Vec::new() };
    let mut keys = Vec::new();
    tree.each_field(annotations, |key, _| {
        keys.extend(tree.text(key).is_some_and(|text| text.starts_with(PREFIX)).then_some(key));
    });
    let unknown = keys.into_iter().filter_map(|key| {
        let name = tree.text(key)?.strip_prefix(PREFIX)?;
        let place = tree.node(key).span;
        let finding =
            Diagnostic::new(Code::UnknownAnnotation, "there is no `immutably.dev` annotation with this name")
                .at(place, "this annotation has no effect");
        (!KNOWN.contains(&name)).then(|| finding.help(cure(name)))
    });
    unknown.collect()
}

fn cure(written: &str) -> String {
    let short = written.len() <= 64;
    let distance = |known: &&&str| strsim::osa_distance(known, &written.to_ascii_lowercase());
    let nearest = KNOWN.iter().filter(|_| short).min_by_key(distance);
    match nearest.filter(|known| distance(known) <= NEAR) {
        Some(known) => format!("did you mean `{PREFIX}{known}`?"),
        None => format!(
            "the valid annotations are {}",
            KNOWN.map(|known| format!("`{PREFIX}{known}`")).join(", ")
        ),
    }
}
