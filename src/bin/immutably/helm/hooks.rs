//! The hooks of a chart under Helm 3, which does not pass them to a post-renderer.
//!
//! Renders the chart once more without the filter. An object whose name occurs in a hook must also exist under that name.

use super::call::Call;
use super::plan::{Release, joined};
use super::release::Verb;
use crate::ask::{Failure, ask};
use crate::render;
use immutably::deployers::release_with;
use immutably::rules::Rules;
use immutably::{Options, Source};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// The time limit for rendering, as long as the default of Helm for an operation.
const WAIT: Duration = Duration::from_secs(300);

/// Returns the options of the filter that keep what hooks name under its original name too.
pub(super) fn originals(call: &Call) -> Vec<String> {
    if call.version.takes_plugins_only() {
        return Vec::new();
    }
    if call.words.values("values").contains(&"-") || call.words.is_on("generate-name") {
        render::say(
            "warning: Helm 3 does not pass hooks to the filter, and they are not known in advance with values from standard input or a generated name: if a hook uses a ConfigMap or Secret of the chart, annotate that object with `immutably.dev/keep-original: \"true\"`",
        );
        return Vec::new();
    }
    // Helm reports what is wrong with the chart when it renders it for the release.
    let patterns = rendered(call).map(|source| named_in_hooks(&source)).unwrap_or_default();
    patterns.into_iter().map(|pattern| format!("--keep-original={pattern}")).collect()
}

/// Returns the rendered chart with its hooks; `None` if Helm does not render it.
fn rendered(call: &Call) -> Option<Source> {
    let mut command = call.command();
    if call.verb == Verb::Template {
        let written = ask(command.arg("--output-dir="), WAIT).ok()?;
        return Source::join([("helm template".to_owned(), written)]).ok();
    }
    if call.verb == Verb::Upgrade {
        // A release that does not exist yet has hooks too.
        command.arg("--install");
    }
    if call.words.value("dry-run").is_none() {
        command.arg(if call.takes_server_dry_run() { "--dry-run=server" } else { "--dry-run" });
    }
    let written: Result<Vec<u8>, Failure> = ask(command.arg("--output=json"), WAIT);
    joined(serde_json::from_slice::<Release>(&written.ok()?).ok()?).ok()
}

/// Returns every ConfigMap and Secret that is not a hook and whose name occurs in one, as `KIND/NAME`.
fn named_in_hooks(source: &Source) -> BTreeSet<String> {
    let (mut targets, mut words) = (Vec::new(), HashSet::new());
    // The filter reports what it cannot read.
    let _ = release_with(source, &Rules::new(&[]), &Options::default(), &mut |document, view| {
        if view.annotation("helm.sh/hook").is_some() {
            words.extend(names(source.slice(document.span)));
        } else if let Some(kind) = view.target_kind() {
            targets.push((kind.as_str(), view.id().name.into_owned()));
        }
    });
    let named = targets.into_iter().filter(|(_, name)| words.contains(name.as_str()));
    named.map(|(kind, name)| format!("{kind}/{name}")).collect()
}

/// Returns everything in a text that can be the name of an object.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.')));
    words.map(|word| word.trim_matches(['-', '.'])).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_that_a_hook_names_are_found() {
        let stream = "\
kind: ConfigMap\napiVersion: v1\nmetadata: {name: web-config}\n---
kind: Secret\napiVersion: v1\nmetadata: {name: token}\n---
kind: ConfigMap\napiVersion: v1\nmetadata: {name: web}\n---
kind: ConfigMap\napiVersion: v1\nmetadata: {name: own, annotations: {helm.sh/hook: pre-install}}\n---
kind: Job\napiVersion: batch/v1\nmetadata: {name: web-hook, annotations: {helm.sh/hook: post-install}}
spec: {template: {spec: {containers: [{name: a, args: ['--from=prod/token', web-config.], envFrom: [{configMapRef: {name: own}}]}]}}}\n";
        let source = Source::new("x", stream).expect("a stream");
        let found: Vec<String> = named_in_hooks(&source).into_iter().collect();
        assert_eq!(found, ["ConfigMap/web-config", "Secret/token"]);
    }
}
