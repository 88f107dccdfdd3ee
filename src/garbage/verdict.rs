//! Decides for each versioned object of an export whether it may be deleted, or why it is kept.
//!
//! The order of the conditions is the policy. An object in use is always kept.

use super::census::{Census, Life};
use super::criteria::Criteria;
use super::uses::Use;
use crate::kube::immutable::Immutable;
use crate::kube::object::TargetKind;
use crate::kube::shown;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::text::source::Source;
use std::collections::HashMap;

/// What happens to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing needs it, so it may be deleted.
    Delete,
    /// It is kept, for this reason.
    Keep(String),
}

/// The kind, the namespace and the name without the suffix, which all versions of an object share.
type Base<'i> = (TargetKind, &'i str, &'i str);

/// The values that the verdicts depend on.
pub(super) struct Judge<'i, 's> {
    source: &'i Source,
    inventory: &'i Inventory<'s>,
    census: &'i Census<'s>,
    criteria: &'i Criteria,
    /// True if the export contains kinds that use certificates.
    has_tls: bool,
    /// For each base, the creation time of the oldest version that `keep` spares.
    spared_from: HashMap<Base<'i>, i64>,
}

impl<'i, 's> Judge<'i, 's> {
    pub(super) fn new(
        source: &'i Source,
        inventory: &'i Inventory<'s>,
        census: &'i Census<'s>,
        criteria: &'i Criteria,
        versioned: impl Iterator<Item = TargetIndex>,
    ) -> Self {
        let mut generations: HashMap<Base<'i>, Vec<(i64, &str)>> = HashMap::new();
        for number in versioned {
            let (target, life) = (&inventory.targets[number], &census.lives[number]);
            if let (Some(created), false, true) = (life.created, life.deleting, is_immutable(target)) {
                let name = inventory.name(target);
                generations.entry(base(inventory, target)).or_default().push((created, name));
            }
        }
        let spared = generations.into_iter().map(|(base, made)| (base, spared_from(made, criteria.keep)));
        let has_tls = census.has("Ingress") || census.has("Gateway");
        Judge { source, inventory, census, criteria, has_tls, spared_from: spared.collect() }
    }

    pub(super) fn verdict(&self, number: TargetIndex, used: Option<Use>) -> Verdict {
        let (target, life) = (&self.inventory.targets[number], &self.census.lives[number]);
        let why = used.map(|used| self.in_words(used));
        let why = why.or_else(|| holds(target, life).map(str::to_owned));
        let why = why.or_else(|| self.unseen(target, life).map(str::to_owned));
        why.or_else(|| self.spared(target, life)).map_or(Verdict::Delete, Verdict::Keep)
    }

    fn in_words(&self, used: Use) -> String {
        match used {
            Use::By(object) => {
                let by = self.inventory.objects.get(object).map(|object| object.id.to_string());
                format!("{} refers to it", by.unwrap_or_default())
            }
            Use::Claimed(why) => why.to_owned(),
            Use::In(home) => {
                let by = self.census.homes.get(home).map(|home| home.id.to_string());
                format!("{} contains its name", by.unwrap_or_default())
            }
            Use::Named(place) => {
                let at = self.source.locate(place.start);
                format!("its name is at {}:{}:{}", shown::line(at.file), at.line, at.column)
            }
        }
    }

    /// Returns why a Secret is kept because objects that may be missing from the export use its type.
    fn unseen(&self, target: &Target, life: &Life) -> Option<&'static str> {
        let home = self.inventory.namespace(target).unwrap_or_default();
        match life.secret_type.as_ref() {
            "kubernetes.io/tls" if !self.has_tls => {
                Some("it is a TLS certificate, and the export holds no Ingress and no Gateway")
            }
            "kubernetes.io/dockerconfigjson" | "kubernetes.io/dockercfg"
                if !self.census.present.contains(&(home.into(), "ServiceAccount".into())) =>
            {
                Some("it is a pull secret, and the export holds no ServiceAccount of its namespace")
            }
            _ => None,
        }
    }

    fn spared(&self, target: &Target, life: &Life) -> Option<String> {
        let base = base(self.inventory, target);
        let created = life.created.unwrap_or(i64::MAX);
        if self.spared_from.get(&base).is_some_and(|from| created >= *from) {
            return Some(match self.criteria.keep {
                1 => format!("the newest of `{}`", base.2),
                keep => format!("one of the newest {keep} of `{}`", base.2),
            });
        }
        let old = self.criteria.now.saturating_sub(created) >= self.criteria.older_than;
        (!old).then(|| "too young".to_owned())
    }
}

/// Returns why the object itself must be kept, whatever its uses.
fn holds(target: &Target, life: &Life) -> Option<&'static str> {
    if life.deleting {
        Some("it is being deleted already")
    } else if !is_immutable(target) {
        Some("it is not immutable")
    } else if life.owned {
        Some("it has owner references, so it goes with its owner")
    } else if life.finalizers {
        Some("it has finalizers, so something else has a say in it")
    } else {
        life.leave
    }
}

/// Returns the creation time from which on objects are kept. Objects created in the same second cannot be
/// distinguished.
fn spared_from(mut made: Vec<(i64, &str)>, keep: usize) -> i64 {
    made.sort_unstable_by(|a, b| b.cmp(a));
    // An export may contain an object twice.
    made.dedup_by(|a, b| a.1 == b.1);
    match keep.checked_sub(1) {
        None => i64::MAX,
        Some(last) => made.get(last).map_or(i64::MIN, |(created, _)| *created),
    }
}

fn is_immutable(target: &Target) -> bool {
    target.immutable == Immutable::Already
}

fn base<'i>(inventory: &'i Inventory<'_>, target: &Target) -> Base<'i> {
    let id = inventory.object(target).id;
    let base = id.name.rsplit_once('-').map_or(id.name, |(base, _)| base);
    (target.kind, id.namespace.unwrap_or_default(), base)
}
