//! References that almost match an object in the stream, and the object that was probably meant.
//!
//! Must not change the target of a reference. A near miss is reported, so that a person sees it before a pod fails.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::Arena;
use crate::kube::object::{ObjectIndex, TargetKind};
use crate::kube::shown;
use crate::kube::suffix::looks_like_suffix;
use crate::links::resolve::{Index, Link, namespace};
use crate::links::similar::SimilarNames;
use crate::links::usage::Usage;
use crate::options::Options;
use crate::rules::Kinds;
use crate::rules::lifetimes::Lifetime;
use crate::rules::shapes::Strength;
use crate::survey::details::Details;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::references::{InNamespace, Reference, ReferenceIndex};
use crate::survey::standing::Standing;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// The near misses that were found.
#[derive(Debug, Default)]
pub struct NearMisses {
    /// The targets that references almost match.
    pub suspected: Vec<TargetIndex>,
    /// One finding for each referring object, name and code.
    pub findings: Vec<Diagnostic>,
}

/// Finds references to a missing key, to a version with other content, to a name that exists only in another namespace,
/// with a suffix or as the other kind, and to a name that is probably misspelled.
pub fn find(
    inventory: &Inventory<'_>,
    details: &Details,
    index: &Index<'_>,
    links: &Arena<ReferenceIndex, Link>,
    usage: &Arena<TargetIndex, Usage>,
    options: &Options,
) -> NearMisses {
    let suffixed = Suffixed::new(inventory, options.namespace.as_deref());
    let finder = Finder {
        inventory,
        details,
        index,
        usage,
        granted: granted(inventory, links),
        similar: OnceCell::new(),
        suffixed,
        fallback: options.namespace.as_deref(),
    };
    let mut told: HashSet<(ObjectIndex, &str, Code)> = HashSet::new();
    let mut near = NearMisses::default();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        if reference.strength == Strength::Weak || reference.lifetime() == Lifetime::Elsewhere {
            continue;
        }
        let found = match link {
            Link::To(target) => finder.missing_key(reference, *target),
            Link::Outside if !reference.by_key => finder.near_miss(reference),
            _ => None,
        };
        let Some((target, finding)) = found else { continue };
        near.suspected.push(target);
        // One finding for each object, name and code is enough.
        if told.insert((reference.object, reference.name(), finding.code)) {
            near.findings.push(finding);
        }
    }
    near
}

/// Returns the targets that the RBAC rules of each object grant access to.
fn granted(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
) -> HashSet<(ObjectIndex, TargetIndex)> {
    let linked = inventory.collected.references.iter().zip(links);
    let grants = linked.filter(|(reference, _)| reference.strength == Strength::Grant);
    grants
        .flat_map(|(reference, link)| link.targets().iter().map(move |target| (reference.object, *target)))
        .collect()
}

/// A target that was probably meant, and the finding about the reference.
type Suspicion = (TargetIndex, Diagnostic);

struct Finder<'i, 's> {
    inventory: &'i Inventory<'s>,
    details: &'i Details,
    index: &'i Index<'i>,
    usage: &'i Arena<TargetIndex, Usage>,
    granted: HashSet<(ObjectIndex, TargetIndex)>,
    /// An index of the names of all targets, built when it is first needed.
    similar: OnceCell<SimilarNames<'i, TargetIndex>>,
    suffixed: Suffixed<'i>,
    fallback: Option<&'i str>,
}

impl<'i> Finder<'i, '_> {
    /// Reports a key that the target does not have. An object that is left alone may get its keys in the cluster.
    fn missing_key(&self, reference: Reference<'_>, target: TargetIndex) -> Option<Suspicion> {
        let key = reference.key.filter(|_| !reference.optional)?;
        let of = self.target(target);
        let filled_later = matches!(of.standing, Standing::Leave(_));
        if filled_later || of.suffix.is_err() || self.details.has_key(target, key) {
            return None;
        }
        let found = self.inventory.object(of);
        let finding =
            self.finding(Code::MissingKey, reference, format!("uses a key that {} does not have", found.id));
        let help = "correct the key, add it to the object's data, or mark the reference `optional: true`";
        Some((target, finding.at(of.name.span, "this object has no such key").help(help)))
    }

    fn near_miss(&self, reference: Reference<'_>) -> Option<Suspicion> {
        if reference.optional {
            return None;
        }
        self.stale(reference)
            .or_else(|| self.typographic(reference))
            .or_else(|| self.other_namespace(reference))
            .or_else(|| self.without_suffix(reference))
            .or_else(|| self.other_kind(reference))
            .or_else(|| self.typo(reference))
    }

    /// Reports a name with the quotes of a word processor around it, or with an invisible space before or after it.
    fn typographic(&self, reference: Reference<'_>) -> Option<Suspicion> {
        let odd = |letter: char| "“”‘’„«»\u{a0}\u{200b}\u{feff}".contains(letter);
        let name = reference.name().trim_matches(odd);
        if name.len() == reference.name().len() {
            return None;
        }
        let target = reference.kinds.iter().find_map(|kind| self.index.get(kind, name).next())?;
        let found = self.inventory.object(self.target(target));
        let message = format!(
            "names {} with a typographic quote or an invisible space, which is part of the name",
            found.id
        );
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "use the plain quotes `\"` or `'`, and plain spaces";
        Some((target, finding.at(self.target(target).name.span, "this one").help(help)))
    }

    fn other_namespace(&self, reference: Reference<'_>) -> Option<Suspicion> {
        let target = reference.kinds.iter().find_map(|kind| self.index.get(kind, reference.name()).next())?;
        let found = self.inventory.object(self.target(target));
        let home = namespace(self.inventory, self.target(target), self.fallback).unwrap_or("none");
        let message =
            format!("refers to {}, which the input has only in namespace `{}`", found.id, shown::name(home));
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "the reference only works within its namespace: correct the namespace, or make sure that the object is in the cluster";
        Some((target, finding.at(self.target(target).name.span, "this one").help(help)))
    }

    /// Reports a name that exists only with a suffix. The tool that appended the suffix did not recognize this
    /// reference.
    fn without_suffix(&self, reference: Reference<'_>) -> Option<Suspicion> {
        let wanted = self.wanted(reference);
        let target =
            reference.kinds.iter().find_map(|kind| self.suffixed.near(kind, reference.name(), wanted))?;
        // An RBAC rule may list both names.
        if reference.strength == Strength::Grant && self.granted.contains(&(reference.object, target)) {
            return None;
        }
        let found = self.inventory.object(self.target(target));
        let message = format!(
            "refers to `{}`, which is not in the input; {} is that name with a suffix",
            shown::name(reference.name()),
            found.id
        );
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "the tool that appended the suffix does not know this reference: let it write plain names (in kustomize, `disableNameSuffixHash: true`), and this program updates every reference";
        Some((target, finding.at(self.target(target).name.span, "is this one meant?").help(help)))
    }

    fn other_kind(&self, reference: Reference<'_>) -> Option<Suspicion> {
        let other = match reference.kinds {
            Kinds::CONFIG_MAP => TargetKind::Secret,
            Kinds::SECRET => TargetKind::ConfigMap,
            _ => return None,
        };
        let target = self.index.get(other, reference.name()).next()?;
        // A program often has both kinds under one name, and one of them is created elsewhere.
        if self.usage[target].referenced || !self.same_home(reference, target) {
            return None;
        }
        let wanted = reference.kinds.iter().next().map_or("object", TargetKind::as_str);
        let message = format!(
            "refers to a {wanted} `{}`, but the input has a {} of that name",
            shown::name(reference.name()),
            other.as_str()
        );
        let finding = self.finding(Code::NearMiss, reference, message);
        let help =
            "correct the kind of the reference, or make sure that the referenced object is in the cluster";
        Some((target, finding.at(self.target(target).name.span, "this one").help(help)))
    }

    /// Reports a name with the suffix of content that differs from the object's content in the input. Nothing creates
    /// that version.
    fn stale(&self, reference: Reference<'_>) -> Option<Suspicion> {
        let (base, tail) = reference.name().rsplit_once('-')?;
        if !looks_like_suffix(tail) {
            return None;
        }
        let wanted = self.wanted(reference);
        let mut named = reference.kinds.iter().flat_map(|kind| {
            [self.index.near(kind, base, wanted), self.suffixed.near(kind, base, wanted)]
                .into_iter()
                .flatten()
        });
        let target = named.find(|target| self.same_home(reference, *target))?;
        let found = self.inventory.object(self.target(target)).id;
        let message = format!(
            "refers to `{}`, a version with different content than {found} in the input, so nothing in the input creates it",
            shown::name(reference.name())
        );
        let finding = self.finding(Code::StaleReference, reference, message);
        let help = if base == found.name {
            format!("refer to `{base}`, without the suffix: the reference then follows the content")
        } else {
            format!(
                "refer to `{}`, or omit the suffix in both places and let this program append it",
                found.shown_name()
            )
        };
        Some((target, finding.at(self.target(target).name.span, "the current object").help(help)))
    }

    /// Reports a name that differs in a letter or two from the name of an object.
    fn typo(&self, reference: Reference<'_>) -> Option<Suspicion> {
        let edits = match reference.name().len() {
            0..6 => return None,
            6..12 => 1,
            _ => 2,
        };
        let similar = self.similar.get_or_init(|| self.names());
        let fits = |target: TargetIndex| {
            reference.kinds.iter().any(|kind| kind == self.target(target).kind)
                && self.same_home(reference, target)
        };
        let near = similar.near(reference.name(), edits);
        let mut near = near.into_iter().filter(|(_, target)| fits(*target));
        // An object that nothing refers to is more likely to be meant.
        let lonely = near.clone().find(|(_, target)| !self.usage[*target].referenced);
        let (_, target) = lonely.or_else(|| near.find(|(name, _)| is_slip(name, reference.name())))?;
        let found = self.inventory.object(self.target(target)).id;
        let unused = if lonely.is_some() { ", and nothing refers to it" } else { "" };
        let message = format!(
            "refers to `{}`, which is not in the input; the input has {found}{unused}",
            shown::name(reference.name())
        );
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "correct the name, or make sure that the referenced object is in the cluster";
        Some((target, finding.at(self.target(target).name.span, "is this one meant?").help(help)))
    }

    fn names(&self) -> SimilarNames<'i, TargetIndex> {
        let inventory: &'i Inventory<'_> = self.inventory;
        let named = inventory.targets.indexed();
        SimilarNames::new(named.map(|(target, of)| (inventory.name(of), target)))
    }

    fn same_home(&self, reference: Reference<'_>, target: TargetIndex) -> bool {
        let wanted = self.wanted(reference);
        let home = namespace(self.inventory, self.target(target), self.fallback);
        home.is_none() || wanted.is_none() || home == wanted
    }

    /// Returns the namespace of a reference; `None` for any namespace.
    fn wanted<'r>(&'r self, reference: Reference<'r>) -> Option<&'r str> {
        match reference.namespace() {
            InNamespace::Own => self.inventory.objects.namespace(reference.object).or(self.fallback),
            InNamespace::Any | InNamespace::Each => None,
            InNamespace::Given(namespace) => Some(namespace),
        }
    }

    fn finding(&self, code: Code, reference: Reference<'_>, message: String) -> Diagnostic {
        let owner = self.inventory.objects.at(reference.object);
        Diagnostic::new(code, format!("{} {message}", owner.id))
            .in_document(owner.document)
            .at(reference.site.span, "")
    }

    fn target(&self, index: TargetIndex) -> &Target {
        &self.inventory.targets[index]
    }
}

/// Targets whose name has a suffix in the input, by kind and by name without the suffix: the first of all, and the
/// first in each namespace.
#[derive(Default)]
struct Suffixed<'i> {
    first: HashMap<(TargetKind, &'i str), TargetIndex>,
    homes: HashMap<(TargetKind, &'i str, Option<&'i str>), TargetIndex>,
}

impl<'i> Suffixed<'i> {
    fn new(inventory: &'i Inventory<'_>, fallback: Option<&'i str>) -> Suffixed<'i> {
        let mut found = Suffixed::default();
        for (index, target) in inventory.targets.indexed() {
            let name = inventory.name(target).rsplit_once('-');
            if let Some((base, _)) = name.filter(|_| target.standing == Standing::Versioned) {
                let home = namespace(inventory, target, fallback);
                found.first.entry((target.kind, base)).or_insert(index);
                found.homes.entry((target.kind, base, home)).or_insert(index);
            }
        }
        found
    }

    /// Returns the first target in a namespace. An absent namespace, on either side, matches any namespace.
    fn near(&self, kind: TargetKind, base: &str, wanted: Option<&str>) -> Option<TargetIndex> {
        let first = self.first.get(&(kind, base)).copied()?;
        let Some(wanted) = wanted else { return Some(first) };
        let homes = [Some(wanted), None].into_iter().filter_map(|home| self.homes.get(&(kind, base, home)));
        homes.min().copied()
    }
}

/// True for a typo of a long name: a letter that is missing, added or swapped with another one. With one letter
/// replaced, it is usually another name, as in `app-tls` and `api-tls`.
fn is_slip(name: &str, written: &str) -> bool {
    let letters = |text: &str| {
        let mut letters: Vec<u8> = text.bytes().collect();
        letters.sort_unstable();
        letters
    };
    let whole_word = |text: &str| text.split(['-', '.']).count();
    let swapped = letters(name) == letters(written);
    name.len() >= 8
        && whole_word(name) == whole_word(written)
        && (swapped || (name.len() != written.len() && !is_plural(name, written)))
}

/// True if one name is the plural of the other: `web-config` and `web-configs` may both exist.
fn is_plural(name: &str, other: &str) -> bool {
    name.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(name)
}
