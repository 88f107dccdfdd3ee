//! The findings about patterns that match no ConfigMap or Secret in the input, and so have no effect.
//!
//! Must not decide anything: the survey has applied the patterns.

use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::object::TargetKind;
use crate::options::{Options, Pattern};
use crate::survey::inventory::Inventory;
use crate::survey::standing::Standing;

/// How many letters may differ for a suggestion.
const NEAR: usize = 2;

/// A finding for each pattern of `--leave`, `--only` and `--keep-original` that matches nothing.
pub fn unmatched(inventory: &Inventory<'_>, options: &Options) -> Vec<Diagnostic> {
    let options =
        [("leave", &options.leave), ("only", &options.only), ("keep-original", &options.keep_original)];
    let patterns =
        options.into_iter().flat_map(|(option, patterns)| patterns.iter().map(move |one| (option, one)));
    let unmatched =
        patterns.filter(|(_, pattern)| !names(inventory).any(|(kind, name)| pattern.matches(kind, name)));
    unmatched.filter_map(|(option, pattern)| finding(inventory, option, pattern)).collect()
}

/// The kind and name of every target. A version counts under its name without the suffix: the pattern meant that.
fn names<'i>(inventory: &'i Inventory<'_>) -> impl Iterator<Item = (TargetKind, &'i str)> + 'i {
    inventory.targets.iter().map(|target| {
        let name = inventory.object(target).id.name.as_ref();
        let versioned = target.standing == Standing::Versioned;
        let base = name.rsplit_once('-').filter(|_| versioned).map_or(name, |(base, _)| base);
        (target.kind, base)
    })
}

fn finding(inventory: &Inventory<'_>, option: &str, pattern: &Pattern) -> Option<Diagnostic> {
    let near = nearest(inventory, pattern);
    let (written, severity) = match pattern.is_shared() {
        false if pattern.is_exact() => (format!("--{option} {pattern}"), Severity::Warning),
        // A pattern with `*` may be meant for many inputs, and this one has nothing for it.
        false => (format!("--{option} {pattern}"), Severity::Note),
        // So may any pattern of a configuration file, unless it is misspelt.
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
    // A note is shown without its help.
    let message = if pattern.is_shared() { format!("{message}; {cure}") } else { message };
    Some(Diagnostic::new(Code::UnmatchedPattern, message).with_severity(severity).help(cure))
}

/// The object that the pattern may have meant.
fn nearest<'i>(inventory: &'i Inventory<'_>, pattern: &Pattern) -> Option<(TargetKind, &'i str)> {
    names(inventory)
        .filter(|(_, name)| pattern.is_exact() && name.len().abs_diff(pattern.name().len()) <= NEAR)
        .find(|(_, name)| strsim::osa_distance(name, pattern.name()) <= NEAR)
}
