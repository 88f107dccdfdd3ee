//! An application that a deployer manages: successive releases of the chart.

use crate::chart::{self, Values};
use crate::stand_in::{self, With};
use immutably::deployers::{
    self, Cause, Deployer, Event, Fault, Mishap, Operation, Release, State, Step, Trace, What,
};
use immutably::rules::Rules;
use immutably::{Options, Source};
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// The compiled rules.
pub(crate) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(&[]));

/// An application and its history.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    deployer: Deployer,
    with: With,
    /// The state of the cluster.
    pub(crate) state: State,
    /// The streams that were deployed, oldest first.
    deployed: Vec<Vec<Value>>,
}

impl Application {
    /// Creates an application before its first release.
    pub(crate) fn new(deployer: Deployer, with: With) -> Application {
        Application { deployer, with, state: State::default(), deployed: Vec::new() }
    }

    /// Returns the application with another filter for the next releases.
    pub(crate) fn filtered(self, with: With) -> Application {
        Application { with, ..self }
    }

    /// Deploys a release without failures.
    pub(crate) fn release(&mut self, values: Values) -> Trace {
        self.deploy(values, Deploying::default())
    }

    /// Deploys a release in this way.
    pub(crate) fn deploy(&mut self, values: Values, how: Deploying) -> Trace {
        let objects = self.stream(values);
        let release = read(&objects);
        self.deployed.push(objects);
        let operation = Operation::Deploy { release, waits: how.waits, atomic: how.atomic };
        self.operate(&operation, how.mishap)
    }

    /// Runs another operation, after all rollouts that can finish.
    pub(crate) fn operate(&mut self, operation: &Operation, mishap: Option<Mishap>) -> Trace {
        self.state = self.state.clone().settled();
        let trace = deployers::deploy(self.deployer, &self.state, operation, mishap);
        self.state = trace.state.clone();
        trace
    }

    /// Runs `helm rollback`.
    pub(crate) fn roll_back(&mut self, to: Option<u32>) -> Trace {
        self.operate(&Operation::RollBack { to }, None)
    }

    /// Uninstalls the application.
    pub(crate) fn uninstall(&mut self) -> Trace {
        self.operate(&Operation::Uninstall, None)
    }

    /// Returns `Kind/name` of every object in the cluster.
    pub(crate) fn left(&self) -> Vec<String> {
        self.state.cluster.objects().map(|member| format!("{}/{}", member.id.kind, member.id.name)).collect()
    }

    /// Returns the objects of a release as deployed. Helm 3 does not pass hooks to the post-renderer.
    fn stream(&self, values: Values) -> Vec<Value> {
        let (hooks, objects): (Vec<Value>, Vec<Value>) =
            chart::objects(values).into_iter().partition(stand_in::is_hook);
        if self.deployer == Deployer::Helm3 {
            return [stand_in::filtered(objects, self.with, &self.deployed), hooks].concat();
        }
        stand_in::filtered([objects, hooks].concat(), self.with, &self.deployed)
    }
}

/// How to deploy a release.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deploying {
    pub(crate) waits: bool,
    pub(crate) atomic: bool,
    pub(crate) mishap: Option<Mishap>,
}

impl Deploying {
    /// The deployer waits for new pods, which never become ready.
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

    /// Adds `--rollback-on-failure`.
    pub(crate) fn atomic(self) -> Deploying {
        Deploying { atomic: true, ..self }
    }
}

/// Reads objects as a release.
pub(crate) fn read(objects: &[Value]) -> Arc<Release> {
    let text: Vec<String> = objects.iter().map(|object| format!("{object}\n")).collect();
    let source = Source::new("stream", text.join("---\n")).expect("text");
    Arc::new(deployers::release(&source, &RULES, &Options::default()).expect("JSON"))
}

/// Returns the kinds of objects whose pods refer to a deleted object.
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

/// Returns the number of objects that Helm does not know.
pub(crate) fn unknown(trace: &Trace) -> usize {
    trace.faults.iter().filter(|fault| matches!(fault, Fault::Unknown { .. })).count()
}

/// Returns the objects with a certain event.
pub(crate) fn touched(trace: &Trace, wanted: Event) -> Vec<String> {
    let is = |step: &Step| match step {
        Step::Object(event, id) if *event == wanted => Some(format!("{}/{}", id.kind, id.name)),
        _ => None,
    };
    trace.steps.iter().filter_map(is).collect()
}
