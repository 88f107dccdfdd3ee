//! The objects that keep their names because a Job that uses them keeps its name.
//!
//! Contains values only. [`super::Survey::claims`] makes them.

use crate::kube::arena::Arena;
use crate::links::resolve::Link;
use crate::links::usage::Usage;
use crate::survey::inventory::TargetIndex;
use crate::survey::references::ReferenceIndex;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The claims of Jobs that keep their names. The template of such a Job cannot change, so an object that it uses keeps
/// its name, or is also kept under its original name.
#[derive(Debug, Default)]
pub struct Claims {
    /// The objects that keep their names, each with the reason.
    pub(super) kept: HashMap<TargetIndex, &'static str>,
    /// The references that continue to use the original of an object.
    pub(super) to_originals: HashSet<ReferenceIndex>,
}

impl Claims {
    /// Returns the usage of every target with these claims added. A claim that is already in `usage` takes precedence.
    pub fn usage<'u>(&self, usage: &'u Arena<TargetIndex, Usage>) -> Cow<'u, Arena<TargetIndex, Usage>> {
        if self.kept.is_empty() {
            return Cow::Borrowed(usage);
        }
        Cow::Owned(usage.indexed().map(|(target, usage)| self.added_to(target, *usage)).collect())
    }

    /// Returns the usage of one target with these claims added.
    pub(super) fn added_to(&self, target: TargetIndex, usage: Usage) -> Usage {
        Usage { claimed: usage.claimed.or_else(|| self.kept.get(&target).copied()), ..usage }
    }

    /// Returns what a reference points at; [`Link::Outside`] if the reference continues to use the original of an
    /// object.
    pub fn link<'l>(&self, reference: ReferenceIndex, links: &'l Arena<ReferenceIndex, Link>) -> &'l Link {
        if self.to_originals.contains(&reference) { &Link::Outside } else { &links[reference] }
    }
}
