//! An application in the hands of a deployer: releases of the chart, one after the other.

use crate::chart::{self, Values};
use crate::stand_in::{self, With};
use immutably::deployers::{
    self, Cause, Deployer, Event, Fault, Mishap, Operation, Release, State, Step, Trace, What,
};
use immutably::rules::Rules;
use immutably::{Options, Source};
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// The rules, made ready once.
pub(crate) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(&[]));

/// An application.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    deployer: Deployer,
    with: With,
    /// What is in the cluster.
    pub(crate) state: State,
    /// What was deployed, the newest last.
    deployed: Vec<Vec<Value>>,
}

impl Application {
    /// Nothing is deployed yet.
    pub(crate) fn new(deployer: Deployer, with: With) -> Application {
        Application { deployer, with, state: State::default(), deployed: Vec::new() }
    }

    /// The same, from now on filtered in another way.
    pub(crate) fn filtered(self, with: With) -> Application {
        Application { with, ..self }
    }

    /// A release that nothing happens to.
    pub(crate) fn release(&mut self, values: Values) -> Trace {
        self.deploy(values, Deploying::default())
    }

    /// A release, with what goes wrong.
    pub(crate) fn deploy(&mut self, values: Values, how: Deploying) -> Trace {
        let objects = self.stream(values);
        let release = read(&objects);
        self.deployed.push(objects);
        let operation = Operation::Deploy { release, waits: how.waits, atomic: how.atomic };
        self.operate(&operation, how.mishap)
    }

    /// Another operation. Rollouts that can go on have done so before.
    pub(crate) fn operate(&mut self, operation: &Operation, mishap: Option<Mishap>) -> Trace {
        self.state = self.state.clone().settled();
        let trace = deployers::deploy(self.deployer, &self.state, operation, mishap);
        self.state = trace.state.clone();
        trace
    }

    /// `helm rollback`.
    pub(crate) fn roll_back(&mut self, to: Option<u32>) -> Trace {
        self.operate(&Operation::RollBack { to }, None)
    }

    /// Everything goes.
    pub(crate) fn uninstall(&mut self) -> Trace {
        self.operate(&Operation::Uninstall, None)
    }

    /// Kind and name without suffix of every object that is there.
    pub(crate) fn left(&self) -> Vec<String> {
        self.state.cluster.objects().map(|member| format!("{}/{}", member.id.kind, member.id.name)).collect()
    }

    /// The objects of a release as they are deployed. Helm 3 does not show hooks to what it pipes the rest through.
    fn stream(&self, values: Values) -> Vec<Value> {
        let (hooks, objects): (Vec<Value>, Vec<Value>) =
            chart::objects(values).into_iter().partition(stand_in::is_hook);
        if self.deployer == Deployer::Helm3 {
            return [stand_in::filtered(objects, self.with, &self.deployed), hooks].concat();
        }
        stand_in::filtered([objects, hooks].concat(), self.with, &self.deployed)
    }
}

/// How a release goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deploying {
    pub(crate) waits: bool,
    pub(crate) atomic: bool,
    pub(crate) mishap: Option<Mishap>,
}

impl Deploying {
    /// New pods never get ready, and the deployer waits for them.
    pub(crate) fn in_vain() -> Deploying {
        Deploying { waits: true, mishap: Some(Mishap::NeverReady), ..Deploying::default() }
    }

    /// The API server refuses the Service.
    pub(crate) fn refused() -> Deploying {
        let id = deployers::Id {
            kind: "Service".into(),
            name: "web".into(),
            group: String::new(),
            namespace: None,
        };
        Deploying { mishap: Some(Mishap::Refused(id)), ..Deploying::default() }
    }

    /// With `--rollback-on-failure`.
    pub(crate) fn atomic(self) -> Deploying {
        Deploying { atomic: true, ..self }
    }
}

/// Reads objects as the release that they are.
pub(crate) fn read(objects: &[Value]) -> Arc<Release> {
    let text: Vec<String> = objects.iter().map(|object| format!("{object}\n")).collect();
    let source = Source::new("stream", text.join("---\n")).expect("text");
    Arc::new(deployers::release(&source, &RULES, &Options::default()).expect("JSON"))
}

/// The kinds of objects whose pods name something that was deleted.
pub(crate) fn dangling(trace: &Trace) -> Vec<&str> {
    let mut found: Vec<&str> = trace
        .faults
        .iter()
        .filter_map(|fault| match fault {
            Fault::Missing { of, what: What::Pods, cause: Cause::Deleted, .. } => Some(of.kind.as_str()),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The objects that Helm does not know.
pub(crate) fn unknown(trace: &Trace) -> usize {
    trace.faults.iter().filter(|fault| matches!(fault, Fault::Unknown { .. })).count()
}

/// The objects to which something happens.
pub(crate) fn touched(trace: &Trace, wanted: Event) -> Vec<String> {
    let is = |step: &Step| match step {
        Step::Object(event, id) if *event == wanted => Some(format!("{}/{}", id.kind, id.name)),
        _ => None,
    };
    trace.steps.iter().filter_map(is).collect()
}
