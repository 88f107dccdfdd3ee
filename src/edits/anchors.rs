//! Edits in a document in which anchors and aliases use one text in several places.
//!
//! An edit of an anchored text changes every place that uses it. It is made only if all these places need the same
//! change. If an alias of a scalar needs another text, the edit replaces the alias with that text.

use crate::edits::edit::{AdditionIndex, Cause};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::text::source::Span;
use crate::yaml::shared::{self, Wish};
use crate::yaml::{Anchored, Site, Style, Writing};
use std::collections::HashMap;

/// A place that contains a name or gets an insertion, with the cause of the change that it needs.
pub type Use = shared::Use<Cause>;

/// Resolves the uses of anchored text in one document. The uses that remain are edits that change nothing else.
///
/// # Errors
/// An anchored text is used in places that need different changes, or in a place that no rule knows.
pub fn without_conflicts(anchored: &[Anchored], uses: Vec<Use>) -> Result<Vec<Use>, Diagnostic> {
    if let Some((edit, alias)) = shared::conflicts(anchored, &uses).first() {
        return Err(shared_anchor(edit.site, *alias));
    }
    let edits = uses.into_iter().filter(|place| place.wish.is_some()).collect();
    let mut settled = write_out_aliases(anchored, edits);
    settled.sort_by_key(|place| place.site.span);
    Ok(settled)
}

/// The change that a place needs, whatever the cause: two references to an object and its own name need the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The new name of this target.
    Name(TargetIndex),
    /// `immutable: true` for this target.
    Immutable(TargetIndex),
    /// The old text at these bytes.
    Old(Span),
    /// The copy of this target.
    Original(TargetIndex),
    /// The text of this addition.
    Addition(AdditionIndex),
    /// The text before this addition.
    OldText(AdditionIndex),
}

impl Wish for Cause {
    type Key = Outcome;

    fn key(self) -> Outcome {
        match self {
            Cause::Name(target) | Cause::Reference(target) => Outcome::Name(target),
            Cause::Immutable(target) => Outcome::Immutable(target),
            Cause::OldName(anchored) | Cause::OldValue(anchored) => Outcome::Old(anchored),
            Cause::Original(target, _) => Outcome::Original(target),
            Cause::Addition(addition) => Outcome::Addition(addition),
            Cause::OldText(addition) => Outcome::OldText(addition),
        }
    }
}

/// True if two edits of the same place write the same text.
pub(super) fn same_outcome(inventory: &Inventory<'_>, first: Cause, second: Cause) -> bool {
    let name = |cause| match cause {
        Cause::Name(target) | Cause::Reference(target) => Some(target),
        _ => None,
    };
    let named = |index: TargetIndex| {
        let target = &inventory.targets[index];
        (inventory.object(target).id.name, target.suffix.as_ref().ok())
    };
    match (name(first), name(second)) {
        (Some(first), Some(second)) => named(first) == named(second),
        _ => first == second,
    }
}

/// Returns the cause for an alias that must keep the old text, although its anchored text changes.
fn kept(own: Cause, anchored: Span) -> Cause {
    match own {
        Cause::Name(_) | Cause::Reference(_) | Cause::OldName(_) => Cause::OldName(anchored),
        Cause::Immutable(_) | Cause::OldValue(_) => Cause::OldValue(anchored),
        // It is only inserted, so no alias needs its old text.
        Cause::Original(..) => own,
        Cause::Addition(addition) | Cause::OldText(addition) => Cause::OldText(addition),
    }
}

/// For anchored scalars, gives the anchored text the change that its own place needs, and replaces each alias that
/// needs another text.
fn write_out_aliases(anchored: &[Anchored], edits: Vec<Use>) -> Vec<Use> {
    let mut by_place: HashMap<Span, Use> = edits.into_iter().map(|edit| (edit.site.span, edit)).collect();
    for anchor in anchored {
        let own = by_place.get(&anchor.span).and_then(|edit| edit.wish);
        for alias in &anchor.aliases {
            let wanted = by_place.get(alias).and_then(|edit| edit.wish);
            if wanted.map(Cause::key) == own.map(Cause::key) {
                by_place.remove(alias);
            } else if let (None, Some(own)) = (wanted, own) {
                let site = Site { span: *alias, writing: Writing::Scalar(Style::Plain), via: None };
                by_place.insert(*alias, Use { site, wish: Some(kept(own, anchor.span)) });
            }
        }
    }
    by_place.into_values().collect()
}

fn shared_anchor(edit: Site, alias: Span) -> Diagnostic {
    let (message, value, other) = if edit.via == Some(alias.start) {
        (
            "an alias needs another name than the anchored value, so the value cannot change",
            "the anchored value keeps this name",
            "this alias needs another one",
        )
    } else {
        (
            "an anchored value must change here, but an alias uses it in a place that must not change or that no rule knows",
            "this value would change",
            "and this alias with it",
        )
    };
    Diagnostic::new(Code::SharedAnchor, message)
        .at(edit.span, value)
        .at(alias, other)
        .help("replace the alias with a copy of the anchored value")
}
