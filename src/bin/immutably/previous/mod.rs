//! Reads previously deployed manifests from files, Helm or git.
//!
//! Only `helm:RELEASE` and `git:REV:PATH` start a program. The library decides which objects belong to the release.

mod flags;
mod folder;
mod git;
mod helm;
mod manifest;

use crate::args::Filter;
use crate::input;
use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::generations::Previous;
use immutably::options::Options;
use immutably::text::source::Source;
use manifest::Manifest;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The prefix of a release in Helm.
const HELM: &str = "helm:";
/// The prefix of a file in git.
const GIT: &str = "git:";

/// Reads everything that the command line names, then the files that a configuration names.
pub(crate) fn read(
    args: &Filter,
    configured: &[PathBuf],
    options: &Options,
) -> Result<Vec<Previous>, Diagnostic> {
    let mut all = Vec::new();
    for place in &args.previous {
        all.extend(one(args, place, options)?);
    }
    for path in configured {
        all.extend(file(args, path, options)?);
    }
    Ok(all)
}

/// Reads a release from the cluster that these arguments of Helm select.
pub(crate) fn of_release(
    release: &str,
    helms: &[String],
    args: &Filter,
    options: &Options,
) -> Result<Vec<Previous>, Diagnostic> {
    let flags = flags::Flags::among(helms, options.namespace.as_deref(), args.kube_context.as_deref());
    helm::manifests(release, &flags, wait(args))?.into_iter().map(previous).collect()
}

/// True if the output is for Helm: `--previous` names a Helm release, or Helm started this program.
pub(crate) fn is_for_helm(places: &[PathBuf]) -> bool {
    places.iter().any(|place| place.to_string_lossy().starts_with(HELM)) || flags::caller().is_some()
}

/// True for a place that only another program can read.
pub(crate) fn needs_a_program(place: &str) -> bool {
    place.starts_with(HELM) || place.starts_with(GIT)
}

fn one(args: &Filter, place: &Path, options: &Options) -> Result<Vec<Previous>, Diagnostic> {
    let text = place.to_string_lossy();
    let wait = wait(args);
    let manifests = if let Some(release) = text.strip_prefix(HELM) {
        let namespace = options.namespace.as_deref();
        helm::manifests(release, &flags::Flags::new(namespace, args.kube_context.as_deref()), wait)?
    } else if let Some(object) = text.strip_prefix(GIT) {
        git::manifest(object, args.input.recursive, options.previous_optional, wait)?.into_iter().collect()
    } else {
        return file(args, place, options);
    };
    manifests.into_iter().map(previous).collect()
}

fn wait(args: &Filter) -> Duration {
    Duration::from_secs(args.previous_timeout.unsigned_abs())
}

fn file(args: &Filter, path: &Path, options: &Options) -> Result<Vec<Previous>, Diagnostic> {
    let (recursive, optional) = (args.input.recursive, options.previous_optional);
    let read = input::previous(std::slice::from_ref(&path.to_path_buf()), recursive, optional)?;
    Ok(read.into_iter().map(Previous::from).collect())
}

fn previous(manifest: Manifest) -> Result<Previous, Diagnostic> {
    let source = Source::join(manifest.files).map_err(Diagnostic::from);
    let source = source.map_err(|finding| Diagnostic { code: Code::UnreadablePrevious, ..finding })?;
    Ok(Previous { source, outcome: manifest.outcome, certain: manifest.certain })
}
