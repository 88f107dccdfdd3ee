//! Loose mentions: a name that stands, as a word of its own, where nothing is rewritten.
//!
//! A program that finds an object through such a place would lose it, so the object stays as it is. Only names that no
//! object of another kind bears are looked for, and only documents in which one is found are read again. A Secret's
//! values are never looked at.

mod places;

use crate::kube::arena::Arena;
use crate::kube::content::key_hash;
use crate::links::usage::Use;
use crate::rules::Rules;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::reread;
use crate::survey::standing::Standing;
use crate::text::source::{Source, Span};
use crate::yaml::split::Document;
use places::Places;
use std::collections::{HashMap, HashSet};

/// Where a target's old name is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The target's index.
    pub target: TargetIndex,
    /// The first such place.
    pub place: Span,
    /// How many places there are.
    pub count: usize,
}

/// Looks for mentions of every target that is about to be versioned.
pub fn mentions(
    source: &Source,
    documents: &[Document],
    inventory: &Inventory<'_>,
    usage: &Arena<TargetIndex, Use>,
    rules: &Rules,
) -> Vec<Mention> {
    let names = names(inventory, usage);
    if names.is_empty() {
        return Vec::new();
    }
    let known = known_places(inventory);
    let hits: Vec<Span> = words(source.text())
        .filter(|word| names.contains_key(source.slice(*word)) && !is_known(&known, *word))
        .collect();
    let mut found: HashMap<TargetIndex, Mention> = HashMap::new();
    reread::holding(source, documents, &hits, &mut |_, tree, hits| {
        for place in (Places { tree, source, rules }).of(hits) {
            for target in &names[source.slice(place)] {
                note(&mut found, *target, place, inventory);
            }
        }
    });
    let mut found: Vec<Mention> = found.into_values().collect();
    found.sort_by_key(|mention| mention.target);
    found
}

/// The names to look for, and who bears them.
fn names<'i>(
    inventory: &'i Inventory<'_>,
    usage: &Arena<TargetIndex, Use>,
) -> HashMap<&'i str, Vec<TargetIndex>> {
    let others: HashSet<u32> = inventory.other_names.iter().copied().collect();
    let mut names: HashMap<&str, Vec<TargetIndex>> = HashMap::new();
    for ((index, target), usage) in inventory.targets.indexed().zip(usage) {
        let name = inventory.object(target).id.name.as_ref();
        let open = target.standing == Standing::Open && usage.claimed.is_none();
        if open && !name.is_empty() && !others.contains(&key_hash(name)) {
            names.entry(name).or_default().push(index);
        }
    }
    names
}

/// Every place that is understood: names of objects, references, what claims speak of, and what a rule says is none.
fn known_places(inventory: &Inventory<'_>) -> Vec<Span> {
    let names = inventory.targets.iter().map(|target| target.name.span);
    let references = inventory.collected.references.iter().map(|reference| reference.site.span);
    let claims = inventory.collected.claims.iter().map(|claim| claim.place);
    let aside = inventory.collected.set_aside.iter().copied();
    let mut known: Vec<Span> = names.chain(references).chain(claims).chain(aside).collect();
    known.sort_unstable();
    known
}

fn is_known(known: &[Span], word: Span) -> bool {
    let behind = known.partition_point(|span| span.start <= word.start);
    behind.checked_sub(1).and_then(|at| known.get(at)).is_some_and(|span| span.contains(word))
}

fn note(
    found: &mut HashMap<TargetIndex, Mention>,
    target: TargetIndex,
    place: Span,
    inventory: &Inventory<'_>,
) {
    let of: &Target = &inventory.targets[target];
    if inventory.object(of).span.contains(place) {
        // What an object says of itself changes with it.
        return;
    }
    found.entry(target).or_insert(Mention { target, place, count: 0 }).count += 1;
}

/// The words of a text that could be names: runs of the characters of a DNS subdomain, not part of a longer word.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(|byte| is_word(*byte))?;
            let end = bytes[start..]
                .iter()
                .position(|byte| !is_word(*byte))
                .map_or(bytes.len(), |length| start + length);
            at = end;
            // A full stop or dash at the end belongs to the sentence.
            let word = text.get(start..end)?.trim_end_matches(['.', '-']);
            if !word.is_empty() {
                return Some(Span::new(start, start + word.len()));
            }
        }
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        let text = "--flag=ns/web-config: \"web\". my_web web.example";
        let found: Vec<&str> = words(text).map(|span| &text[span.range()]).collect();
        assert_eq!(found, ["--flag", "ns", "web-config", "web", "my_web", "web.example"]);
    }
}
