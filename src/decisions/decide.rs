//! The decision for each ConfigMap and Secret, and the findings that explain it.
//!
//! Must not look for uses: the links contain them.

use crate::decisions::deployed::Deployed;
use crate::decisions::policy::{self, Because, Decision};
use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::findings::few::LeftOut;
use crate::findings::message::Message;
use crate::kube::annotations::{KEEP_ORIGINAL, MODE};
use crate::kube::arena::Arena;
use crate::kube::names;
use crate::links::resolve::{Index, namespace};
use crate::links::usage::Usage;
use crate::options::{Options, Unreferenced};
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::standing::{OriginalWish, Reason, Standing};
use crate::text::parts;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Help text for a Secret of a Helm chart. It is built once, because there may be as many findings as objects.
static HELM_SECRET: LazyLock<String> = LazyLock::new(|| {
    format!(
        "if the chart never looks it up, annotate it with `{KEEP_ORIGINAL}: \"false\"`, or use `--helm-secrets version` for all Secrets"
    )
});

/// Help text for an object that nothing refers to.
static UNREFERENCED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "if only the original name is used, annotate the object with `{MODE}: leave`; if nothing uses that name, with `{MODE}: version`"
    )
});

/// Help text for an object that only an earlier release did not refer to.
static OUTSIDE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "if nothing outside the input uses that name, annotate the object with `{KEEP_ORIGINAL}: \"false\"`"
    )
});

/// The number of objects whose findings a thread makes at once.
const AT_ONCE: usize = 4096;

/// Returns the decision for each target, in the order of the targets, and the findings.
pub fn decide(
    inventory: &Inventory<'_>,
    index: &Index<'_>,
    usage: &Arena<TargetIndex, Usage>,
    (options, deployed): (&Options, &Deployed<'_>),
) -> (Arena<TargetIndex, Decision>, Vec<Diagnostic>) {
    let fallback = options.namespace.as_deref();
    let decide = |(target, usage): (&Target, &Usage)| {
        let home = namespace(inventory, target, fallback);
        let before = deployed.before(target.kind, inventory.name(target), home);
        policy::decide(target, *usage, Some(before), inventory, options)
    };
    let mut decisions: Arena<TargetIndex, Decision> =
        inventory.targets.iter().zip(usage).map(decide).collect();
    let mut findings = Findings { inventory, options, found: Vec::new() };
    let mut left_out = LeftOut::default();
    findings.twins(index, &mut decisions);
    let parts: Vec<usize> = (0..inventory.targets.len()).step_by(AT_ONCE).collect();
    let found = parts::each(options.threads, &parts, |first| {
        let mut part = Findings { inventory, options, found: Vec::new() };
        let left_out = part.targets((*first, AT_ONCE), &decisions, usage);
        (part.found, left_out)
    });
    for (mut found, left_out_there) in found {
        findings.found.append(&mut found);
        left_out.join(left_out_there);
        left_out.bound(&mut findings.found);
    }
    findings.taken_names(&decisions);
    left_out.finish(&mut findings.found);
    (decisions, findings.found)
}

/// Returns the new name of a target; `None` if the target keeps its name.
pub fn new_name(inventory: &Inventory<'_>, target: &Target, decision: Decision) -> Option<String> {
    match (decision, &target.suffix) {
        (Decision::Version | Decision::Both(_), Ok(suffix)) => Some(suffix.name(inventory.name(target))),
        _ => None,
    }
}

struct Findings<'i, 's> {
    inventory: &'i Inventory<'s>,
    options: &'i Options,
    found: Vec<Diagnostic>,
}

impl Findings<'_, '_> {
    /// Reports objects that are defined twice. Copies with the same content get the same new name. With different
    /// content it is unknown which copy is meant, so all of them keep their names. Hooks are not part of the release
    /// and do not count.
    fn twins(&mut self, index: &Index<'_>, decisions: &mut Arena<TargetIndex, Decision>) {
        for group in index.twins() {
            let same: Vec<TargetIndex> =
                group.iter().copied().filter(|target| !self.is_hook(*target)).collect();
            self.twin_group(&same, decisions);
        }
    }

    fn twin_group(&mut self, same: &[TargetIndex], decisions: &mut Arena<TargetIndex, Decision>) {
        let outcome = |target: TargetIndex| (decisions[target], self.target_at(target).suffix.as_ref().ok());
        let Some((&first, rest)) = same.split_first() else { return };
        let Some(&other) = rest.iter().find(|target| outcome(**target) != outcome(first)) else { return };
        let named = self.inventory.object(self.target_at(first)).id;
        let message =
            format!("{named} is defined more than once with different content, so every copy keeps its name");
        let finding = Diagnostic::new(Code::Twins, message)
            .in_document(self.inventory.object(self.target_at(other)).document)
            .at(self.target_at(other).name.span, "here")
            .at(self.target_at(first).name.span, "and here")
            .help("only the last one that is applied would reach the cluster: delete one of them, or give it its own name or namespace");
        self.found.push(finding);
        for target in same {
            decisions[*target] = Decision::Leave(Reason::Twins);
        }
    }

    /// Adds the findings that explain the decisions for `count` targets, and returns how many errors it left out.
    fn targets(
        &mut self,
        (first, count): (usize, usize),
        decisions: &Arena<TargetIndex, Decision>,
        usage: &Arena<TargetIndex, Usage>,
    ) -> LeftOut {
        let mut left_out = LeftOut::default();
        let targets = self.inventory.targets.iter().skip(first).take(count);
        let decided = decisions.iter().skip(first).zip(usage.iter().skip(first));
        for (target, (decision, usage)) in targets.zip(decided) {
            // A near miss already has a finding.
            let told = usage.suspected && self.options.unreferenced != Unreferenced::Error;
            self.target(target, *decision, (usage.referenced || told, usage.perhaps));
            left_out.bound(&mut self.found);
        }
        left_out
    }

    /// Adds the findings that explain the decision for one target.
    fn target(&mut self, target: &Target, decision: Decision, (used, perhaps): (bool, bool)) {
        match (decision, &target.suffix) {
            (Decision::Leave(Reason::Unreferenced), Ok(_)) if perhaps => self.left_perhaps(target),
            (Decision::Leave(reason), Ok(_)) => self.left_alone(target, reason),
            (Decision::Leave(reason), Err(_)) if reason != Reason::Checksum => {
                self.left_alone(target, reason)
            }
            (_, Err(problems)) => {
                let document = self.inventory.object(target).document;
                let problems = problems.0.iter().map(|problem| problem.clone().in_document(document));
                self.found.extend(problems);
            }
            (Decision::Version | Decision::Both(_), Ok(_)) => {
                self.versioned(target, decision, (used, perhaps))
            }
            _ => {}
        }
    }

    fn versioned(&mut self, target: &Target, decision: Decision, (used, perhaps): (bool, bool)) {
        let id = self.inventory.object(target).id;
        if !target.fits
            && let Err((code, problem, help)) = names::check(id.name)
        {
            let finding = Diagnostic::new(code, format!("{id}: {problem}"));
            return self.push(target, finding.at(target.name.span, "").help(help));
        }
        if decision.original() == Some(Because::Deployed) {
            self.kept_once(target);
        }
        if target.standing == Standing::VersionRequested {
            return;
        }
        if target.suffixed && !target.unknown_key {
            self.stale_suffix(target);
        }
        match decision.original() {
            Some(Because::HelmSecret) => self.helm_secret(target),
            Some(Because::Unreferenced) => self.kept_unreferenced(target, perhaps),
            Some(Because::Outside) => self.kept_for_outside(target),
            None if !used && target.original == OriginalWish::Open => self.unreferenced(target, perhaps),
            // The finding about the early reader explains it.
            Some(Because::Requested | Because::Early | Because::Deployed) | None => {}
        }
    }

    /// Reports an object whose content was edited after it got its suffix. The object in the cluster that has this name
    /// stays there.
    fn stale_suffix(&mut self, target: &Target) {
        let id = self.inventory.object(target).id;
        let message =
            format!("{id} already has a suffix that does not match its content, so it gets a second one");
        let help = format!(
            "remove the suffix from this name and from all references to it, and edit the source without suffixes; if this is not a suffix, annotate the object with `{MODE}: version`"
        );
        let finding = Diagnostic::new(Code::StaleSuffix, message);
        self.push(target, finding.at(target.name.span, "this looks like a suffix").help(help));
    }

    fn helm_secret(&mut self, target: &Target) {
        let id = self.inventory.object(target).id;
        let message = Message::new(
            id.described(),
            " is also kept under its original name: a Helm chart rendered it, and charts look up their own Secrets by name (`lookup`) to keep generated passwords",
        );
        let finding =
            Diagnostic::new(Code::HelmSecret, message).at(target.name.span, "").help(HELM_SECRET.as_str());
        self.push(target, finding);
    }

    /// Notes that an unreferenced object is kept under both names. Readers outside the input still find it.
    fn kept_unreferenced(&mut self, target: &Target, perhaps: bool) {
        let id = self.inventory.object(target).id;
        let message = Message::new(
            no_reader(&id.to_string(), perhaps),
            ", so it is also kept under its original name in case something outside the input reads it",
        );
        let finding =
            Diagnostic::new(Code::Unreferenced, message).at(target.name.span, "").help(UNREFERENCED.as_str());
        self.push(target, finding);
    }

    /// Notes that an object stays under both names, although the input refers to it now.
    fn kept_for_outside(&mut self, target: &Target) {
        let id = self.inventory.object(target).id;
        let message = Message::new(
            format!("{id} is also kept under its original name"),
            ", because nothing in an earlier release referred to it, so something outside the input may read it under that name",
        );
        let finding = Diagnostic::new(Code::Unreferenced, message).at(target.name.span, "");
        self.push(target, finding.help(OUTSIDE.as_str()));
    }

    /// Notes that an object is kept under both names for one release, for pods of the release before.
    fn kept_once(&mut self, target: &Target) {
        let id = self.inventory.object(target).id;
        let message = Message::new(
            format!("{id} is also kept under its original name"),
            " for this release, because the release before has it under that name only and its pods may still use it",
        );
        let finding = Diagnostic::new(Code::KeptOnce, message).at(target.name.span, "");
        self.push(target, finding.help("no action needed: the next release has the version only"));
    }

    fn unreferenced(&mut self, target: &Target, perhaps: bool) {
        let id = self.inventory.object(target).id;
        let message = format!(
            "{}, so anything that reads it may look for the old name",
            no_reader(&id.to_string(), perhaps)
        );
        let finding = Diagnostic::new(Code::Unreferenced, message)
        .at(target.name.span, "is renamed anyway")
        .help(format!(
            "if something looks it up by this name, annotate it with `{mode}: leave`; otherwise with `{mode}: version`",
            mode = MODE
        ));
        let refused = self.options.unreferenced == Unreferenced::Error;
        self.push(target, finding.with_severity(if refused { Severity::Error } else { Severity::Warning }));
    }

    /// Reports an object to which only places refer that may mean something else, if the options leave such objects alone.
    fn left_perhaps(&mut self, target: &Target) {
        let id = self.inventory.object(target).id;
        let message = format!(
            "{id} keeps its name: only a field that may mean something else refers to it, and `--unreferenced leave` applies"
        );
        self.push(target, Diagnostic::new(Code::LeftAlone, message).at(target.name.span, ""));
    }

    fn left_alone(&mut self, target: &Target, reason: Reason) {
        // Another finding gives the reason, or the user asked for it.
        let told = [
            Reason::Twins,
            Reason::LineBreakCharacter,
            Reason::EitherKey,
            Reason::Mentioned,
            Reason::Original,
            Reason::Early,
            Reason::UnknownKey,
        ];
        if told.contains(&reason) || matches!(reason, Reason::Held(_)) {
            return;
        }
        let message = format!("{} keeps its name: {}", self.inventory.object(target).id, reason.explain());
        self.push(target, Diagnostic::new(Code::LeftAlone, message).at(target.name.span, ""));
    }

    /// Reports new names that another object already has: applying both would replace that object.
    fn taken_names(&mut self, decisions: &Arena<TargetIndex, Decision>) {
        let fallback = self.options.namespace.as_deref();
        let home = |target: &Target| namespace(self.inventory, target, fallback).map(str::to_owned);
        let name = |target: &Target| self.inventory.name(target);
        let decided = || self.inventory.targets.iter().zip(decisions);
        let keeps = decided().filter(|(target, decision)| !decision.renames() && target.suffixed);
        let taken: HashMap<_, _> =
            keeps.map(|(target, _)| ((target.kind, home(target), name(target)), target)).collect();
        if taken.is_empty() {
            return;
        }
        let mut findings = Vec::new();
        for (target, decision) in decided() {
            let Some(name) = new_name(self.inventory, target, *decision) else { continue };
            let Some(other) = taken.get(&(target.kind, home(target), name.as_str())) else { continue };
            if other.suffix.as_ref().ok() != target.suffix.as_ref().ok() {
                findings.push((target.clone(), other.name.span, name));
            }
        }
        for (target, span, name) in findings {
            let finding = Diagnostic::new(
                Code::NameTaken,
                format!("the new name `{name}` is already used by another object"),
            )
            .at(target.name.span, "would get this name")
            .at(span, "has this name, but different content")
            .help("rename one of the two objects");
            self.push(&target, finding);
        }
    }

    fn push(&mut self, target: &Target, finding: Diagnostic) {
        let document = self.inventory.object(target).document;
        self.found.push(finding.in_document(document));
    }

    fn target_at(&self, index: TargetIndex) -> &Target {
        &self.inventory.targets[index]
    }

    fn is_hook(&self, index: TargetIndex) -> bool {
        self.inventory.object(self.target_at(index)).hook
    }
}

/// Says that nothing is certain to refer to an object. `perhaps` is true if a place refers to it that may mean something else.
fn no_reader(id: &str, perhaps: bool) -> String {
    if perhaps {
        format!("only a field that may mean something else refers to {id}")
    } else {
        format!("nothing in the input refers to {id}")
    }
}
