//! One operation of one deployer on a cluster.
//!
//! A pure function from the previous state, the operation and an injected failure to the next state.

use super::cluster::Cluster;
use super::helm::Helm;
use super::history::{History, Status};
use super::release::{Id, Release};
use super::run::{Mishap, Run};
use super::trace::{Fault, Step};
use super::{argo_cd, flux, kapp, kubectl};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A tool that applies the stream, with the version or options that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deployer {
    /// Helm 3, and Helm 4 before 4.2.0.
    Helm3,
    /// Helm 4 from 4.2.0 on.
    Helm4,
    /// Nelm, the deployer of werf.
    Nelm,
    /// Argo CD with automatic pruning.
    ArgoCd,
    /// Argo CD with automatic pruning and `PruneLast=true` on the application.
    ArgoCdPruneLast,
    /// Flux's kustomize-controller with `prune: true`.
    Flux,
    /// kapp.
    Kapp,
    /// `kubectl apply`.
    Kubectl,
    /// `kubectl apply --prune`.
    KubectlPrune,
}

impl Deployer {
    /// Every deployer.
    pub const ALL: [Deployer; 9] = [
        Deployer::Helm3,
        Deployer::Helm4,
        Deployer::Nelm,
        Deployer::ArgoCd,
        Deployer::ArgoCdPruneLast,
        Deployer::Flux,
        Deployer::Kapp,
        Deployer::Kubectl,
        Deployer::KubectlPrune,
    ];

    /// Returns its name for texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Deployer::Helm3 => "Helm 3",
            Deployer::Helm4 => "Helm 4",
            Deployer::Nelm => "Nelm",
            Deployer::ArgoCd => "Argo CD",
            Deployer::ArgoCdPruneLast => "Argo CD with `PruneLast=true`",
            Deployer::Flux => "Flux",
            Deployer::Kapp => "kapp",
            Deployer::Kubectl => "`kubectl apply`",
            Deployer::KubectlPrune => "`kubectl apply --prune`",
        }
    }
}

/// An operation of a deployer.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Installs or upgrades: applies a new stream.
    Deploy {
        /// The stream.
        release: Arc<Release>,
        /// With Helm, whether `--wait` is set.
        waits: bool,
        /// With Helm, whether `--rollback-on-failure` or `--atomic` is set, which includes `--wait`.
        atomic: bool,
    },
    /// With Helm, `helm rollback`; with other deployers, applies the stream of an earlier revision again.
    RollBack {
        /// The number of the revision; `None` for the one before the newest.
        to: Option<u32>,
    },
    /// `kubectl rollout undo` of every workload, whichever tool deployed it.
    Undo,
    /// Deletes all objects of the application.
    Uninstall,
}

impl Operation {
    /// Returns a deployment without waiting.
    pub fn deploy(release: &Arc<Release>) -> Operation {
        Operation::Deploy { release: Arc::clone(release), waits: false, atomic: false }
    }
}

/// The cluster and the records of the deployer.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The cluster.
    pub cluster: Cluster,
    /// The recorded revisions.
    pub history: History,
    /// The objects that the deployer regards as its own, by labels in the cluster or by its inventory.
    owned: BTreeSet<Id>,
}

impl State {
    /// Returns the state in which every rollout has gone as far as possible.
    #[must_use]
    pub fn settled(mut self) -> State {
        self.cluster.settle();
        self
    }
}

/// The result of an operation.
#[derive(Debug)]
pub struct Trace {
    /// Each step, in order.
    pub steps: Vec<Step>,
    /// The faults, in order.
    pub faults: Vec<Fault>,
    /// True if the deployer reports success.
    pub succeeded: bool,
    /// The state after the operation. Rollouts may still be in progress.
    pub state: State,
}

/// Runs an operation.
pub fn deploy(deployer: Deployer, state: &State, operation: &Operation, mishap: Option<Mishap>) -> Trace {
    let State { cluster, mut history, mut owned } = state.clone();
    let mut run = Run::new(cluster, mishap);
    let records = (&mut history, &mut owned);
    let succeeded = match deployer {
        Deployer::Helm3 | Deployer::Helm4 | Deployer::Nelm => helm(deployer, &mut run, records.0, operation),
        _ => others(deployer, &mut run, records, operation),
    };
    run.check();
    let Run { cluster, steps, faults, .. } = run;
    Trace { steps, faults, succeeded, state: State { cluster, history, owned } }
}

fn helm(deployer: Deployer, run: &mut Run, history: &mut History, operation: &Operation) -> bool {
    let (adopts, nelm) = (deployer != Deployer::Helm3, deployer == Deployer::Nelm);
    // Nelm always waits.
    let helm = |waits: bool, atomic| Helm { adopts, waits: waits || nelm, atomic, nelm };
    match operation {
        Operation::Deploy { release, waits, atomic } => {
            helm(*waits || *atomic, *atomic).deploy(run, history, release)
        }
        Operation::RollBack { to } => helm(false, false).roll_back(run, history, *to),
        Operation::Undo => kubectl::undo(run),
        Operation::Uninstall => helm(false, false).uninstall(run, history),
    }
}

fn others(
    deployer: Deployer,
    run: &mut Run,
    (history, owned): (&mut History, &mut BTreeSet<Id>),
    operation: &Operation,
) -> bool {
    let release = match operation {
        Operation::Deploy { release, .. } => Arc::clone(release),
        Operation::RollBack { to } => match history.target_of_rollback(*to) {
            Some((number, target, _)) => {
                run.steps.push(Step::RollBack(number));
                target
            }
            None => return false,
        },
        Operation::Undo => return kubectl::undo(run),
        Operation::Uninstall => {
            let last = history.newest().cloned();
            history.clear();
            return uninstall(deployer, run, owned, last.as_deref());
        }
    };
    let done = match deployer {
        Deployer::ArgoCd => argo_cd::sync(run, owned, &release, false),
        Deployer::ArgoCdPruneLast => argo_cd::sync(run, owned, &release, true),
        Deployer::Flux => flux::reconcile(run, owned, &release),
        Deployer::Kapp => kapp::deploy(run, owned, &release),
        Deployer::KubectlPrune => kubectl::apply(run, owned, &release, true),
        Deployer::Kubectl | Deployer::Helm3 | Deployer::Helm4 | Deployer::Nelm => {
            kubectl::apply(run, owned, &release, false)
        }
    };
    history.record(&release, if done { Status::Deployed } else { Status::Failed });
    done
}

fn uninstall(deployer: Deployer, run: &mut Run, owned: &mut BTreeSet<Id>, last: Option<&Release>) -> bool {
    match deployer {
        Deployer::ArgoCd | Deployer::ArgoCdPruneLast => argo_cd::delete(run, owned, last),
        Deployer::Flux => flux::delete(run, owned),
        Deployer::Kapp => kapp::delete(run, owned),
        _ => kubectl::delete(run, owned, last),
    }
}
