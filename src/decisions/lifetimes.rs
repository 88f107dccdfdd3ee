//! Notes about objects whose readers run early, cannot change or change slowly: one note for each object.
//!
//! Decides nothing.

use crate::decisions::early::Earlier;
use crate::decisions::policy::{Because, Decision};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::MODE;
use crate::kube::arena::Arena;
use crate::kube::object::ObjectIndex;
use crate::kube::shown;
use crate::links::resolve::Link;
use crate::links::usage::Usage;
use crate::rules::lifetimes::{Change, Fact, Lifetime};
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::moments::Moment;
use crate::survey::references::{Reference, ReferenceIndex};
use crate::survey::standing::Reason;
use std::collections::HashSet;

/// Reports objects that keep their names or are kept under both names, and workloads that take new names late.
pub fn report(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    usage: &Arena<TargetIndex, Usage>,
    (decisions, earlier): (&Arena<TargetIndex, Decision>, &Earlier),
) -> Vec<Diagnostic> {
    let reporter = Reporter { inventory, decisions, earlier };
    let targets = inventory.targets.iter().zip(decisions).zip(usage);
    let mut findings: Vec<Diagnostic> = targets
        .filter_map(|((target, decision), usage)| reporter.target(target, *decision, *usage))
        .collect();
    findings.extend(reporter.slow(links));
    findings
}

struct Reporter<'i, 's> {
    inventory: &'i Inventory<'s>,
    decisions: &'i Arena<TargetIndex, Decision>,
    earlier: &'i Earlier,
}

impl Reporter<'_, '_> {
    fn target(&self, target: &Target, decision: Decision, usage: Usage) -> Option<Diagnostic> {
        let reads = usage.reads;
        match decision {
            Decision::Both(Because::Early | Because::Outside) => Some(self.both(target, reads.early?)),
            Decision::Leave(Reason::Early) => Some(self.early(target, reads.early?)),
            Decision::Leave(Reason::Held(fact)) => {
                Some(self.held(target, self.reference(reads.keeps_name(self.inventory)?.0), fact))
            }
            Decision::Version => {
                let (reference, fact) = reads.keeps_name(self.inventory)?;
                Some(self.told_to_version(target, self.reference(reference), fact))
            }
            _ => None,
        }
    }

    fn both(&self, target: &Target, index: ReferenceIndex) -> Diagnostic {
        let reference = self.reference(index);
        let (id, reader) = (self.id(target), self.reader(reference));
        let message = format!(
            "{id} is kept under its original name and under its new one, because {reader}: {}{}",
            self.why(reference, target),
            self.earlier_name(index)
        );
        self.finding(Code::EarlyHook, message, target, reference)
            .help("no action needed: early readers find the object of the previous release, and all others use the new version")
    }

    fn early(&self, target: &Target, index: ReferenceIndex) -> Diagnostic {
        let reference = self.reference(index);
        let (id, reader) = (self.id(target), self.reader(reference));
        let message = format!(
            "{id} keeps its name, because {reader}: {}{}",
            self.why(reference, target),
            self.earlier_name(index)
        );
        self.finding(Code::EarlyHook, message, target, reference)
            .help("no action needed: a new name would not roll any pod")
    }

    /// Says which version the reader uses if the original does not exist when it runs.
    fn earlier_name(&self, index: ReferenceIndex) -> String {
        let Some(name) = self.earlier.get(&index) else { return String::new() };
        let name = shown::name(name);
        format!(
            "; the release before has it as `{name}` only, so the reader uses that version in this release"
        )
    }

    fn held(&self, target: &Target, reference: Reference<'_>, fact: &Fact) -> Diagnostic {
        let (id, reader) = (self.id(target), self.reader(reference));
        let message = format!("{id} keeps its name, because {reader}: {}", fact.note);
        let (code, help) = match fact.lifetime {
            Lifetime::Fixed(change) => (Code::FixedReferrer, cure(change)),
            _ => return self.finding(Code::LeftAlone, message, target, reference),
        };
        self.finding(code, message, target, reference).help(help)
    }

    fn told_to_version(&self, target: &Target, reference: Reference<'_>, fact: &Fact) -> Diagnostic {
        let (id, reader) = (self.id(target), self.reader(reference));
        let message =
            format!("{id} is renamed because its annotation asks for it, although {reader}: {}", fact.note);
        let help = format!("to keep the name, remove the annotation `{MODE}: version` from the object");
        self.finding(Code::FixedReferrer, message, target, reference).help(help)
    }

    /// Reports each workload that takes a new name late, once.
    fn slow(&self, links: &Arena<ReferenceIndex, Link>) -> Vec<Diagnostic> {
        let mut told: HashSet<ObjectIndex> = HashSet::new();
        let mut findings = Vec::new();
        for (reference, link) in self.inventory.collected.references.iter().zip(links) {
            let Some(fact) = reference.fact.filter(|fact| fact.lifetime == Lifetime::Slow) else { continue };
            let versioned = |target: &&TargetIndex| !matches!(self.decisions[**target], Decision::Leave(_));
            let Some(target) = link.targets().iter().find(versioned).filter(|_| link.follows()) else {
                continue;
            };
            if !told.insert(reference.object) {
                continue;
            }
            let target = &self.inventory.targets[*target];
            let owner = self.inventory.objects.at(reference.object);
            let message = format!("{} rolls slowly: {}", owner.id, fact.note);
            let finding = Diagnostic::new(Code::SlowRollout, message)
                .in_document(owner.document)
                .at(reference.site.span, format!("refers to {}", self.id(target)))
                .help("keep old versions until these pods are replaced: use `--previous` with a higher `--keep`, or `--retain`");
            findings.push(finding);
        }
        findings
    }

    fn finding(&self, code: Code, message: String, target: &Target, reference: Reference<'_>) -> Diagnostic {
        Diagnostic::new(code, message)
            .in_document(self.inventory.object(target).document)
            .at(target.name.span, "")
            .at(reference.site.span, "referenced here")
    }

    /// Returns why the reader runs before the version exists.
    fn why(&self, reference: Reference<'_>, target: &Target) -> String {
        let with_release = Moment { in_release: true, ..Moment::default() };
        let moment = |object: ObjectIndex| self.inventory.moments.get(&object).unwrap_or(&with_release);
        let (reader, read) = (moment(reference.object), moment(target.object));
        match reader.early.first() {
            Some(fact) => fact.note.to_owned(),
            None => format!("Argo CD applies it in wave {}, before wave {}", reader.wave, read.wave),
        }
    }

    fn reader(&self, reference: Reference<'_>) -> String {
        format!("{} refers to it", self.inventory.objects.at(reference.object).id)
    }

    fn id(&self, target: &Target) -> String {
        self.inventory.object(target).id.to_string()
    }

    fn reference(&self, index: ReferenceIndex) -> Reference<'_> {
        self.inventory.collected.references.at(index)
    }
}

fn cure(change: Change) -> &'static str {
    match change {
        Change::Refused => {
            "no action needed: with a new name in this reference, the API server would refuse the next deployment; changes of this object take effect in place"
        }
        Change::Ignored => {
            "no action needed: a new name in this reference would have no effect; to run the referring object with changed content, rename that object yourself"
        }
        Change::Reruns => {
            "no action needed: with a new name in this reference, each change of this object would stop the running workload and start it again"
        }
    }
}
