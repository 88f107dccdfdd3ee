//! Why a pod template changes: the fields that differ, and which of them name configuration.
//!
//! Shows only paths and images, never other values.

use super::fields::differences;
use super::model::Cause;
use super::reading::Details;
use crate::deployers::{Member, normalize};
use crate::kube::shown;
use std::collections::{BTreeSet, HashMap};

/// Returns the causes, those that name configuration first. `bases`: for each name that is new in the template, the
/// name without suffix.
pub(super) fn causes(kind: &str, old: &Details, new: &Details, bases: &HashMap<&str, String>) -> Vec<Cause> {
    let (Some(old), Some(new)) = (&old.text, &new.text) else { return Vec::new() };
    let Some(found) = differences(old, new, template(kind), normalize) else { return Vec::new() };
    let mut causes: BTreeSet<Cause> = BTreeSet::new();
    for difference in found {
        let path = difference.path;
        let named = difference.new.as_deref().and_then(|text| named(text, bases));
        causes.insert(match named {
            Some(name) => Cause::Configuration { name: name.clone(), path },
            None if path.ends_with(".image") => {
                let shown = |text: Option<String>| text.map(|text| shown::image(&text).to_owned());
                Cause::Image { path, old: shown(difference.old), new: shown(difference.new) }
            }
            None if path.contains(".template.metadata.") => Cause::Metadata { path },
            None => Cause::Field { path },
        });
    }
    causes.into_iter().collect()
}

/// Returns the names that the template refers to now and did not refer to before.
pub(super) fn new_names<'m>(before: Option<&Member>, member: &'m Member) -> impl Iterator<Item = &'m str> {
    let needs = |member: &Member| -> BTreeSet<String> {
        let needs = member.template.iter().flat_map(|template| &template.needs);
        needs.map(|need| need.name.clone()).collect()
    };
    let known = before.map(needs).unwrap_or_default();
    let now = member.template.iter().flat_map(|template| &template.needs);
    now.map(|need| need.name.as_str()).filter(move |name| !known.contains(*name))
}

/// Returns the path of the pod template.
fn template(kind: &str) -> &'static [&'static str] {
    match kind {
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate"],
        _ => &["spec", "template"],
    }
}

/// Returns the first name that occurs as a word in a text, such as a field value or an argument.
fn named<'b>(text: &str, bases: &'b HashMap<&str, String>) -> Option<&'b String> {
    let ends = |letter: char| {
        !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '.'))
    };
    text.split(ends).find_map(|word| bases.get(word.trim_start_matches('-')))
}
