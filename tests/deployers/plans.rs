//! Plans are correct: compared with the JSON of both streams, read without the library, and with the results of the
//! model.

use crate::application::RULES;
use crate::generated::{self, Chart, Hooks, Values};
use crate::streams::cases;
use immutably::deployers::{self, Deployer, Event, Fault, Operation, State, Step, Trace};
use immutably::generations::Previous;
use immutably::output::plan::{Name, Plan, Verdict};
use immutably::{Options, Source, rewrite, rewrite_after};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const DEPLOYERS: [Deployer; 5] =
    [Deployer::Helm3, Deployer::Helm4, Deployer::ArgoCd, Deployer::Flux, Deployer::Kubectl];

/// The observed change of the pods of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Started,
    Same,
    Changed,
    Gone,
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn every_verdict_is_what_is_seen(
        chart in generated::chart(Hooks::None),
        deployer in proptest::sample::select(DEPLOYERS.to_vec()),
        (before, after) in (generated::values(), generated::values()),
        filtered in any::<bool>(),
    ) {
        let Some(Planned { old, new, plan }) = planned(&chart, deployer, [&before, &after], filtered) else {
            return Ok(());
        };
        let (old, new) = (templates(&old), templates(&new));
        let planned: BTreeSet<&Name> = plan.workloads.iter().map(|workload| &workload.object).collect();
        let all = old.len() + new.keys().filter(|name| !old.contains_key(*name)).count();
        prop_assert!(planned.len() <= all && new.keys().all(|name| planned.contains(name)), "{plan:#?}");
        for workload in &plan.workloads {
            let seen = match (old.get(&workload.object), new.get(&workload.object)) {
                (before, Some(now)) if before == Some(now) => Seen::Same,
                (None, _) => Seen::Started,
                (_, Some(_)) => Seen::Changed,
                (_, None) => Seen::Gone,
            };
            prop_assert!(agrees(workload.verdict, seen), "{seen:?} {workload:#?}");
        }
    }

    #[test]
    fn what_the_model_refuses_and_where_it_hangs_is_in_the_plan(
        chart in generated::chart(Hooks::Helm),
        (before, after) in (generated::values(), generated::values()),
        filtered in any::<bool>(),
    ) {
        let deployer = Deployer::Helm4;
        let Some(Planned { old, new, plan }) = planned(&chart, deployer, [&before, &after], filtered) else {
            return Ok(());
        };
        let first = deploy(deployer, &State::default(), &old);
        if !first.succeeded {
            return Ok(());
        }
        let trace = deploy(deployer, &first.state.settled(), &new);
        let hung = trace.steps.iter().find_map(|step| match step {
            Step::Object(Event::Hung, id) => Some(Name::from(id)),
            _ => None,
        });
        prop_assert_eq!(plan.hooks.first().map(|hook| hook.hook.clone()), hung);
        let refused: BTreeSet<&Name> = plan.refused.iter().map(|refused| &refused.object).collect();
        for fault in &trace.faults {
            if let Fault::Refused { id, .. } = fault {
                prop_assert!(refused.contains(&Name::from(id)), "{id} {plan:#?}");
            }
        }
    }
}

fn agrees(verdict: Verdict, seen: Seen) -> bool {
    match verdict {
        Verdict::New | Verdict::RunsAgain => seen == Seen::Started,
        Verdict::Unchanged | Verdict::InPlace => seen == Seen::Same,
        Verdict::Gone => seen == Seen::Gone,
        // Refused because of the template, or of another immutable field.
        Verdict::Refused => matches!(seen, Seen::Changed | Seen::Same),
        // No generated chart contains these.
        Verdict::Paused | Verdict::AtZero | Verdict::Recreates => false,
        Verdict::Rolls
        | Verdict::RollsPartly
        | Verdict::OnDelete
        | Verdict::NextRun
        | Verdict::Restarts
        | Verdict::ItsControllerDecides => seen == Seen::Changed,
    }
}

/// Both streams as deployed, and the plan.
struct Planned {
    old: String,
    new: String,
    plan: Plan,
}

/// Returns `None` if the filter refuses the input.
fn planned(chart: &Chart, deployer: Deployer, values: [&Values; 2], filtered: bool) -> Option<Planned> {
    let options = Options::default();
    let [old, new] = values.map(|values| {
        chart.objects(values).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n---\n") + "\n"
    });
    let source = |text: String| Source::new("stream", text).expect("text");
    let old = if filtered {
        let old = source(old);
        let outcome = rewrite(&old, &options);
        (!outcome.refused()).then(|| output(&outcome))?
    } else {
        old
    };
    let (previous, new) = ([Previous::from(source(old.clone()))], source(new));
    let outcome = rewrite_after(&new, &previous, &options);
    if outcome.refused() {
        return None;
    }
    let plan = outcome.plan(deployer, &options).expect("streams that can be read");
    Some(Planned { old, new: output(&outcome), plan })
}

fn output(outcome: &immutably::Outcome<'_>) -> String {
    let mut text = Vec::new();
    outcome.write(&mut text).expect("a vector takes everything");
    String::from_utf8(text).expect("text")
}

fn deploy(deployer: Deployer, state: &State, text: &str) -> Trace {
    let source = Source::new("stream", text).expect("text");
    let release = deployers::release(&source, &RULES, &Options::default()).expect("a stream");
    deployers::deploy(deployer, state, &Operation::deploy(&Arc::new(release)), None)
}

/// Returns the pod templates of a stream, by object.
fn templates(text: &str) -> BTreeMap<Name, Value> {
    let mut found = BTreeMap::new();
    for document in text.split("\n---\n") {
        let object: Value = serde_json::from_str(document).expect("JSON");
        let kind = object["kind"].as_str().expect("a kind");
        let template = match kind {
            "Pod" => &object["spec"],
            "CronJob" => &object["spec"]["jobTemplate"]["spec"]["template"],
            _ => &object["spec"]["template"],
        };
        let spec = if kind == "Pod" { template } else { &template["spec"] };
        if spec.get("containers").is_some() {
            let text = |field: &str| object["metadata"][field].as_str().map(str::to_owned);
            let name = Name {
                kind: kind.to_owned(),
                namespace: text("namespace"),
                name: text("name").expect("a name"),
            };
            found.insert(name, template.clone());
        }
    }
    found
}
