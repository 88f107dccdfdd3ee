//! What Jobs that keep their names require of the objects that they use.
//!
//! Holds values only. [`super::Survey::claims`] makes them.

use crate::kube::arena::Arena;
use crate::links::resolve::Link;
use crate::links::usage::Usage;
use crate::survey::inventory::TargetIndex;
use crate::survey::references::ReferenceIndex;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The template of such a Job cannot change, so an object that it uses keeps its name, or is kept under its name too.
#[derive(Debug, Default)]
pub struct Claims {
    /// Objects that keep their names, and why.
    pub(super) kept: HashMap<TargetIndex, &'static str>,
    /// References that go on to use the original of an object.
    pub(super) to_originals: HashSet<ReferenceIndex>,
}

impl Claims {
    /// The use of every target with these claims added. A claim that the stream makes otherwise comes first.
    pub fn usage<'u>(&self, usage: &'u Arena<TargetIndex, Usage>) -> Cow<'u, Arena<TargetIndex, Usage>> {
        if self.kept.is_empty() {
            return Cow::Borrowed(usage);
        }
        Cow::Owned(usage.indexed().map(|(target, usage)| self.added_to(target, *usage)).collect())
    }

    /// The use of one target with these claims added.
    pub(super) fn added_to(&self, target: TargetIndex, usage: Usage) -> Usage {
        Usage { claimed: usage.claimed.or_else(|| self.kept.get(&target).copied()), ..usage }
    }

    /// What a reference points at, unless it goes on to use the original of an object.
    pub fn link<'l>(&self, reference: ReferenceIndex, links: &'l Arena<ReferenceIndex, Link>) -> &'l Link {
        if self.to_originals.contains(&reference) { &Link::Outside } else { &links[reference] }
    }
}
