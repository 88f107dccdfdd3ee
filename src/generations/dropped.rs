//! Finds objects that the last release contains under their plain names and that are only versions in this release, so that
//! a deployer deletes them while old pods still use them.

use super::directory::Directory;
use super::roll::{Beside, Entry, Roll};
use super::{Outcome, Previous, Stream};
use crate::decisions::policy::Decision;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::options::Options;

/// Returns a finding for each earlier source that contains such objects.
pub(super) fn find(
    stream: Stream<'_, '_>,
    previous: &[Previous],
    rolls: &[Roll<'_>],
    options: &Options,
) -> Vec<Diagnostic> {
    let fallback = options.namespace.as_deref();
    let mut renamed: Directory<'_, ()> = Directory::default();
    for (target, decision) in stream.inventory.targets.iter().zip(stream.decisions) {
        let id = stream.inventory.object(target).id;
        if *decision == Decision::Version {
            renamed.add(target.kind.as_str(), id.name, id.namespace.or(fallback), ());
        }
    }
    let deployed = (0..).zip(previous.iter().zip(rolls));
    let deployed = deployed.filter(|(_, (previous, _))| previous.outcome == Outcome::Deployed);
    let found = deployed.filter_map(|(index, (_, roll))| {
        let dropped = dropped(roll, &renamed, fallback);
        Some(finding(dropped.first()?, dropped.len()).in_previous(index))
    });
    found.collect()
}

/// Returns the plain objects of a release that are renamed now. An original next to a version is not among them: pods do not
/// use it.
fn dropped<'a>(
    roll: &'a Roll<'_>,
    renamed: &Directory<'a, ()>,
    fallback: Option<&'a str>,
) -> Vec<&'a Entry<'a>> {
    let is_plain = |entry: &&'a Entry<'_>| {
        entry.target.is_some() && entry.version.is_none() && entry.beside == Beside::No
    };
    let is_renamed = |entry: &&'a Entry<'_>| {
        let home = entry.id.namespace.as_deref().or(fallback);
        renamed.get(&entry.id.kind, &entry.id.name, home).is_some()
    };
    roll.entries.iter().filter(is_plain).filter(is_renamed).collect()
}

fn finding(first: &Entry<'_>, count: usize) -> Diagnostic {
    let (message, pattern) = match count {
        1 => (
            format!(
                "the last release has {} under its plain name, and this release has only a version of it",
                first.id
            ),
            format!("{}/{}", first.id.kind, first.id.name),
        ),
        _ => (
            format!(
                "the last release has {count} ConfigMaps and Secrets under their plain names, and this release has only versions of them"
            ),
            "*/*".to_owned(),
        ),
    };
    let message = format!(
        "{message}: Helm, Argo CD or Flux deletes what is gone from a release, also while old pods still use it"
    );
    Diagnostic::new(Code::DroppedName, message)
        .in_document(first.document)
        .at(first.place, if count == 1 { "" } else { "the first of them" })
        .help(format!("deploy once with both names, `--keep-original '{pattern}'`, and without that option when the rollout is done"))
}
