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
    let flags =
        [("--leave", &options.leave), ("--only", &options.only), ("--keep-original", &options.keep_original)];
    let patterns = flags.into_iter().flat_map(|(flag, patterns)| patterns.iter().map(move |one| (flag, one)));
    let unmatched =
        patterns.filter(|(_, pattern)| !names(inventory).any(|(kind, name)| pattern.matches(kind, name)));
    unmatched.map(|(flag, pattern)| finding(inventory, flag, pattern)).collect()
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

fn finding(inventory: &Inventory<'_>, flag: &str, pattern: &Pattern) -> Diagnostic {
    let message =
        format!("`{flag} {pattern}` matches no ConfigMap or Secret in the input, so it has no effect");
    // A pattern with `*` may be meant for many inputs, and this one has nothing for it.
    let severity = if pattern.is_exact() { Severity::Warning } else { Severity::Note };
    let nearest = names(inventory)
        .filter(|(_, name)| pattern.is_exact() && name.len().abs_diff(pattern.name().len()) <= NEAR)
        .find(|(_, name)| strsim::osa_distance(name, pattern.name()) <= NEAR);
    let cure = match nearest {
        Some((kind, name)) => format!("did you mean `{}/{name}`?", kind.as_str()),
        None => "correct or remove the pattern".to_owned(),
    };
    Diagnostic::new(Code::UnmatchedPattern, message).with_severity(severity).help(cure)
}
