//! Argo CD, Flux and kapp: what they delete and when, according to their source code.

use crate::application::{Application, Deploying, dangling, touched};
use crate::chart::Values;
use crate::stand_in::With;
use immutably::deployers::{Deployer, Event, Step, Trace};

/// Deploys two releases, the second in this way.
fn second(deployer: Deployer, with: With, how: Deploying) -> Trace {
    let mut application = Application::new(deployer, with);
    assert!(application.release(Values { jobs: false, ..Values::of("a") }).succeeded);
    application.deploy(Values { jobs: false, ..Values::of("b") }, how)
}

/// Returns the position of the first step with this event for an object of this kind.
fn first(trace: &Trace, wanted: Event, kind: &str) -> usize {
    let is = |step: &Step| matches!(step, Step::Object(event, id) if *event == wanted && id.kind == kind);
    trace.steps.iter().position(is).expect("it happens")
}

#[test]
fn argo_cd_prunes_first() {
    let trace = second(Deployer::ArgoCd, With::Plain, Deploying::default());
    assert!(first(&trace, Event::Deleted, "ConfigMap") < first(&trace, Event::Created, "ConfigMap"));
    assert_eq!(dangling(&trace), ["Deployment", "StatefulSet"]);
    let failed = second(Deployer::ArgoCd, With::Plain, Deploying::refused());
    assert!(!failed.succeeded && !dangling(&failed).is_empty(), "gone, though the apply failed");
}

#[test]
fn argo_cd_prunes_when_all_is_healthy_if_told_to_do_it_last() {
    let trace = second(Deployer::ArgoCdPruneLast, With::Plain, Deploying::default());
    assert!(first(&trace, Event::Deleted, "ConfigMap") > first(&trace, Event::Updated, "StatefulSet"));
    assert!(trace.succeeded && dangling(&trace).is_empty());
    let failed = second(Deployer::ArgoCdPruneLast, With::Plain, Deploying::in_vain());
    assert!(touched(&failed, Event::Deleted).is_empty());
}

#[test]
fn flux_prunes_between_applying_and_health() {
    let trace = second(Deployer::Flux, With::Plain, Deploying::in_vain());
    assert!(first(&trace, Event::Deleted, "ConfigMap") > first(&trace, Event::Updated, "StatefulSet"));
    assert_eq!(trace.steps.last(), Some(&Step::Wait(false)));
    assert_eq!(dangling(&trace), ["Deployment", "StatefulSet"]);
    let refused = second(Deployer::Flux, With::Plain, Deploying::refused());
    assert_eq!(refused.steps.len(), 1, "a dry run that is refused is all that happens: {:?}", refused.steps);
}

#[test]
fn nelm_deletes_first_of_all_and_makes_jobs_anew() {
    let trace = second(Deployer::Nelm, With::Plain, Deploying::default());
    assert_eq!(first(&trace, Event::Deleted, "ConfigMap"), 1, "behind the Secret: {:?}", trace.steps);
    assert_eq!(dangling(&trace), ["Deployment", "StatefulSet"]);
    let mut application = Application::new(Deployer::Nelm, With::Unfiltered);
    application.release(Values::of("a"));
    assert!(application.release(Values::of("b")).succeeded);
}

#[test]
fn kapp_may_delete_before_anything_else() {
    let trace = second(Deployer::Kapp, With::Plain, Deploying::default());
    assert_eq!(first(&trace, Event::Deleted, "ConfigMap"), 0);
}

#[test]
fn what_is_carried_or_kept_is_there_for_old_pods() {
    let deployers = [Deployer::ArgoCd, Deployer::ArgoCdPruneLast, Deployer::Flux, Deployer::Kapp];
    for (deployer, with) in
        deployers.into_iter().flat_map(|one| [With::Previous, With::Retain].map(|with| (one, with)))
    {
        for how in [Deploying::default(), Deploying::in_vain(), Deploying::refused()] {
            assert!(dangling(&second(deployer, with, how)).is_empty(), "{deployer:?} {with:?}");
        }
    }
}

#[test]
fn what_is_kept_from_pruning_goes_with_an_application_of_argo_cd_only() {
    for (deployer, left) in [(Deployer::ArgoCd, 0), (Deployer::Flux, 4), (Deployer::Kapp, 4)] {
        let mut application = Application::new(deployer, With::Pruned);
        for level in ["a", "b"] {
            application.release(Values { jobs: false, ..Values::of(level) });
        }
        application.uninstall();
        assert_eq!(application.left().len(), left, "{deployer:?}: {:?}", application.left());
    }
}
