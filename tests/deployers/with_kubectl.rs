//! `kubectl apply`, with and without pruning, as observed.

use crate::application::{Application, dangling, touched};
use crate::chart::Values;
use crate::stand_in::With;
use immutably::deployers::{Deployer, Event, Operation};

#[test]
fn applied_twice_nothing_changes() {
    let mut application = Application::new(Deployer::Kubectl, With::Plain);
    application.release(Values::of("a"));
    let trace = application.release(Values::of("a"));
    assert!(trace.succeeded && trace.faults.is_empty());
    assert_eq!(touched(&trace, Event::Unchanged).len(), trace.steps.len());
}

#[test]
fn rollout_undo_finds_everything() {
    let mut application = Application::new(Deployer::Kubectl, With::Plain);
    application.release(Values::of("a"));
    let trace = application.release(Values::of("b"));
    assert!(trace.succeeded && dangling(&trace).is_empty());
    let undone = application.operate(&Operation::Undo, None);
    assert!(undone.succeeded && undone.faults.is_empty());
    assert_eq!(touched(&undone, Event::Updated), ["Deployment/web", "StatefulSet/db"]);
}

#[test]
fn each_change_leaves_a_job_and_one_more_pod_that_runs() {
    let mut application = Application::new(Deployer::Kubectl, With::Plain);
    for level in ["a", "b", "c"] {
        assert!(application.release(Values::of(level)).succeeded);
    }
    let count = |kind: &str| application.left().iter().filter(|name| name.starts_with(kind)).count();
    assert_eq!((count("Job/"), count("Pod/")), (3, 3));
    application.uninstall();
    let left = application.left();
    assert_eq!(left.iter().filter(|name| name.starts_with("Pod/solo")).count(), 2, "{left:?}");
}

#[test]
fn a_job_that_keeps_its_name_is_refused_at_the_second_change() {
    let mut application = Application::new(Deployer::Kubectl, With::Plain);
    let values = |level| Values { hook: Some("post-upgrade"), ..Values::of(level) };
    assert!(application.release(values("a")).succeeded);
    let trace = application.release(values("b"));
    assert!(!trace.succeeded, "a hook is a Job like others here");
    assert_eq!(touched(&trace, Event::Refused), ["Job/migrate"]);
    let mut unfiltered = Application::new(Deployer::Kubectl, With::Unfiltered);
    unfiltered.release(values("a"));
    assert!(unfiltered.release(values("b")).succeeded);
}

#[test]
fn pruning_takes_from_old_pods_what_is_not_carried() {
    for (with, expected) in [(With::Plain, vec!["Deployment", "StatefulSet"]), (With::Previous, vec![])] {
        let mut application = Application::new(Deployer::KubectlPrune, with);
        application.release(Values::of("a"));
        let trace = application.release(Values::of("b"));
        assert_eq!(dangling(&trace), expected, "{with:?}");
    }
    let mut application = Application::new(Deployer::KubectlPrune, With::Previous);
    let traces: Vec<_> = ["a", "b", "c", "d"].map(|level| application.release(Values::of(level))).into();
    let gone: Vec<usize> = traces
        .iter()
        .map(|trace| {
            touched(trace, Event::Deleted).iter().filter(|name| name.starts_with("ConfigMap")).count()
        })
        .collect();
    assert_eq!(gone, [0, 0, 0, 1], "with the third release after its own");
}
