//! References that almost name an object of the stream, and what was probably meant.
//!
//! Nothing is rewritten for a near miss: it is told, so that a person finds it before a pod does.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::Arena;
use crate::kube::object::{ObjectIndex, TargetKind};
use crate::links::resolve::{Index, Link, namespace};
use crate::links::usage::Use;
use crate::options::Options;
use crate::rules::Kinds;
use crate::rules::shapes::Strength;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::references::{InNamespace, Reference, ReferenceIndex};
use crate::survey::standing::Standing;
use std::collections::{HashMap, HashSet};

/// What was found.
#[derive(Debug, Default)]
pub struct NearMisses {
    /// Targets that a reference almost names.
    pub suspected: Vec<TargetIndex>,
    /// One finding for each object and name.
    pub findings: Vec<Diagnostic>,
}

/// Finds references to a missing key, to the same name in another namespace, without its suffix or of the other kind, and
/// to a name that is a letter or two away from an object that nothing refers to.
pub fn find(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    links: &Arena<ReferenceIndex, Link>,
    usage: &Arena<TargetIndex, Use>,
    options: &Options,
) -> NearMisses {
    let lonely = usage.indexed().filter(|(_, usage)| !usage.referenced).map(|(target, _)| target);
    let lonely: Vec<TargetIndex> = lonely.take(MOST_LONELY).collect();
    let suffixed = suffixed(inventory);
    let finder = Finder { inventory, index, usage, lonely, suffixed, fallback: options.namespace.as_deref() };
    let mut told: HashSet<(ObjectIndex, &str, Code)> = HashSet::new();
    let mut near = NearMisses::default();
    for (reference, link) in inventory.collected.references.iter().zip(links) {
        if reference.strength == Strength::Weak {
            continue;
        }
        let found = match link {
            Link::To(target) => finder.missing_key(reference, *target),
            Link::Outside if !reference.by_key => finder.near_miss(reference),
            _ => None,
        };
        let Some((target, finding)) = found else { continue };
        near.suspected.push(target);
        // Once for each object and name is enough.
        if told.insert((reference.object, reference.name.as_ref(), finding.code)) {
            near.findings.push(finding);
        }
    }
    near
}

/// An object of the stream, and what is said about it.
type Suspicion = (TargetIndex, Diagnostic);

/// Among how many objects that nothing refers to a typo is looked for: each is compared with each name that is not
/// in the stream.
const MOST_LONELY: usize = 1000;

struct Finder<'i, 's> {
    inventory: &'i Inventory<'s>,
    index: &'i Index<'i>,
    usage: &'i Arena<TargetIndex, Use>,
    /// Targets that nothing refers to.
    lonely: Vec<TargetIndex>,
    /// Targets that came with a suffix, by kind and the name before it.
    suffixed: HashMap<(TargetKind, &'i str), Vec<TargetIndex>>,
    fallback: Option<&'i str>,
}

impl Finder<'_, '_> {
    /// An object that something fills while the cluster runs may get its keys then.
    fn missing_key(&self, reference: &Reference<'_>, target: TargetIndex) -> Option<Suspicion> {
        let key = reference.key.filter(|_| !reference.optional)?;
        let of = self.target(target);
        let filled_later = matches!(of.standing, Standing::Leave(_));
        if filled_later || of.suffix.is_err() || of.keys.binary_search(&key).is_ok() {
            return None;
        }
        let found = self.inventory.object(of);
        let finding = self.finding(
            Code::MissingKey,
            reference,
            format!("asks for a key that {} does not have", found.id),
        );
        let help = "correct the key, add it to the object's data, or mark the reference `optional: true`";
        Some((target, finding.at(of.name.span, "this object has no such key").help(help)))
    }

    fn near_miss(&self, reference: &Reference<'_>) -> Option<Suspicion> {
        if reference.optional {
            return None;
        }
        self.other_namespace(reference)
            .or_else(|| self.without_suffix(reference))
            .or_else(|| self.other_kind(reference))
            .or_else(|| self.typo(reference))
    }

    fn other_namespace(&self, reference: &Reference<'_>) -> Option<Suspicion> {
        let target = reference.kinds.iter().find_map(|kind| self.index.get(kind, &reference.name).next())?;
        let found = self.inventory.object(self.target(target));
        let home = namespace(self.inventory, self.target(target), self.fallback).unwrap_or("none");
        let message = format!("refers to {} which the stream has in namespace `{home}` only", found.id);
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "an object is found in its own namespace only: correct the namespace, or make sure that the object is in the cluster";
        Some((target, finding.at(self.target(target).name.span, "this one").help(help)))
    }

    /// Whatever appended the suffix did not know that this place names the object.
    fn without_suffix(&self, reference: &Reference<'_>) -> Option<Suspicion> {
        let suffixed = reference.kinds.iter().filter_map(|kind| self.suffixed.get(&(kind, &*reference.name)));
        let target = *suffixed.flatten().find(|target| self.same_home(reference, **target))?;
        let found = self.inventory.object(self.target(target));
        let message = format!(
            "refers to `{}`, which is not in the stream; {} is that name with a suffix",
            reference.name, found.id
        );
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "whatever made the suffix does not know this place: let it make plain names, in kustomize with `disableNameSuffixHash: true`, and all that names them is rewritten here";
        Some((target, finding.at(self.target(target).name.span, "is this one meant?").help(help)))
    }

    fn other_kind(&self, reference: &Reference<'_>) -> Option<Suspicion> {
        let other = match reference.kinds {
            Kinds::CONFIG_MAP => TargetKind::Secret,
            Kinds::SECRET => TargetKind::ConfigMap,
            _ => return None,
        };
        let target = self.index.get(other, &reference.name).next()?;
        // A program often has both of one name, one of them made elsewhere.
        if self.usage[target].referenced || !self.same_home(reference, target) {
            return None;
        }
        let wanted = reference.kinds.iter().next().map_or("object", TargetKind::as_str);
        let message = format!(
            "refers to a {wanted} `{}`, and the stream has a {} of that name",
            reference.name,
            other.as_str()
        );
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "correct the reference's kind, or make sure that the other object is in the cluster";
        Some((target, finding.at(self.target(target).name.span, "this one").help(help)))
    }

    /// A letter or two away from an object that nothing refers to.
    fn typo(&self, reference: &Reference<'_>) -> Option<Suspicion> {
        let allowed = if reference.name.len() < 6 {
            0
        } else if reference.name.len() < 12 {
            1
        } else {
            2
        };
        let numbered = self.lonely.iter().map(|number| (number, self.target(*number)));
        let mut near = numbered.filter(|(number, target)| {
            let name = self.inventory.object(target).id.name.as_ref();
            reference.kinds.iter().any(|kind| kind == target.kind)
                && name.len().abs_diff(reference.name.len()) <= allowed
                && name != reference.name
                && self.same_home(reference, **number)
                && strsim::osa_distance(name, &reference.name) <= allowed
                && same_digits(name, &reference.name)
        });
        let (number, target) = near.next()?;
        let found = self.inventory.object(target);
        let message = format!(
            "refers to `{}`, which is not in the stream; nothing refers to {}",
            reference.name, found.id
        );
        let finding = self.finding(Code::NearMiss, reference, message);
        let help = "correct the name, or make sure that the other object is in the cluster";
        Some((*number, finding.at(target.name.span, "is this one meant?").help(help)))
    }

    fn same_home(&self, reference: &Reference<'_>, target: TargetIndex) -> bool {
        let own = self.inventory.objects[reference.object].id.namespace.as_deref().or(self.fallback);
        let wanted = match &reference.namespace {
            InNamespace::Own => own,
            InNamespace::Any => None,
            InNamespace::Given(namespace) => Some(namespace.as_ref()),
        };
        let home = namespace(self.inventory, self.target(target), self.fallback);
        home.is_none() || wanted.is_none() || home == wanted
    }

    fn finding(&self, code: Code, reference: &Reference<'_>, message: String) -> Diagnostic {
        let owner = &self.inventory.objects[reference.object];
        Diagnostic::new(code, format!("{} {message}", owner.id))
            .in_document(owner.document)
            .at(reference.site.span, "")
    }

    fn target(&self, index: TargetIndex) -> &Target {
        &self.inventory.targets[index]
    }
}

fn suffixed<'i>(inventory: &'i Inventory<'_>) -> HashMap<(TargetKind, &'i str), Vec<TargetIndex>> {
    let mut found: HashMap<_, Vec<TargetIndex>> = HashMap::new();
    for (index, target) in inventory.targets.indexed() {
        let name = inventory.object(target).id.name.rsplit_once('-');
        if let Some((base, _)) = name.filter(|_| target.standing == Standing::Versioned) {
            found.entry((target.kind, base)).or_default().push(index);
        }
    }
    found
}

/// Names that differ in a number differ on purpose.
fn same_digits(first: &str, second: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(first) == digits(second)
}
