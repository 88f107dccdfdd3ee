//! What the table of lifetimes says about the current position of a walk.

use super::record::Walk;
use super::reference::InNamespace;
use crate::rules::lifetimes::{Fact, Lifetime, When};

impl<'s> Walk<'_, '_, 's> {
    /// The row that holds at the place where the walk is.
    pub(super) fn fact(&self) -> Option<&'static Fact> {
        let rows = self.times?.facts(self.time.rows?);
        let beside = |fact: &Fact| match fact.when {
            When::Beside(field, value) => self.tree.text_of(self.mapping, field) == Some(value),
            _ => true,
        };
        let is_off = |fact: &&'static Fact| self.circumstances.off.contains(fact);
        rows.iter().copied().find(|fact| !is_off(fact) && beside(fact))
    }

    /// The namespace in which a resource acts that acts elsewhere; `None` where it acts in its own.
    pub(super) fn elsewhere(&self) -> Option<InNamespace<'s>> {
        let fact = self.fact().filter(|fact| fact.lifetime == Lifetime::Elsewhere)?;
        let (_, namespace) = self.circumstances.acts_in.iter().find(|(known, _)| *known == fact)?;
        namespace.clone()
    }
}
