//! A cycle of releases with Helm, step by step as observed with Helm 3.17.2 and 4.3.1, with each filter.

use crate::application::{Application, Deploying, dangling, unknown};
use crate::chart::Values;
use crate::stand_in::With;
use immutably::deployers::{Deployer, Trace};

const ALL: [With; 4] = [With::Unfiltered, With::Plain, With::Previous, With::Retain];
const HELM: [Deployer; 2] = [Deployer::Helm3, Deployer::Helm4];

/// Deploys these levels. Returns the application and the trace of the last release.
fn after(deployer: Deployer, with: With, levels: &[&'static str]) -> (Application, Trace) {
    let mut application = Application::new(deployer, with);
    let traces: Vec<Trace> = levels.iter().map(|level| application.release(Values::of(level))).collect();
    (application, traces.into_iter().next_back().expect("a release"))
}

/// Returns the filters with which old pods refer to deleted objects.
fn dangling_with(step: impl Fn(Deployer, With) -> Trace) -> [Vec<With>; 2] {
    HELM.map(|deployer| ALL.into_iter().filter(|with| !dangling(&step(deployer, *with)).is_empty()).collect())
}

#[test]
fn a_change_leaves_old_pods_without_what_they_name() {
    let [helm_3, helm_4] = dangling_with(|deployer, with| after(deployer, with, &["a", "b"]).1);
    assert_eq!((helm_3, helm_4), (vec![With::Plain], vec![With::Plain]));
    let (_, trace) = after(Deployer::Helm4, With::Plain, &["a", "b"]);
    assert_eq!(dangling(&trace), ["Deployment", "StatefulSet"]);
}

#[test]
fn a_new_image_and_no_change_leave_nothing_dangling() {
    let found = dangling_with(|deployer, with| {
        let (mut application, _) = after(deployer, with, &["a", "b"]);
        application.release(Values { image: "2", ..Values::of("b") });
        application.release(Values { image: "2", ..Values::of("b") })
    });
    assert_eq!(found, [vec![], vec![]]);
}

#[test]
fn going_back_is_a_change_like_others() {
    let found = dangling_with(|deployer, with| after(deployer, with, &["a", "b", "b", "a"]).1);
    assert_eq!(found, [vec![With::Plain], vec![With::Plain]]);
}

#[test]
fn a_release_that_never_gets_ready_has_deleted_before_it_waits() {
    let step = |deployer, with| {
        let (mut application, _) = after(deployer, with, &["a"]);
        let trace = application.deploy(Values { image: "bad", ..Values::of("b") }, Deploying::in_vain());
        assert!(!trace.succeeded);
        trace
    };
    assert_eq!(dangling_with(step), [vec![With::Plain], vec![With::Plain]]);
}

#[test]
fn a_rollback_works_but_with_helm_3_and_kept_objects() {
    for (deployer, with) in HELM.into_iter().flat_map(|deployer| ALL.map(|with| (deployer, with))) {
        let (mut application, _) = after(deployer, with, &["a"]);
        application.deploy(Values { image: "bad", ..Values::of("b") }, Deploying::in_vain());
        let trace = application.roll_back(Some(1));
        let fails = deployer == Deployer::Helm3 && with == With::Retain;
        assert_eq!((trace.succeeded, unknown(&trace)), (!fails, usize::from(fails)), "{deployer:?} {with:?}");
        let leaves = [With::Plain, With::Previous].contains(&with);
        assert_eq!(!dangling(&trace).is_empty(), leaves, "{deployer:?} {with:?}");
    }
}

#[test]
fn helm_3_never_goes_back_to_kept_objects_by_itself() {
    let (mut application, _) = after(Deployer::Helm3, With::Retain, &["a"]);
    let bad = Values { image: "bad", jobs: false, ..Values::of("b") };
    let trace = application.deploy(bad, Deploying::in_vain().atomic());
    assert_eq!((trace.succeeded, unknown(&trace)), (false, 1));
    // Without a number, Helm rolls back to the revision before the newest, which is the bad one every second time.
    assert!((0..4).all(|_| !application.roll_back(None).succeeded));
    let (mut application, _) = after(Deployer::Helm3, With::Retain, &["a", "b"]);
    assert!(!application.roll_back(Some(1)).succeeded);
    assert!(application.roll_back(Some(1)).succeeded, "the second time, with the number");
}

#[test]
fn an_uninstall_is_clean_unless_objects_are_kept() {
    for (deployer, with) in HELM.into_iter().flat_map(|deployer| ALL.map(|with| (deployer, with))) {
        let (mut application, _) = after(deployer, with, &["a", "b", "c"]);
        assert!(application.uninstall().succeeded);
        let left = application.left();
        assert_eq!(left.len(), if with == With::Retain { 6 } else { 0 }, "{deployer:?} {with:?}: {left:?}");
    }
}
