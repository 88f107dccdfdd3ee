//! The hooks of a chart under Helm 3, which does not pass them to a post-renderer.
//!
//! Renders the chart once more without the filter. An object whose name occurs in a hook must also exist under that name, and a
//! Job or Pod must keep it.

use super::call::Call;
use super::plan::{Release, joined};
use super::release::Verb;
use crate::ask::ask;
use immutably::deployers::release_with;
use immutably::kube::job::JobKind;
use immutably::rules::Rules;
use immutably::{Options, Source};
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::time::Duration;

/// The time limit for rendering, as long as the default of Helm for an operation.
const WAIT: Duration = Duration::from_secs(300);

/// The options of the filter if the hooks cannot be known.
const EVERYTHING: &str = "--keep-original=*/*";
const EVERY_JOB: &str = "--jobs=original";

/// Returns the options of the filter that keep what hooks name under its original name.
pub(super) fn originals(call: &Call) -> Vec<String> {
    if call.version.takes_plugins_only() || call.words.is_on("no-hooks") {
        return Vec::new();
    }
    if let Some(source) = rendered(call) {
        return named_in_hooks(&source).into_iter().collect();
    }
    let chosen = call.filters.iter().any(|word| word == "--jobs" || word.starts_with("--jobs="));
    let jobs = (!chosen).then_some(EVERY_JOB);
    std::iter::once(EVERYTHING).chain(jobs).map(str::to_owned).collect()
}

/// Returns the rendered chart with its hooks. `None` if Helm does not render it, or would not render the same again:
/// a pipe can be read only once, and a generated name differs each time.
fn rendered(call: &Call) -> Option<Source> {
    let values = call.words.values("values").into_iter().flat_map(|files| files.split(','));
    let set = call.words.values("set-file").into_iter().flat_map(|files| files.split(','));
    let mut files = values.chain(set.filter_map(|file| Some(file.split_once('=')?.1)));
    let generated = call.words.value("name-template").is_some_and(|name| name.contains("{{"));
    if generated || call.words.is_on("generate-name") || files.any(is_read_once) {
        return None;
    }
    let mut command = call.command();
    if call.verb == Verb::Template {
        let written = ask(command.arg("--output-dir="), WAIT).ok()?;
        return Source::join([("helm template".to_owned(), written)]).ok();
    }
    if call.verb == Verb::Upgrade {
        // A release that does not exist yet has hooks too.
        command.arg("--install");
    }
    // The last flag counts, so nothing is deployed, whatever the arguments of this call are.
    let written = ask(command.args([call.dry_run(), "--output=json"]), WAIT).ok()?;
    joined(serde_json::from_slice::<Release>(&written).ok()?).ok()
}

/// True for standard input, and for a pipe, such as that of `-f <(sops -d values.yaml)`. Helm would find it empty.
fn is_read_once(file: &str) -> bool {
    file == "-" || fs::metadata(file).is_ok_and(|there| !there.is_file())
}

/// Returns an option for every ConfigMap, Secret, Job and Pod that is not a hook and whose name occurs in one.
fn named_in_hooks(source: &Source) -> BTreeSet<String> {
    let (mut found, mut words) = (Vec::new(), HashSet::new());
    // The filter reports what it cannot read.
    let _ = release_with(source, &Rules::new(&[]), &Options::default(), &mut |document, view| {
        if view.annotation("helm.sh/hook").is_some() {
            words.extend(names(source.slice(document.span)));
        } else if let Some(kind) = view.target_kind() {
            found.push(("keep-original", kind.as_str(), view.id().name.into_owned()));
        } else if let Some(kind) = JobKind::of(view.group(), &view.id().kind) {
            found.push(("named-in-hook", kind.as_str(), view.id().name.into_owned()));
        }
    });
    let named = found.into_iter().filter(|(.., name)| words.contains(name.as_str()));
    named.map(|(option, kind, name)| format!("--{option}={kind}/{name}")).collect()
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
spec: {template: {spec: {containers: [{name: a, args: ['--from=prod/token', web-config., job/load], envFrom: [{configMapRef: {name: own}}]}]}}}\n---
kind: Job\napiVersion: batch/v1\nmetadata: {name: load}\n---\nkind: Pod\napiVersion: v1\nmetadata: {name: once}\n";
        let source = Source::new("x", stream).expect("a stream");
        let found: Vec<String> = named_in_hooks(&source).into_iter().collect();
        let expected = [
            "--keep-original=ConfigMap/web-config",
            "--keep-original=Secret/token",
            "--named-in-hook=Job/load",
        ];
        assert_eq!(found, expected);
    }
}
