//! Edits in a document where one text stands for several places.
//!
//! An edit of an anchored text changes every place that repeats it. It is made only when all of those places want the
//! same; where an alias of a single value parts from its anchor, the value is written out in the alias's place.

use crate::diagnostic::{Code, Diagnostic};
use crate::edit::Cause;
use crate::source::Span;
use crate::yaml::{Anchored, Site, Style, Writing};
use std::collections::{HashMap, HashSet};

/// A place that is known to hold a name, or where something is to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The place, and the alias by which it was reached.
    pub site: Site,
    /// What to write there; `None` where the text stays.
    pub cause: Option<Cause>,
}

/// Settles one document: the uses that remain are edits that change nothing else.
///
/// # Errors
/// A text that stands for places which want different things, or for a place that no rule knows.
pub fn settle(anchored: &[Anchored], uses: Vec<Use>) -> Result<Vec<Use>, Diagnostic> {
    let mut edits: Vec<Use> = uses.iter().filter(|place| place.cause.is_some()).copied().collect();
    edits.sort_by_key(|edit| edit.site.span);
    let known: HashSet<(Span, Option<u32>, Option<Wish>)> =
        uses.iter().map(|place| (place.site.span, place.site.via, place.cause.map(wish))).collect();
    let nested = nested_aliases(anchored);
    for anchor in anchored {
        check_container(anchor, &nested, &edits, &known)?;
    }
    let mut settled = write_out_aliases(anchored, edits);
    settled.sort_by_key(|place| place.site.span);
    Ok(settled)
}

/// What a place wants, whoever says so: two references and the object's own name want the same name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Wish {
    Name(u32),
    Immutable(u32),
    OldName(u32),
    Addition(u32),
    OldText(u32),
}

fn wish(cause: Cause) -> Wish {
    match cause {
        Cause::Name(target) | Cause::Reference(target) => Wish::Name(target),
        Cause::Immutable(target) => Wish::Immutable(target),
        Cause::OldName(target) => Wish::OldName(target),
        Cause::Addition(addition) => Wish::Addition(addition),
        Cause::OldText(addition) => Wish::OldText(addition),
    }
}

/// What an alias gets written out that keeps what its anchor loses.
fn kept(own: Cause) -> Cause {
    match own {
        Cause::Name(target)
        | Cause::Reference(target)
        | Cause::Immutable(target)
        | Cause::OldName(target) => Cause::OldName(target),
        Cause::Addition(addition) | Cause::OldText(addition) => Cause::OldText(addition),
    }
}

/// Aliases that stand within an anchored collection, and so are repeated themselves.
fn nested_aliases(anchored: &[Anchored]) -> HashSet<Span> {
    let mut spans: Vec<Span> = anchored.iter().map(|anchor| anchor.span).collect();
    spans.sort();
    // Nodes nest or lie apart, so an alias is within one that begins before it exactly if the furthest end is behind it.
    let furthest: Vec<u32> = spans
        .iter()
        .scan(0, |end, span| {
            *end = span.end.max(*end);
            Some(*end)
        })
        .collect();
    let is_nested = |alias: &Span| {
        let before = spans.partition_point(|span| span.start < alias.start);
        before > 0 && furthest[before - 1] >= alias.end
    };
    anchored.iter().flat_map(|anchor| anchor.aliases.iter().copied()).filter(is_nested).collect()
}

/// An edit within an anchored collection must be wanted at each alias of it.
fn check_container(
    anchor: &Anchored,
    nested: &HashSet<Span>,
    edits: &[Use],
    known: &HashSet<(Span, Option<u32>, Option<Wish>)>,
) -> Result<(), Diagnostic> {
    let first = edits.partition_point(|edit| edit.site.span.start < anchor.span.start);
    let behind = edits.partition_point(|edit| edit.site.span.start < anchor.span.end);
    for edit in edits[first..behind].iter().filter(|edit| edit.site.span != anchor.span) {
        let elsewhere = |place: &&Use| {
            place.site.span == edit.site.span
                && place.cause.map(wish) == edit.cause.map(wish)
                && place.site.via.is_none_or(|via| !anchor.aliases.iter().any(|alias| alias.start == via))
        };
        // Where the anchor itself stands the same must be wanted too.
        if !edits[first..behind].iter().any(|place| elsewhere(&place)) {
            return Err(shared_anchor(edit.site.span, anchor.span));
        }
        for alias in &anchor.aliases {
            let key = (edit.site.span, Some(alias.start), edit.cause.map(wish));
            if nested.contains(alias) || !known.contains(&key) {
                return Err(shared_anchor(edit.site.span, *alias));
            }
        }
    }
    Ok(())
}

/// For anchored scalars: the anchored text gets what its own place wants, and each alias that wants something else
/// gets it written out.
fn write_out_aliases(anchored: &[Anchored], edits: Vec<Use>) -> Vec<Use> {
    let mut by_place: HashMap<Span, Use> = edits.into_iter().map(|edit| (edit.site.span, edit)).collect();
    for anchor in anchored {
        let own = by_place.get(&anchor.span).and_then(|edit| edit.cause);
        for alias in &anchor.aliases {
            let wanted = by_place.get(alias).and_then(|edit| edit.cause);
            if wanted.map(wish) == own.map(wish) {
                by_place.remove(alias);
            } else if let (None, Some(own)) = (wanted, own) {
                let site = Site { span: *alias, writing: Writing::Scalar(Style::Plain), via: None };
                by_place.insert(*alias, Use { site, cause: Some(kept(own)) });
            }
        }
    }
    by_place.into_values().collect()
}

fn shared_anchor(edit: Span, alias: Span) -> Diagnostic {
    Diagnostic::new(Code::SharedAnchor, "an anchored text has to change here, and it also stands for a place that must not, or that no rule knows")
        .at(edit, "this text would change")
        .at(alias, "and with it what this alias stands for")
        .help("write the anchored part out in place of the alias")
}
