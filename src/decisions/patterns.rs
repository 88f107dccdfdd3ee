//! The findings about patterns that have no effect because they match no ConfigMap or Secret in the input.
//!
//! Must not decide anything: the survey applies the patterns.

use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::object::TargetKind;
use crate::options::{MOST_LOOSE, Options, Pattern, Patterns};
use crate::survey::inventory::Inventory;
use crate::survey::standing::Standing;
use std::collections::HashSet;

/// The largest edit distance between a pattern and a suggested name, in letters.
const NEAR: usize = 2;

/// The number of patterns that get a suggestion. Each suggestion compares the pattern with all names.
const MOST_SUGGESTIONS: usize = 20;

/// Returns a finding for each pattern of `--leave`, `--only` and `--keep-original` that matches nothing, and for each
/// option that has more patterns with `*` than can be compared with every name.
pub fn unmatched(inventory: &Inventory<'_>, options: &Options) -> Vec<Diagnostic> {
    let options =
        [("leave", &options.leave), ("only", &options.only), ("keep-original", &options.keep_original)];
    let too_many: Vec<Diagnostic> =
        options.iter().filter_map(|(option, patterns)| too_many(option, patterns)).collect();
    if !too_many.is_empty() || options.iter().all(|(_, patterns)| patterns.is_empty()) {
        return too_many;
    }
    let names: HashSet<(TargetKind, &str)> = names(inventory).collect();
    let is_there = |pattern: &Pattern| {
        // It is not misspelled, even if the input has no ConfigMap and no Secret.
        if pattern.matches_everything() {
            true
        } else if pattern.is_loose() {
            names.iter().any(|(kind, name)| pattern.matches(*kind, name))
        } else {
            pattern.kinds().any(|kind| names.contains(&(kind, pattern.name())))
        }
    };
    let patterns =
        options.into_iter().flat_map(|(option, patterns)| patterns.iter().map(move |one| (option, one)));
    let unmatched = patterns.filter(|(_, pattern)| !is_there(pattern)).enumerate();
    let suggested = unmatched.map(|(number, (option, pattern))| {
        let near = if number < MOST_SUGGESTIONS { nearest(inventory, pattern) } else { None };
        finding(option, pattern, near)
    });
    suggested.flatten().collect()
}

fn too_many(option: &str, patterns: &Patterns) -> Option<Diagnostic> {
    let message = format!(
        "`--{option}` has {} patterns with `*` in the name, but at most {MOST_LOOSE} are supported",
        patterns.loose()
    );
    (patterns.loose() > MOST_LOOSE).then(|| {
        Diagnostic::new(Code::InvalidConfiguration, message)
            .help("replace several patterns with one shorter pattern, or write names without `*`")
    })
}

/// Returns the kind and name of every target. Patterns match the name without the suffix, so a version has its original
/// name here.
fn names<'i>(inventory: &'i Inventory<'_>) -> impl Iterator<Item = (TargetKind, &'i str)> + 'i {
    inventory.targets.iter().map(|target| {
        let name = inventory.name(target);
        let versioned = target.standing == Standing::Versioned;
        let base = name.rsplit_once('-').filter(|_| versioned).map_or(name, |(base, _)| base);
        (target.kind, base)
    })
}

fn finding(option: &str, pattern: &Pattern, near: Option<(TargetKind, &str)>) -> Option<Diagnostic> {
    let (written, severity) = match pattern.is_shared() {
        false if pattern.is_exact() => (format!("--{option} {pattern}"), Severity::Warning),
        // A pattern with `*` may be meant for several inputs, so it need not match in each.
        false => (format!("--{option} {pattern}"), Severity::Note),
        // The same is true for any pattern of a configuration file, unless it is misspelled.
        true if near.is_none() => return None,
        true => (format!("{pattern}"), Severity::Note),
    };
    let source = if pattern.is_shared() { " of the configuration file" } else { "" };
    let message =
        format!("`{written}`{source} matches no ConfigMap or Secret in the input, so it has no effect");
    let cure = match near {
        Some((kind, name)) => format!("did you mean `{}/{name}`?", kind.as_str()),
        None => "correct or remove the pattern".to_owned(),
    };
    // Notes are shown without their help.
    let message = if pattern.is_shared() { format!("{message}; {cure}") } else { message };
    Some(Diagnostic::new(Code::UnmatchedPattern, message).with_severity(severity).help(cure))
}

/// Returns an object whose name is similar to the pattern.
fn nearest<'i>(inventory: &'i Inventory<'_>, pattern: &Pattern) -> Option<(TargetKind, &'i str)> {
    names(inventory)
        .filter(|(_, name)| pattern.is_exact() && name.len().abs_diff(pattern.name().len()) <= NEAR)
        .find(|(_, name)| strsim::osa_distance(name, pattern.name()) <= NEAR)
}
