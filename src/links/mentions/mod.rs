//! Loose mentions: a name that appears as a separate word in a place that is never edited.
//!
//! A program that finds an object through such a place would lose it, so the object is left alone. Only documents that
//! contain a name are read again. Encoded values of Secrets are searched too, and never shown.

mod aliases;
mod candidates;
mod encoded;
mod escaped;
mod few;
mod found;
mod hits;
mod judge;
mod names;
mod places;
mod scope;
mod signs;
mod values;
mod words;

pub(crate) use escaped::with_escapes;
pub use found::{Form, Mention};
pub(crate) use words::words;

use crate::kube::arena::Arena;
use crate::links::usage::Usage;
use crate::options::Options;
use crate::rules::Rules;
use crate::survey::details::Aside;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::reread;
use crate::yaml::split::{Document, Stream};
use crate::yaml::{NodeId, Tree};
use found::Found;
use hits::Hits;
use memchr::memmem;
use names::Names;
use places::Places;
use scope::Scope;
use signs::Near;

/// Returns the mentions of every target that may be versioned.
pub fn mentions(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    aside: &Aside,
    usage: &Arena<TargetIndex, Usage>,
    rules: &Rules,
    options: &Options,
) -> Vec<Mention> {
    let source = stream.source;
    let names = Names::new(inventory, usage);
    if names.is_empty() {
        return Vec::new();
    }
    let scope = Scope::new(inventory, aside);
    let hits = Hits::new(stream, inventory, &names);
    let near = Near::new(source.text(), &names, &scope, options.threads);
    let mut searched = hits.unknown(&scope, options.threads);
    searched.retain(|hit| near.counts(*hit, *hit));
    let aliases = aliases::aliases(inventory, &hits, &near);
    if !aliases.is_empty() {
        searched.extend(scope.searched(scope.not_known(aliases.iter().copied())));
        searched.sort_unstable();
    }
    let encoded = |document| encoded::may_hold(document, stream, inventory, &names);
    let found = reread::in_runs(stream, inventory, options.threads, |run| {
        let mut found = Found::new(inventory);
        let holds =
            |document: &Document| !reread::within(&searched, document.span).is_empty() || encoded(*document);
        run.documents(holds, &mut |document, tree| {
            let unknown = reread::within(&searched, document.span);
            if !unknown.is_empty() {
                let (names, scope, hits) = (&names, &scope, &hits.within(document.span));
                let aliases = reread::within(&aliases, document.span);
                Places { tree, source, rules, names, scope, hits, aliases, unknown }.search(&mut found);
            }
            if encoded(document) {
                encoded::search(tree, &names, &scope, &mut found);
            }
        });
        found
    });
    let Some(mut found) = found.into_iter().reduce(Found::and) else { return Vec::new() };
    if found.has_paths() {
        let aliased = |span| !reread::within(&aliases, span).is_empty();
        let counts = |span| {
            let hits = hits.within(span);
            scope.not_known(hits.into_iter()).any(|hit| near.counts(hit, hit))
        };
        let named = |span| counts(span) || aliased(span);
        let mounting = |document: &Document| {
            has_mounts(source.slice(document.span)) && (named(document.span) || encoded(*document))
        };
        reread::documents(stream, inventory, mounting, &mut |_, tree| mounts(tree, &mut found));
    }
    found.finish()
}

fn has_mounts(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"mountPath").is_some()
}

/// Records the paths at which the containers of a document mount something.
fn mounts(tree: &Tree<'_>, found: &mut Found<'_, '_>) {
    let all = std::iter::successors(tree.root(), |node: &NodeId| tree.after(*node));
    for (key, value) in all.flat_map(|node| tree.entries(node)) {
        if tree.text(key).is_some_and(|key| key == "mountPath")
            && let Some(path) = tree.text(value)
        {
            found.mount(path);
        }
    }
}
