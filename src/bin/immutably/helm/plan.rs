//! `immutably helm plan`: shows what an upgrade would do.
//!
//! Helm makes a dry run through the filter, so the plan covers exactly what Helm would store and apply.

use super::call::{Call, not_started};
use super::relay;
use crate::args::{ForPlan, Format};
use crate::plan::View;
use crate::status::refused;
use crate::{config, input, previous, rules, threads};
use immutably::deployers::Deployer;
use immutably::findings::diagnostic::Diagnostic;
use immutably::options::Keep;
use immutably::{Source, rewrite_after};
use serde::Deserialize;

/// A release in the format of `--output json`.
#[derive(Deserialize)]
pub(super) struct Release {
    #[serde(default)]
    manifest: String,
    #[serde(default)]
    hooks: Vec<Hook>,
}

#[derive(Deserialize)]
struct Hook {
    path: String,
    manifest: String,
}

/// Shows the plan; returns the exit status.
pub(super) fn run(call: &Call, wanted: &ForPlan) -> Result<u8, String> {
    let written = match dry_run(call, wanted)? {
        Ok(written) => written,
        Err(status) => return Ok(status),
    };
    // The error text of serde may contain a value, so the message gives only its place.
    let release: Release = serde_json::from_slice(&written).map_err(|error| {
        format!(
            "the dry run of Helm wrote no release as JSON (line {}, column {}); check that HELM_BIN names Helm 3 or 4",
            error.line(),
            error.column()
        )
    })?;
    let shown = show(call, wanted, call.namespace()?, release);
    Ok(shown.unwrap_or_else(|finding| refused(Format::Text, &Source::default(), &finding)))
}

/// Returns the output of Helm's dry run, or the exit status if Helm fails.
fn dry_run(call: &Call, wanted: &ForPlan) -> Result<Result<Vec<u8>, u8>, String> {
    let (renderer, mut command) = call.prepare(&wanted.filter)?;
    command.args(["--install", call.dry_run(), "--output=json"]);
    let (status, written) =
        relay::read(&mut command, &renderer.findings()).map_err(|error| not_started(&error))?;
    Ok(if status.success() { Ok(written) } else { Err(relay::code(status)) })
}

fn show(call: &Call, wanted: &ForPlan, namespace: String, release: Release) -> Result<u8, Diagnostic> {
    let filter = &wanted.filter;
    let source = joined(release)?;
    let rules = rules::read(&filter.rules).map_err(|wrong| wrong.1)?;
    let config = config::read(&filter.config, &[], false).map_err(|wrong| wrong.1)?;
    let mut options = filter.options(config.options(Some(namespace)), rules, threads::of(&source));
    options.known.extend(input::known(&filter.known)?);
    options.by_helm = true;
    let previous = match call.release().filter(|_| filter.previous.is_empty()) {
        Some(release) => previous::of_release(release, &call.words.for_helm, filter, &options)?,
        None => previous::read(filter, &[], &options)?,
    };
    // The filter already ran in the dry run: it carried versions forward, and refused what it had to refuse.
    options.keep = Keep(0);
    options.strict = false;
    options.previous_optional = true;
    Ok(view(call, wanted).show(&rewrite_after(&source, &previous, &options), &options))
}

fn view(call: &Call, wanted: &ForPlan) -> View {
    View {
        deployer: if call.version.is_before_4_2() { Deployer::Helm3 } else { Deployer::Helm4 },
        format: wanted.plan_format,
        max_chars: wanted.max_chars,
        detailed_exitcode: wanted.detailed_exitcode,
    }
}

/// Joins the manifest and the hooks, which Helm stores separately.
pub(super) fn joined(release: Release) -> Result<Source, Diagnostic> {
    let manifest = ("helm upgrade --dry-run".to_owned(), release.manifest.into_bytes());
    let hooks = release.hooks.into_iter().map(|hook| (hook.path, hook.manifest.into_bytes()));
    Source::join(std::iter::once(manifest).chain(hooks)).map_err(Diagnostic::from)
}
