//! The exceptions of a configuration: findings that it waives for every matching object.
//!
//! One configuration serves many inputs, so an exception need not match anything. An expired exception that would match
//! is a finding.

use super::criteria::Criteria;
use super::waivers::Grounds;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::options::settings::Exception;
use crate::output::placed;
use crate::survey::inventory::Inventory;
use std::collections::HashMap;

/// The exceptions, by the codes that they waive.
#[derive(Debug)]
pub(super) struct Exceptions<'a> {
    of: HashMap<Code, Vec<&'a Exception>>,
    inventory: &'a Inventory<'a>,
    namespace: Option<&'a str>,
    now: i64,
    /// Findings that expired exceptions would have waived, each with the last valid day.
    expired: Vec<(Diagnostic, String)>,
}

impl<'a> Exceptions<'a> {
    /// Groups the exceptions of the criteria by code. `namespace`: the default for objects that set none.
    pub(super) fn new(
        criteria: &'a Criteria,
        inventory: &'a Inventory<'a>,
        namespace: Option<&'a str>,
    ) -> Exceptions<'a> {
        let mut of: HashMap<Code, Vec<&Exception>> = HashMap::new();
        let all = criteria.exceptions.iter().filter(|_| !criteria.no_waivers);
        for (exception, code) in all.flat_map(|one| one.codes().map(move |code| (one, code))) {
            of.entry(code).or_default().push(exception);
        }
        Exceptions { of, inventory, namespace, now: criteria.now, expired: Vec::new() }
    }

    /// Returns the reason to waive this finding; `None` if no valid exception matches.
    pub(super) fn waive(&mut self, finding: &Diagnostic) -> Option<Grounds> {
        let candidates = self.of.get(&finding.code)?;
        let owner = placed::owner(self.inventory, finding.labels.first()?.span)?;
        let namespace = owner.namespace.or(self.namespace);
        let name = owner.name;
        let names = [name, placed::base(name)];
        let covers = |one: &&&Exception| names.iter().any(|name| one.covers(owner.kind, namespace, name));
        let (expired, valid): (Vec<&Exception>, Vec<&Exception>) =
            candidates.iter().filter(covers).copied().partition(|one| one.is_expired(self.now));
        let Some(valid) = valid.first() else {
            let last_day = expired.iter().find_map(|one| one.until());
            self.expired.extend(last_day.map(|day| (finding.clone(), day.to_owned())));
            return None;
        };
        Some(Grounds { reason: valid.reason().to_owned(), until: valid.until().map(str::to_owned) })
    }

    /// Returns one finding for each finding that only an expired exception would have waived.
    pub(super) fn expired(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        self.expired.iter().map(|(finding, day)| {
            let code = finding.code.as_str();
            let message = format!("the exception for `{code}` in the configuration expired after {day}");
            let help = "correct what the exception waived, or review it and set a later date";
            Diagnostic {
                labels: finding.labels.clone(),
                document: finding.document,
                ..Diagnostic::new(Code::ExpiredWaiver, message).help(help)
            }
        })
    }
}
