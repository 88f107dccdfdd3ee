//! The target of each reference.
//!
//! Matches references with the objects of the stream by kind, name and namespace. Must not decide. Reports only
//! references with too many candidates to compare: an ambiguous reference is a fault only if its candidates get
//! different names, which is decided later.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::Arena;
use crate::kube::kustomize::Affixes;
use crate::kube::object::{ObjectIndex, TargetKind};
use crate::kube::shown;
pub use crate::links::index::{Index, namespace};
use crate::options::Options;
use crate::rules::lifetimes::Lifetime;
use crate::rules::shapes::Strength;
use crate::survey::details::Details;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::moments::Moment;
use crate::survey::references::{InNamespace, Reference, ReferenceIndex};
use std::cell::Cell;

/// The target of one reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing in this stream: the object is already in the cluster, or something creates it there.
    Outside,
    /// The target with this index.
    To(TargetIndex),
    /// One of these targets, but it is unclear which one.
    Ambiguous(Several),
    /// These targets under their original names, because the reference is read before their versions are created.
    Plain(Several),
}

/// Several targets. Boxed twice, so that a link takes 16 bytes, because nearly every link has a single target.
pub type Several = Box<Box<[TargetIndex]>>;

impl Link {
    /// True if the reference gets the new name of its target.
    pub fn follows(&self) -> bool {
        matches!(self, Link::To(_) | Link::Ambiguous(_))
    }

    /// Returns the targets to which the reference may refer.
    pub fn targets(&self) -> &[TargetIndex] {
        match self {
            Link::Outside => &[],
            Link::To(target) => std::slice::from_ref(target),
            Link::Ambiguous(targets) | Link::Plain(targets) => targets,
        }
    }
}

/// The maximum number of candidates to compare, over all references with several candidates. It is far more than any
/// stream has that is really deployed. Without a limit, a few megabytes of input could take hours.
const MOST_CANDIDATES: usize = 4_000_000;

/// Resolves every reference, in order.
///
/// # Errors
/// So many references have so many candidates each that comparing them would take too long.
pub fn resolve(
    inventory: &Inventory<'_>,
    details: &Details,
    index: &Index<'_>,
    options: &Options,
) -> Result<Arena<ReferenceIndex, Link>, Box<Diagnostic>> {
    let fallback = options.namespace.as_deref();
    let resolver = Resolver { inventory, details, index, fallback, left: Cell::new(MOST_CANDIDATES) };
    let link = |reference| {
        let link = resolver.link(reference);
        if resolver.left.get() == 0 { Err(too_many(inventory, reference)) } else { Ok(link) }
    };
    inventory.collected.references.iter().map(link).collect()
}

fn too_many(inventory: &Inventory<'_>, reference: Reference<'_>) -> Box<Diagnostic> {
    let owner = inventory.objects.at(reference.object);
    let message = format!(
        "{} refers to `{}`, which many objects of the input are called, and the references of the input could mean more than {MOST_CANDIDATES} objects in all, so none of them is resolved",
        owner.id,
        shown::name(reference.name())
    );
    let finding = Diagnostic::new(Code::AmbiguousReference, message)
        .in_document(owner.document)
        .at(reference.site.span, "which one?");
    Box::new(
        finding
            .help("write the namespaces of the objects and of what refers to them out, or split the input"),
    )
}

/// True for a weak reference of a resource that acts in another namespace, which is only a mention.
fn is_mention(reference: Reference<'_>) -> bool {
    reference.lifetime() == Lifetime::Elsewhere && reference.strength == Strength::Weak
}

struct Resolver<'i> {
    inventory: &'i Inventory<'i>,
    details: &'i Details,
    index: &'i Index<'i>,
    fallback: Option<&'i str>,
    /// The number of candidates that may still be compared.
    left: Cell<usize>,
}

impl Resolver<'_> {
    fn link(&self, reference: Reference<'_>) -> Link {
        self.to_only(reference).unwrap_or_else(|| self.to_any(reference))
    }

    /// Returns the link if at most one object of each kind has the name, and neither earlier names nor the order of
    /// deployment matter. This is the case for nearly every reference, and takes a tenth of the time of
    /// [`Resolver::to_any`], which has to give the same result.
    fn to_only(&self, reference: Reference<'_>) -> Option<Link> {
        if self.index.has_earlier() || !self.inventory.moments.is_empty() {
            return None;
        }
        let mut only = None;
        for kind in reference.kinds.iter() {
            let mut named = self.index.get(kind, reference.name());
            let Some(target) = named.next() else { continue };
            if named.next().is_some() {
                return None;
            }
            let fits = !reference.by_key || self.has_key(target, reference.key);
            if fits && self.is_within_reach(reference, target) && only.replace(target).is_some() {
                return None;
            }
        }
        let target = only.filter(|_| !is_mention(reference));
        Some(target.map_or(Link::Outside, Link::To))
    }

    /// True for an object that [`Resolver::in_namespace`] returns if it is the only one.
    fn is_within_reach(&self, reference: Reference<'_>, target: TargetIndex) -> bool {
        let home = || namespace(self.inventory, &self.inventory.targets[target], self.fallback);
        match self.wanted(reference) {
            _ if reference.is_anywhere() => true,
            None => true,
            Some(_) if matches!(reference.namespace(), InNamespace::Any) => true,
            Some(wanted) => home().is_none_or(|home| home == wanted),
        }
    }

    fn to_any(&self, reference: Reference<'_>) -> Link {
        let mut found: Vec<TargetIndex> = Vec::new();
        for kind in reference.kinds.iter() {
            let mut named = self.named(kind, reference);
            if reference.by_key {
                named.retain(|target| self.has_key(*target, reference.key));
            }
            if !named.is_empty() {
                found.extend(self.in_namespace(reference, named));
            }
        }
        if found.len() > 1 && found.iter().any(|target| self.has_key(*target, reference.key)) {
            // The required key distinguishes a ConfigMap and a Secret of the same name.
            found.retain(|target| self.has_key(*target, reference.key));
        }
        self.same_build(reference, &mut found);
        let before = self.read_before(reference, &found);
        self.one_of_twins(reference, &mut found);
        if !before.is_empty() {
            return Link::Plain(Box::new(before.into_boxed_slice()));
        }
        match found[..] {
            [] => Link::Outside,
            _ if is_mention(reference) => Link::Outside,
            [target] => Link::To(target),
            _ => Link::Ambiguous(Box::new(found.into_boxed_slice())),
        }
    }

    /// Returns the targets that had the name when the reference was written: before a kustomize build renamed them, or
    /// all along. If there are several, those in the namespace of the reference are preferred.
    fn named(&self, kind: TargetKind, reference: Reference<'_>) -> Vec<TargetIndex> {
        let name = reference.name();
        let mut named = self.index.earlier(kind, name).to_vec();
        named.truncate(self.left.get());
        let any = !named.is_empty();
        let in_one = !any && !reference.is_anywhere();
        if let Some(home) = self.index.at_home(kind, name, self.wanted(reference)).filter(|_| in_one) {
            let home = &home[..home.len().min(self.left.get())];
            let fits = |target: &TargetIndex| !reference.by_key || self.has_key(*target, reference.key);
            let fitting: Vec<TargetIndex> = home.iter().copied().filter(fits).collect();
            if !fitting.is_empty() {
                if home.len() > 1 {
                    self.left.set(self.left.get().saturating_sub(home.len()));
                }
                return fitting;
            }
        }
        let renamed = |index: &TargetIndex| !self.details.previous.of(*index).is_empty();
        let now = self.index.get(kind, name).take(self.left.get());
        named.extend(now.filter(|index| !(any && renamed(index))));
        named.sort_unstable();
        if named.len() > 1 {
            self.left.set(self.left.get().saturating_sub(named.len()));
        }
        named
    }

    fn has_key(&self, target: TargetIndex, key: Option<u32>) -> bool {
        key.is_some_and(|key| self.details.has_key(target, key))
    }

    /// Returns the namespace of a reference, if it is known.
    fn wanted<'r>(&'r self, reference: Reference<'r>) -> Option<&'r str> {
        match reference.namespace() {
            InNamespace::Any | InNamespace::Own => {
                self.inventory.objects.namespace(reference.object).or(self.fallback)
            }
            InNamespace::Each => None,
            InNamespace::Given(namespace) => Some(namespace),
        }
    }

    /// Returns the candidates in the namespace of the reference. If there are none, an absent namespace, on either
    /// side, matches any namespace.
    fn in_namespace(&self, reference: Reference<'_>, named: Vec<TargetIndex>) -> Vec<TargetIndex> {
        let wanted = self.wanted(reference);
        let within = |wanted: Option<&str>| -> Vec<TargetIndex> {
            let is_there = |target: &&TargetIndex| {
                namespace(self.inventory, &self.inventory.targets[**target], self.fallback) == wanted
            };
            named.iter().filter(is_there).copied().collect()
        };
        if reference.is_anywhere() {
            return named;
        }
        let exact = within(wanted);
        if !exact.is_empty() {
            return exact;
        }
        match (wanted, reference.namespace()) {
            (None, _) | (_, InNamespace::Any) => named,
            _ => within(None),
        }
    }

    /// Keeps the candidates that a kustomize build renamed together with the referring object. If there are none, keeps
    /// those that have the name now.
    fn same_build(&self, reference: Reference<'_>, found: &mut Vec<TargetIndex>) {
        if found.len() < 2 || self.inventory.affixes.is_empty() {
            return;
        }
        let none = Affixes::default();
        let affixes = |object: ObjectIndex| self.inventory.affixes.get(&object).unwrap_or(&none);
        let target = |target: TargetIndex| &self.inventory.targets[target];
        let (alike, others): (Vec<TargetIndex>, Vec<TargetIndex>) =
            found.iter().partition(|index| affixes(target(**index).object).agree(affixes(reference.object)));
        let named = |index: &TargetIndex| self.inventory.name(target(*index)) == reference.name();
        *found = if alike.is_empty() { others.into_iter().filter(named).collect() } else { alike };
    }

    /// Returns the candidates, if a deployer creates all of them after the referring object has read them. Otherwise
    /// returns nothing, because one of them exists in time: a hook may bring what it reads.
    fn read_before(&self, reference: Reference<'_>, found: &[TargetIndex]) -> Vec<TargetIndex> {
        let moments = &self.inventory.moments;
        // A grant reads nothing, and may name what does not exist yet.
        let grants = reference.strength == Strength::Grant || reference.lifetime() == Lifetime::Grant;
        if moments.is_empty() || grants {
            return Vec::new();
        }
        let with_release = Moment { in_release: true, ..Moment::default() };
        let moment = |object: ObjectIndex| moments.get(&object).unwrap_or(&with_release);
        let target = |index: TargetIndex| &self.inventory.targets[index];
        let reader = moment(reference.object);
        let late = |index: &TargetIndex| reader.is_before(moment(target(*index).object));
        if !found.iter().all(late) {
            return Vec::new();
        }
        found.to_vec()
    }

    /// Of candidates that are the same object, keeps hooks for a hook and other objects for other references. If all
    /// that remain are the same object, keeps the first one.
    fn one_of_twins(&self, reference: Reference<'_>, found: &mut Vec<TargetIndex>) {
        if found.len() < 2 {
            return;
        }
        let hook = self.inventory.objects.at(reference.object).hook;
        let object = |target: TargetIndex| self.inventory.object(&self.inventory.targets[target]);
        if found.iter().any(|target| object(*target).hook == hook) {
            found.retain(|target| object(*target).hook == hook);
        }
        let first = object(found[0]);
        if found.iter().all(|target| object(*target).id == first.id) {
            found.truncate(1);
        }
    }
}
