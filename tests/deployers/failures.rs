//! Upgrades that fail with Helm: early, if an object is refused or a hook fails, and late, while Helm waits.

use crate::application::{Application, Deploying, dangling, touched, unknown};
use crate::chart::Values;
use crate::stand_in::With;
use immutably::deployers::{Deployer, Event, Mishap};

const HELM: [Deployer; 2] = [Deployer::Helm3, Deployer::Helm4];

/// Deploys one good release. `jobs`: with a Job and a bare Pod.
fn deployed(deployer: Deployer, with: With, jobs: bool) -> Application {
    let mut application = Application::new(deployer, with);
    assert!(application.release(Values { jobs, ..Values::of("a") }).succeeded);
    application
}

/// Returns the two kinds of failure before Helm deletes objects.
fn early() -> [Deploying; 2] {
    let hook = Deploying { mishap: Some(Mishap::HookFails), ..Deploying::default() };
    [Deploying::refused(), hook]
}

/// Returns the values of a second release, with a hook that can fail.
fn second(jobs: bool) -> Values {
    Values { jobs, hook: Some("pre-upgrade"), ..Values::of("b") }
}

#[test]
fn nothing_is_deleted_when_an_upgrade_fails_early() {
    for (deployer, how) in HELM.into_iter().flat_map(|deployer| early().map(|how| (deployer, how))) {
        let mut application = deployed(deployer, With::Plain, true);
        let trace = application.deploy(second(true), how);
        assert!(
            !trace.succeeded && touched(&trace, Event::Deleted).is_empty() && dangling(&trace).is_empty()
        );
    }
}

#[test]
fn helm_3_cannot_go_back_after_an_early_failure_when_names_have_changed() {
    // Deployer, filter, with a Job and a Pod, whether the rollback works.
    let cells = [
        (Deployer::Helm3, With::Unfiltered, true, true),
        (Deployer::Helm4, With::Unfiltered, true, true),
        (Deployer::Helm4, With::Plain, true, true),
        (Deployer::Helm4, With::Previous, true, true),
        (Deployer::Helm3, With::Plain, false, false),
        (Deployer::Helm3, With::Previous, false, true),
        (Deployer::Helm3, With::Previous, true, false),
    ];
    for (deployer, with, jobs, works) in cells {
        let mut application = deployed(deployer, with, jobs);
        assert!(!application.deploy(second(jobs), Deploying::refused()).succeeded);
        let mut again = application.clone();
        assert_eq!(application.roll_back(Some(1)).succeeded, works, "{deployer:?} {with:?} {jobs}");
        assert!(works || application.roll_back(Some(1)).succeeded, "the second time it works");

        let mut fresh = deployed(deployer, with, jobs);
        let trace = fresh.deploy(second(jobs), Deploying::refused().atomic());
        assert_eq!(unknown(&trace), usize::from(!works), "{deployer:?} {with:?} {jobs} by itself");
        assert!(again.uninstall().succeeded);
    }
}

#[test]
fn versions_of_failed_upgrades_stay_for_ever() {
    for deployer in HELM {
        let mut application = deployed(deployer, With::Plain, true);
        for level in ["b", "c", "d"] {
            assert!(!application.deploy(Values::of(level), Deploying::refused()).succeeded);
        }
        assert!(application.release(Values::of("e")).succeeded && application.uninstall().succeeded);
        // ConfigMap, Secret, Job and Pod of each of the three failed upgrades.
        assert_eq!(application.left().len(), 4 * 3, "{:?}", application.left());

        let mut application = deployed(deployer, With::Plain, true);
        for level in ["b", "c", "d"] {
            application.deploy(Values { image: "bad", ..Values::of(level) }, Deploying::in_vain());
        }
        application.uninstall();
        assert_eq!(application.left().len(), 4 * 2, "what the last one made goes: {:?}", application.left());
    }
}

#[test]
fn unfiltered_nothing_but_hooks_stays_after_failed_upgrades() {
    for deployer in HELM {
        let mut application = deployed(deployer, With::Unfiltered, false);
        application.deploy(second(false), Deploying::refused());
        assert!(application.uninstall().succeeded);
        assert_eq!(application.left(), ["Job/migrate"]);
    }
}

#[test]
fn the_third_failure_in_a_row_drops_what_good_pods_need() {
    // The stand-in carries forward the content of the newest revision, even if that revision failed.
    for deployer in HELM {
        let mut application = deployed(deployer, With::Previous, true);
        let dangles = ["b", "c", "d"].map(|level| {
            let trace =
                application.deploy(Values { image: "bad", ..Values::of(level) }, Deploying::in_vain());
            dangling(&trace).contains(&"StatefulSet")
        });
        assert_eq!(dangles, [false, false, true]);
    }
}
