//! A hook Job that reads a ConfigMap of the release, at each Helm event: whether the operation succeeds.

use crate::application::Application;
use crate::chart::Values;
use crate::stand_in::With;
use immutably::deployers::Deployer;

/// The deployers, each with a filter.
const COLUMNS: [(Deployer, With); 5] = [
    (Deployer::Helm4, With::Unfiltered),
    (Deployer::Helm4, With::Plain),
    (Deployer::Helm4, With::Previous),
    (Deployer::Helm3, With::Plain),
    (Deployer::Helm3, With::Original),
];

/// The results observed with real deployers: the event, and for each column whether the operation that runs the hook
/// succeeds.
const SEEN: [(&str, [bool; 5]); 6] = [
    ("pre-upgrade", [true, false, false, false, true]),
    ("post-upgrade", [true, true, true, false, true]),
    ("pre-rollback", [true, false, true, false, true]),
    ("post-rollback", [true, true, true, false, true]),
    ("pre-delete", [true, true, true, false, true]),
    ("post-delete", [false, false, false, false, false]),
];

#[test]
fn a_hook_finds_what_it_reads_at_some_events() {
    for (event, seen) in SEEN {
        let results = COLUMNS.map(|(deployer, with)| succeeds(event, deployer, with));
        assert_eq!(results, seen, "{event}");
    }
}

/// Deploys two releases with different content, and runs the operation with the hook. Returns whether it succeeds.
fn succeeds(event: &'static str, deployer: Deployer, with: With) -> bool {
    let mut application = Application::new(deployer, with);
    let values = |level| Values { hook: Some(event), jobs: false, ..Values::of(level) };
    assert!(application.release(values("a")).succeeded, "{event} {deployer:?} {with:?}");
    let upgrade = application.release(values("b")).succeeded;
    if event.ends_with("upgrade") {
        return upgrade;
    }
    assert!(upgrade, "{event} {deployer:?} {with:?}");
    if event.ends_with("rollback") {
        application.roll_back(Some(1)).succeeded
    } else {
        application.uninstall().succeeded
    }
}

#[test]
fn a_hook_whose_content_has_not_changed_finds_it() {
    let mut application = Application::new(Deployer::Helm4, With::Plain);
    let values = Values { hook: Some("pre-upgrade"), ..Values::of("a") };
    assert!(application.release(values).succeeded);
    assert!(application.release(Values { image: "2", ..values }).succeeded);
}

#[test]
fn a_pre_sync_hook_of_argo_cd_finds_nothing_new() {
    for (with, works) in [(With::Unfiltered, true), (With::Plain, false), (With::Previous, false)] {
        let mut application = Application::new(Deployer::ArgoCd, with);
        assert!(application.release(Values { jobs: false, ..Values::of("a") }).succeeded);
        let trace = application.release(Values { hook: Some("pre-upgrade"), jobs: false, ..Values::of("b") });
        assert_eq!(trace.succeeded, works, "{with:?}");
    }
}
