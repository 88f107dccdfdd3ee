//! Waivers: findings that a person has reviewed and accepts, with a reason and an optional last day.
//!
//! Read from the annotation `immutably.dev/ignore` of an object. A waiver that waives nothing, has expired or is
//! invalid is itself a finding. A reason is shown only in the report of the audit.

use super::criteria::Criteria;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::IGNORE;
use crate::kube::object::{View, objects};
use crate::kube::time;
use crate::survey::inventory::Inventory;
use crate::survey::reread;
use crate::text::source::Span;
use crate::yaml::split::Stream;
use memchr::memmem;
use std::collections::HashMap;

/// Why a finding is waived.
#[derive(Clone, Debug)]
pub(super) struct Grounds {
    pub(super) reason: String,
    /// The last day, if limited.
    pub(super) until: Option<String>,
}

/// One line of the annotation.
#[derive(Clone, Debug)]
pub(super) struct Waiver {
    document: u32,
    code: Code,
    grounds: Grounds,
    /// The place of the annotation.
    place: Span,
    expired: bool,
    used: usize,
}

/// The waivers of a stream.
#[derive(Debug, Default)]
pub(super) struct Waivers {
    /// The readable waivers, in the order of the stream.
    list: Vec<Waiver>,
    /// The objects that have waivers.
    objects: Vec<Span>,
    /// The index in `list` of the first waiver that has not expired, by code and by the start of its object.
    valid: HashMap<(u32, Code), usize>,
    /// Findings about unreadable waivers.
    pub(super) findings: Vec<Diagnostic>,
}

impl Waivers {
    /// Reads the waivers of a stream.
    pub(super) fn read(stream: &Stream<'_>, inventory: &Inventory<'_>, criteria: &Criteria) -> Waivers {
        let mut waivers = Waivers::default();
        let finder = memmem::Finder::new(IGNORE);
        let bears = |document: &crate::yaml::split::Document| {
            finder.find(stream.source.slice(document.span).as_bytes()).is_some()
        };
        reread::documents(stream, inventory, bears, &mut |document, tree| {
            for view in objects(tree) {
                waivers.object(&view, document.number, criteria.now);
            }
        });
        waivers.objects.sort_unstable();
        waivers
    }

    /// Returns the reason to waive this finding; `None` if no valid waiver matches.
    pub(super) fn waive(&mut self, finding: &Diagnostic) -> Option<Grounds> {
        let at = finding.labels.first()?.span.start;
        let behind = self.objects.partition_point(|object| object.start <= at);
        let object = self.objects.get(behind.checked_sub(1)?).filter(|object| at < object.end)?;
        let found = self.valid.get(&(object.start, finding.code))?;
        let waiver = self.list.get_mut(*found)?;
        waiver.used += 1;
        Some(waiver.grounds.clone())
    }

    /// Returns a finding for each waiver that waived nothing. Call it after [`Waivers::waive`] has seen all findings.
    /// `sought`: true for codes that the audit looks for.
    pub(super) fn idle(&self, sought: impl Fn(Code) -> bool) -> Vec<Diagnostic> {
        let idle =
            self.list.iter().filter(|waiver| waiver.used == 0 && (waiver.expired || sought(waiver.code)));
        idle.map(|waiver| {
            let code = waiver.code.as_str();
            let (found, message, help) = if waiver.expired {
                let until = waiver.grounds.until.as_deref().unwrap_or_default();
                let message = format!("the waiver of `{code}` was good until {until} and has expired");
                (Code::ExpiredWaiver, message, "cure what it waived, or decide again and set another date")
            } else {
                let message =
                    format!("the waiver of `{code}` waives nothing: the object has no such finding");
                (Code::UnusedWaiver, message, "delete the line")
            };
            Diagnostic::new(found, message).in_document(waiver.document).at(waiver.place, "").help(help)
        })
        .collect()
    }

    fn object(&mut self, view: &View<'_, '_>, document: u32, now: i64) {
        let Some(text) = view.annotation(IGNORE) else { return };
        let annotations = view.meta("annotations").map(|node| view.tree.deref(node));
        let node = annotations.and_then(|node| view.tree.get(node, IGNORE)).unwrap_or(view.root);
        let (place, object) = (view.tree.node(node).span, view.tree.node(view.root).span);
        self.objects.push(object);
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match parse(line) {
                Ok((code, until, reason)) => {
                    let end = until.and_then(time::end_of_day);
                    let expired = end.is_some_and(|end| end <= now);
                    let grounds = Grounds { reason: reason.to_owned(), until: until.map(str::to_owned) };
                    if !expired {
                        self.valid.entry((object.start, code)).or_insert(self.list.len());
                    }
                    self.list.push(Waiver { document, code, grounds, place, expired, used: 0 });
                }
                Err(problem) => {
                    let message = format!("a line of the annotation `{IGNORE}` waives nothing: {problem}");
                    let help = "write `CODE: reason` or `CODE until 2027-01-31: reason`, one on each line; `immutably explain` lists the codes";
                    let finding = Diagnostic::new(Code::InvalidWaiver, message).in_document(document);
                    self.findings.push(finding.at(place, "").help(help));
                }
            }
        }
    }
}

/// Parses a line into code, last day and reason.
fn parse(line: &str) -> Result<(Code, Option<&str>, &str), &'static str> {
    let (head, reason) = line.split_once(':').ok_or("it has no reason")?;
    let (name, until) = match head.trim().split_once(" until ") {
        Some((name, until)) => (name.trim(), Some(until.trim())),
        None => (head.trim(), None),
    };
    let code = Code::parse(name).ok_or("its code is not known")?;
    if until.is_some_and(|until| time::end_of_day(until).is_none()) {
        return Err("its date is not one such as 2027-01-31");
    }
    match reason.trim() {
        "" => Err("it has no reason"),
        reason => Ok((code, until, reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_code_and_a_reason_and_may_have_a_date() {
        assert_eq!(
            parse("missing-key until 2027-01-31: filled by the agent: later"),
            Ok((Code::MissingKey, Some("2027-01-31"), "filled by the agent: later"))
        );
        assert_eq!(parse("unversioned : known"), Ok((Code::Unversioned, None, "known")));
        for line in [
            "unversioned",
            "unversioned:",
            "no-such: x",
            "unversioned until soon: x",
            ": x",
            "unversioned until 2027-13-01: x",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_waiver_is_good_until_its_day_is_over() {
        assert_eq!(time::end_of_day("1970-01-01"), Some(24 * 60 * 60));
    }
}
