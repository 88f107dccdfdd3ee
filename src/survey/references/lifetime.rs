//! What the table of lifetimes says about the current position of a walk.

use super::record::Walk;
use super::reference::InNamespace;
use crate::rules::lifetimes::{Fact, Lifetime, When};
use std::borrow::Cow;

impl<'s> Walk<'_, '_, 's> {
    /// Returns the row that applies at the position of the walk.
    pub(super) fn fact(&self) -> Option<&'static Fact> {
        let rows = self.times?.facts(self.time.rows?);
        let beside = |fact: &Fact| match fact.when {
            When::Beside(field, value) => self.tree.text_of(self.mapping, field) == Some(value),
            When::Unless(field) => {
                let beside = self.tree.get(self.mapping, field);
                beside.is_none_or(|node| self.tree.text(node).is_none_or(str::is_empty))
            }
            _ => true,
        };
        let is_off = |fact: &&'static Fact| self.circumstances.off.contains(fact);
        rows.iter().copied().find(|fact| !is_off(fact) && beside(fact))
    }

    /// Returns the namespace in which a resource acts, if that is not its own.
    pub(super) fn elsewhere(&self) -> Option<InNamespace<Cow<'s, str>>> {
        let fact = self.fact().filter(|fact| fact.lifetime == Lifetime::Elsewhere)?;
        let (_, namespace) = self.circumstances.acts_in.iter().find(|(known, _)| *known == fact)?;
        namespace.clone()
    }
}
