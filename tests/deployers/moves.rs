//! The first release with the filter, and the first one without it again.

use crate::application::{Application, dangling};
use crate::chart::Values;
use crate::stand_in::With;
use immutably::deployers::Deployer;

const HELM: [Deployer; 2] = [Deployer::Helm3, Deployer::Helm4];

#[test]
fn the_first_release_with_the_filter_leaves_old_pods_dangling() {
    for deployer in HELM {
        // The filter of the first filtered release, whether that release leaves dangling references, and whether the
        // next one does.
        for (with, first, second) in [(With::Plain, true, false), (With::Original, false, false)] {
            let mut application = Application::new(deployer, With::Unfiltered);
            application.release(Values::of("a"));
            let mut application = application.filtered(with);
            assert_eq!(!dangling(&application.release(Values::of("b"))).is_empty(), first, "{with:?}");
            let mut application = application.filtered(With::Previous);
            assert_eq!(!dangling(&application.release(Values::of("c"))).is_empty(), second, "{with:?}");
        }
    }
}

#[test]
fn the_first_release_without_the_filter_does_too_unless_it_carries_versions() {
    for deployer in HELM {
        let mut application = Application::new(deployer, With::Previous);
        application.release(Values::of("a"));
        let mut away = application.clone().filtered(With::Unfiltered);
        assert_eq!(dangling(&away.release(Values::of("b"))), ["Deployment", "StatefulSet"]);

        // Corresponds to `--leave '*/*' --previous FILE` for one release.
        let mut step = application.filtered(With::Leaving);
        assert!(dangling(&step.release(Values::of("b"))).is_empty());
        let mut away = step.filtered(With::Unfiltered);
        assert!(dangling(&away.release(Values::of("c"))).is_empty());
    }
}
