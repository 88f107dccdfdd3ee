//! What a search for mentions knows of the whole stream: places that are understood, parameters, whose data is where.

use crate::kube::object::TargetKind;
use crate::rules::context::Noun;
use crate::survey::details::Aside;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::text::source::Span;
use std::collections::HashMap;

/// How a parameter is written where it is used, up to its name.
const USES: [&str; 3] = ["params.", "inputs.parameters.", "workflow.parameters."];

/// What is known before the search.
pub(super) struct Scope<'i> {
    /// Every place that is understood, sorted.
    known: Vec<Span>,
    /// Parts in which no name is looked for, sorted.
    unsearched: &'i [Span],
    /// Parameters that references use, and what these name: `secretName: $(params.NAME)`.
    parameters: HashMap<&'i str, Noun>,
    /// Where every ConfigMap and Secret begins, sorted.
    owners: Vec<(u32, TargetIndex, TargetKind)>,
}

impl<'i> Scope<'i> {
    pub(super) fn new(inventory: &'i Inventory<'_>, aside: &'i Aside) -> Scope<'i> {
        let owner = |(index, target): (TargetIndex, &Target)| {
            (inventory.object(target).span.start, index, target.kind)
        };
        let mut owners: Vec<_> = inventory.targets.indexed().map(owner).collect();
        owners.sort_unstable_by_key(|(start, index, _)| (*start, *index));
        let unsearched = &aside.unsearched;
        Scope { known: known(inventory, aside), unsearched, parameters: parameters(inventory), owners }
    }

    /// True for a place that is understood.
    pub(super) fn is_known(&self, word: Span) -> bool {
        holds(&self.known, word)
    }

    /// Those of the words, which are sorted, that are not understood.
    pub(super) fn not_known<'a>(&'a self, words: &'a [Span]) -> impl Iterator<Item = Span> + 'a {
        outside(&self.known, words.iter().copied())
    }

    /// Those of the words, which are sorted, that are where names are looked for.
    pub(super) fn searched<'a>(
        &'a self,
        words: impl Iterator<Item = Span> + 'a,
    ) -> impl Iterator<Item = Span> + 'a {
        outside(self.unsearched, words)
    }

    /// True when references use parameters.
    pub(super) fn has_parameters(&self) -> bool {
        !self.parameters.is_empty()
    }

    /// What the parameter of this name is used for.
    pub(super) fn parameter(&self, name: &str) -> Option<Noun> {
        self.parameters.get(name).copied()
    }

    /// The ConfigMap or Secret that begins here.
    pub(super) fn owner(&self, start: u32) -> Option<(TargetIndex, TargetKind)> {
        let behind = self.owners.partition_point(|(owner, ..)| *owner <= start);
        let (owner, index, kind) = *self.owners.get(behind.checked_sub(1)?)?;
        (owner == start).then_some((index, kind))
    }
}

/// True when the last of the places that begin before a word holds it.
fn holds(places: &[Span], word: Span) -> bool {
    let behind = places.partition_point(|span| span.start <= word.start);
    behind.checked_sub(1).and_then(|at| places.get(at)).is_some_and(|span| span.contains(word))
}

/// Like [`holds`] for words in their order: none of the places is looked at twice.
fn outside<'p>(
    places: &'p [Span],
    words: impl Iterator<Item = Span> + 'p,
) -> impl Iterator<Item = Span> + 'p {
    let mut behind = 0;
    words.filter(move |word| {
        behind += places[behind..].iter().take_while(|span| span.start <= word.start).count();
        !behind.checked_sub(1).and_then(|at| places.get(at)).is_some_and(|span| span.contains(*word))
    })
}

/// Names of objects, references, names in claims, and names that a rule excludes.
fn known(inventory: &Inventory<'_>, aside: &Aside) -> Vec<Span> {
    let names = inventory.targets.iter().map(|target| target.name.span);
    let references = inventory.collected.references.iter().map(|reference| reference.site.span);
    let claims = inventory.collected.claims.iter().map(|claim| claim.place);
    let set_aside = aside.set_aside.iter().copied();
    let mut known: Vec<Span> = names.chain(references).chain(claims).chain(set_aside).collect();
    // Four sorted runs, which this sort merges.
    known.sort();
    known
}

/// `$(params.NAME)` of Tekton, `{{inputs.parameters.NAME}}` of Argo Workflows.
fn parameters<'i>(inventory: &'i Inventory<'_>) -> HashMap<&'i str, Noun> {
    let mut found = HashMap::new();
    for reference in &inventory.collected.references {
        let name = reference.name.as_ref();
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
