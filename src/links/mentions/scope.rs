//! What the search for mentions knows about the whole stream: places whose meaning is known, parameters, and where each
//! ConfigMap and Secret begins.

use crate::kube::object::TargetKind;
use crate::rules::Kinds;
use crate::rules::context::Noun;
use crate::survey::details::Aside;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::text::source::Span;
use crate::text::spans::Spans;
use std::collections::{HashMap, HashSet};

/// The text before the name of a parameter where the parameter is used.
const USES: [&str; 3] = ["params.", "inputs.parameters.", "workflow.parameters."];

/// What is known before the search.
pub(super) struct Scope<'i> {
    /// Every place whose meaning is known, sorted.
    known: Vec<Span>,
    /// Places that may name an object of these kinds, as the flag or variable says, sorted.
    suspects: Vec<(Span, Kinds)>,
    /// The start of every alias through which a reference was read, as part of a text or of a collection.
    followed: HashSet<u32>,
    /// Parts of the source that are never searched for names.
    unsearched: &'i Spans,
    /// The parameters that references use, and the kind of these references: `secretName: $(params.NAME)`.
    parameters: HashMap<&'i str, Noun>,
    /// The byte at which every ConfigMap and Secret begins, sorted.
    owners: Vec<(u32, TargetIndex, TargetKind)>,
}

impl<'i> Scope<'i> {
    pub(super) fn new(inventory: &'i Inventory<'_>, aside: &'i Aside) -> Scope<'i> {
        let owner = |(index, target): (TargetIndex, &Target)| {
            (inventory.object(target).span.start, index, target.kind)
        };
        let mut owners: Vec<_> = inventory.targets.indexed().map(owner).collect();
        owners.sort_unstable_by_key(|(start, index, _)| (*start, *index));
        let mut suspects = aside.suspects.clone();
        suspects.sort_unstable_by_key(|(span, _)| *span);
        let (known, parameters) = (known(inventory, aside), parameters(inventory));
        let vias = inventory.collected.references.iter().filter_map(|reference| reference.site.via);
        let followed = vias.collect();
        Scope { known, suspects, followed, unsearched: &aside.unsearched, parameters, owners }
    }

    /// True for a place whose meaning is known.
    pub(super) fn is_known(&self, word: Span) -> bool {
        holds(&self.known, word)
    }

    /// Returns the kinds of object that a word may name, as the flag or variable says whose value it is.
    pub(super) fn suspected(&self, word: Span) -> Option<Kinds> {
        let behind = self.suspects.partition_point(|(span, _)| span.start <= word.start);
        let (span, kinds) = self.suspects.get(behind.checked_sub(1)?)?;
        span.contains(word).then_some(*kinds)
    }

    /// True for an alias of a text in which a reference was read.
    pub(super) fn is_known_alias(&self, alias: Span) -> bool {
        self.is_known(alias) || self.followed.contains(&alias.start)
    }

    /// Returns the words whose meaning is not known. `words` must be sorted.
    pub(super) fn not_known<'a>(
        &'a self,
        words: impl Iterator<Item = Span> + 'a,
    ) -> impl Iterator<Item = Span> + 'a {
        outside(&self.known, words)
    }

    /// Returns the words that are in parts to search. `words` must be sorted.
    pub(super) fn searched<'a>(
        &'a self,
        words: impl Iterator<Item = Span> + 'a,
    ) -> impl Iterator<Item = Span> + 'a {
        self.unsearched.outside(words)
    }

    /// True if references use parameters.
    pub(super) fn has_parameters(&self) -> bool {
        !self.parameters.is_empty()
    }

    /// Returns the kind of the references that use the parameter of this name.
    pub(super) fn parameter(&self, name: &str) -> Option<Noun> {
        self.parameters.get(name).copied()
    }

    /// Returns the ConfigMap or Secret that begins at this byte.
    pub(super) fn owner(&self, start: u32) -> Option<(TargetIndex, TargetKind)> {
        let behind = self.owners.partition_point(|(owner, ..)| *owner <= start);
        let (owner, index, kind) = *self.owners.get(behind.checked_sub(1)?)?;
        (owner == start).then_some((index, kind))
    }
}

/// True if a word is in the last place that begins before it.
fn holds(places: &[Span], word: Span) -> bool {
    let behind = places.partition_point(|span| span.start <= word.start);
    behind.checked_sub(1).and_then(|at| places.get(at)).is_some_and(|span| span.contains(word))
}

/// Returns the words for which [`holds`] is false. The words must be sorted, so no place is examined twice.
fn outside<'p>(
    places: &'p [Span],
    words: impl Iterator<Item = Span> + 'p,
) -> impl Iterator<Item = Span> + 'p {
    let mut first = None;
    words.filter(move |word| {
        let begins = |span: &Span| span.start <= word.start;
        let behind = first.get_or_insert_with(|| places.partition_point(begins));
        *behind += places[*behind..].iter().take_while(|span| begins(span)).count();
        !behind.checked_sub(1).and_then(|at| places.get(at)).is_some_and(|span| span.contains(*word))
    })
}

/// Returns the places of object names, references and claims, and the places that a rule excludes.
fn known(inventory: &Inventory<'_>, aside: &Aside) -> Vec<Span> {
    let names = inventory.targets.iter().map(|target| target.name.span);
    let references = inventory.collected.references.iter().map(|reference| reference.site.span);
    let claims = inventory.collected.claims.iter().map(|claim| claim.place);
    let set_aside = aside.set_aside.iter().copied();
    let mut known: Vec<Span> = names.chain(references).chain(claims).chain(set_aside).collect();
    // There are four sorted runs, which this sort merges.
    known.sort();
    known
}

/// Finds `$(params.NAME)` of Tekton and `{{inputs.parameters.NAME}}` of Argo Workflows.
fn parameters<'i>(inventory: &'i Inventory<'_>) -> HashMap<&'i str, Noun> {
    let mut found = HashMap::new();
    for reference in inventory.collected.references.iter() {
        let name = reference.name();
        if !name.starts_with(['$', '{']) {
            continue;
        }
        let used = USES.iter().find_map(|before| name.split_once(before)).map(|(_, behind)| behind);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = |text: &str| text.find(|c: char| !is_name(c)).unwrap_or(text.len());
        let noun = match reference.kinds.iter().next() {
            Some(TargetKind::ConfigMap) => Noun::ConfigMap,
            Some(TargetKind::Secret) => Noun::Secret,
            None => continue,
        };
        if let Some(used) = used {
            found.insert(&used[..end(used)], noun);
        }
    }
    found
}
