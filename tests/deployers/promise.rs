//! The promise: for any releases in any order, with any failures, nothing goes wrong because of the filter unless a
//! finding has announced it.
//!
//! Each sequence runs twice, unfiltered and filtered. A failure that occurs only in the second run, and that no finding
//! so far announces, is a fault of the filter.

use crate::generated::{self, Chart, Hooks, Values};
use crate::side::{Answer, Side};
use crate::streams::cases;
use immutably::deployers::{Cause, Deployer, Fault, Id, Mishap, Operation, Step, Trace};
use immutably::findings::diagnostic::Code;
use immutably::kube::suffix::looks_like_suffix;
use immutably::options::Deployer as Retainer;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Each deployer with each applicable answer.
const ANSWERS: [(Deployer, Answer); 12] = [
    (Deployer::Nelm, Answer::Previous),
    (Deployer::Helm3, Answer::Previous),
    (Deployer::Helm4, Answer::Previous),
    (Deployer::Helm4, Answer::Retain(Retainer::Helm)),
    (Deployer::ArgoCd, Answer::Previous),
    (Deployer::ArgoCd, Answer::Retain(Retainer::ArgoCd)),
    (Deployer::ArgoCdPruneLast, Answer::Previous),
    (Deployer::Flux, Answer::Previous),
    (Deployer::Flux, Answer::Retain(Retainer::Flux)),
    (Deployer::Kapp, Answer::Previous),
    (Deployer::Kubectl, Answer::Nothing),
    (Deployer::KubectlPrune, Answer::Previous),
];

/// The number of further releases for which versions stay by default.
const KEPT: u32 = 2;

/// Statements of docs/how-rollouts-work.md about failures that the filter cannot foresee.
const DOCUMENTED: [&str; 5] = [LEAVES, COMPARES, STAYS, COUNTS, GRANTS];
const LEAVES: &str = "Helm deletes the versions of the abandoned release at once";
const COMPARES: &str = "then compare a rollback with the failed revision";
const STAYS: &str = "Jobs and bare Pods of failed upgrades";
const COUNTS: &str = "a commit with other versions counts as a release";
const GRANTS: &str = "they list only the current versions";

/// One operation of a user.
#[derive(Clone, Debug)]
enum Act {
    /// A release.
    Release(Values, How),
    /// A rollback by this many revisions.
    RollBack(u32),
}

/// The course of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Well,
    NeverReady,
    Refused,
    HookFails,
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn nothing_goes_wrong_because_of_the_filter_unless_a_finding_says_so(
        (deployer, answer, chart) in proptest::sample::select(ANSWERS.to_vec()).prop_flat_map(|(deployer, answer)| {
            (Just(deployer), Just(answer), generated::chart(hooks(deployer)))
        }),
        acts in vec(act(), 2..6),
        atomic in any::<bool>(),
    ) {
        let mut unfiltered = Side::new(deployer, None);
        let mut filtered = Side::new(deployer, Some(answer));
        let mut failures = 0;
        for act in &acts {
            let before = done(&mut unfiltered, &chart, act, atomic);
            let after = done(&mut filtered, &chart, act, atomic);
            let mut known: BTreeSet<String> = before.iter().flat_map(|trace| &trace.faults).map(words).collect();
            known.extend(unfiltered.not_reached().iter().map(words));
            let Some(after) = after else { continue };
            for fault in after.faults.iter().filter(|fault| !known.contains(&words(fault))) {
                let excused = is_said(&filtered, fault) || documented(&filtered, &after, fault, failures).is_some();
                prop_assert!(excused, "{}\n{}", words(fault), story(&filtered, act, &after));
            }
            failures = if act.is_well() && after.succeeded { 0 } else { failures + 1 };
        }
    }
}

#[test]
fn what_is_excused_is_documented() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/how-rollouts-work.md"))
        .expect("the page");
    let text = page.split_whitespace().collect::<Vec<_>>().join(" ");
    DOCUMENTED.iter().for_each(|words| assert!(text.contains(words), "{words}"));
}

/// Runs the operation; `None` if there is no revision to roll back to.
fn done(side: &mut Side, chart: &Chart, act: &Act, atomic: bool) -> Option<Trace> {
    match act {
        Act::RollBack(count) => {
            let to = side.newest().checked_sub(*count).filter(|to| *to > 0)?;
            Some(side.operate(&Operation::RollBack { to: Some(to) }, None))
        }
        Act::Release(values, how) => {
            let atomic = atomic && *how != How::Well;
            let objects = match how {
                How::NeverReady => chart.objects(&values.with_a_bad_image()),
                _ => chart.objects(values),
            };
            Some(side.deploy(&objects, atomic, mishap(*how)))
        }
    }
}

fn mishap(how: How) -> Option<Mishap> {
    let id = || Id {
        kind: "Service".into(),
        name: "broken".into(),
        group: String::new(),
        namespace: Some("prod".into()),
    };
    match how {
        How::Well => None,
        How::NeverReady => Some(Mishap::NeverReady),
        How::HookFails => Some(Mishap::HookFails),
        How::Refused => Some(Mishap::Refused(id())),
    }
}

impl Act {
    fn is_well(&self) -> bool {
        matches!(self, Act::RollBack(_) | Act::Release(_, How::Well))
    }
}

/// True if a finding of any release so far announces the fault.
fn is_said(side: &Side, fault: &Fault) -> bool {
    let quoted: Vec<String> = names(fault).iter().map(|name| format!("`{name}`")).collect();
    let codes = codes(fault);
    let about = side.findings.iter().filter(|(code, _)| codes.contains(code));
    about.into_iter().any(|(_, message)| quoted.iter().any(|name| message.contains(name)))
}

/// Returns the codes of the findings that announce such a fault.
fn codes(fault: &Fault) -> &'static [Code] {
    match fault {
        Fault::Missing { cause: Cause::NotMade, .. } => &[Code::EarlyHook],
        Fault::Missing { cause: Cause::Deleted, .. } => &[Code::SlowRollout],
        Fault::Refused { .. } => &[Code::FixedReferrer, Code::FixedTemplate],
        Fault::Unknown { .. } | Fault::Revoked { .. } => &[],
    }
}

/// Returns the statement in [`DOCUMENTED`] that covers the fault.
fn documented(side: &Side, trace: &Trace, fault: &Fault, failures: u32) -> Option<&'static str> {
    let goes_back = trace.steps.iter().any(|step| matches!(step, Step::RollBack(_)));
    let helm = matches!(side.deployer, Deployer::Helm3 | Deployer::Helm4 | Deployer::Nelm);
    match fault {
        Fault::Missing { cause: Cause::Deleted, .. } if goes_back => Some(LEAVES),
        Fault::Revoked { .. } if goes_back || side.answer != Some(Answer::Previous) => Some(GRANTS),
        Fault::Unknown { .. } if side.deployer == Deployer::Helm3 => Some(COMPARES),
        Fault::Missing { of, .. } if ["Job", "Pod"].contains(&of.kind.as_str()) && !side.is_current(of) => {
            Some(STAYS)
        }
        Fault::Missing { cause: Cause::Deleted, .. } | Fault::Revoked { .. } if !helm && failures >= KEPT => {
            Some(COUNTS)
        }
        _ => None,
    }
}

/// Describes the failed step, for debugging.
fn story(side: &Side, act: &Act, trace: &Trace) -> String {
    let steps = trace.steps.iter().map(|step| match step {
        Step::Object(event, id) => format!("{event:?} {id}"),
        other => format!("{other:?}"),
    });
    let steps = steps.collect::<Vec<_>>().join("\n");
    let stream = side.outputs.last().map_or("", |(text, _)| text);
    let findings = side.findings.iter().collect::<BTreeSet<_>>();
    format!("{:?} {:?} {act:?}\n{findings:#?}\n{steps}\n{stream}", side.deployer, side.answer)
}

/// Returns the hooks that the filter sees. Helm 3 passes no hooks to a post-renderer, as docs/helm.md says; kubectl,
/// Flux and kapp run none.
fn hooks(deployer: Deployer) -> Hooks {
    match deployer {
        Deployer::Helm4 => Hooks::Helm,
        Deployer::ArgoCd | Deployer::ArgoCdPruneLast => Hooks::ArgoCd,
        _ => Hooks::None,
    }
}

fn act() -> impl Strategy<Value = Act> {
    let how = prop_oneof![5 => Just(How::Well), 1 => Just(How::NeverReady), 1 => Just(How::Refused), 1 => Just(How::HookFails)];
    prop_oneof![
        6 => (generated::values(), how).prop_map(|(values, how)| Act::Release(values, how)),
        1 => (1u32..3).prop_map(Act::RollBack),
    ]
}

/// Describes a fault in words that do not depend on suffixes.
fn words(fault: &Fault) -> String {
    let names = names(fault);
    match fault {
        Fault::Missing { of, what, cause, .. } => format!("{cause:?}: {what:?} of {} {names:?}", of.kind),
        Fault::Refused { id, refusal } => format!("{refusal:?}: {} {names:?}", id.kind),
        Fault::Unknown { id } => format!("unknown: {} {names:?}", id.kind),
        Fault::Revoked { of, .. } => format!("revoked: {} {names:?}", of.kind),
    }
}

/// Returns the names that a finding about the fault may contain, without suffixes.
fn names(fault: &Fault) -> Vec<String> {
    match fault {
        Fault::Missing { of, need, .. } | Fault::Revoked { of, need } => {
            vec![base(&of.name), base(&need.name)]
        }
        Fault::Refused { id, .. } | Fault::Unknown { id } => vec![base(&id.name)],
    }
}

fn base(name: &str) -> String {
    match name.rsplit_once('-') {
        Some((base, suffix)) if looks_like_suffix(suffix) => base.to_owned(),
        _ => name.to_owned(),
    }
}
