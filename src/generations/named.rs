//! Finds the ConfigMaps and Secrets that something in the last release refers to.
//!
//! Reads and links the whole manifest, so it is called only when a decision depends on it. Must not decide.

use super::generation::{Outcome, Previous};
use crate::decisions::deployed::Names;
use crate::kube::suffix;
use crate::links;
use crate::links::resolve::{Index, namespace};
use crate::options::Options;
use crate::rules::Rules;
use crate::survey;
use crate::text::source::Source;
use crate::yaml::split;

/// Returns the objects that the deployed manifests refer to, each under its full name and without its suffix. `None` if
/// these contain only ConfigMaps and Secrets, like an export: then nothing is known about references.
pub(super) fn named(previous: &[Previous], rules: &Rules, options: &Options) -> Option<Names> {
    let mut names = Names::default();
    let mut known = false;
    for previous in previous.iter().filter(|previous| previous.outcome == Outcome::Deployed) {
        known |= add(&previous.source, rules, options, &mut names);
    }
    known.then_some(names)
}

/// Adds what the objects of one manifest refer to. Returns true if it contains objects that could refer to something.
fn add(source: &Source, rules: &Rules, options: &Options, names: &mut Names) -> bool {
    let stream = split::split(source);
    let mut inventory = survey::inventory::take(&stream, rules, options);
    let details = std::mem::take(&mut inventory.collected.details);
    let fallback = options.namespace.as_deref();
    let index = Index::new(&inventory, &details, fallback);
    let links = links::link(&stream, &inventory, details, &index, rules, options);
    let used = inventory.targets.iter().zip(&links.usage).filter(|(_, usage)| usage.referenced);
    for (target, _) in used {
        let (name, home) = (inventory.name(target), namespace(&inventory, target, fallback));
        names.add(target.kind, name, home);
        if let Some((base, _)) = name.rsplit_once('-').filter(|(_, tail)| suffix::looks_like_suffix(tail)) {
            names.add(target.kind, base, home);
        }
    }
    !inventory.other_names.is_empty()
}
