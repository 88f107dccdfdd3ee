//! When a deployer creates an object, according to the object's own annotations: hooks and sync waves.
//!
//! Must not look at other objects.

use crate::kube::annotations::{ARGOCD_HOOK, GENERATIONS_AGO, HELM_HOOK, SYNC_WAVE};
use crate::kube::object::View;
use crate::kube::suffix::looks_like_suffix;
use crate::rules::lifetimes::{self, Fact};

/// The moment at which a deployer creates an object. Most objects state none and are created with the release.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// The hooks of the object that run before the objects of the release are created.
    pub early: Vec<&'static Fact>,
    /// True if the object is created with the objects of the release.
    pub in_release: bool,
    /// The sync wave of Argo CD; 0 if none is stated.
    pub wave: i32,
    /// True for a version that is carried forward: an earlier release created it.
    pub exists: bool,
}

impl Moment {
    /// Returns the moment of an object; `None` if its annotations state none. `name` is that of a ConfigMap or Secret.
    pub fn of(view: &View<'_, '_>, name: Option<&str>) -> Option<Moment> {
        view.meta("annotations")?;
        let hooks = [HELM_HOOK, ARGOCD_HOOK].map(|key| view.annotation(key).map(|value| (key, value)));
        let wave = view.annotation(SYNC_WAVE);
        let exists = name.is_some_and(|name| is_carried(view, name));
        if wave.is_none() && hooks.iter().all(Option::is_none) && !exists {
            return None;
        }
        let mut moment = Moment { in_release: true, exists, ..Moment::default() };
        for (key, value) in hooks.into_iter().flatten() {
            for event in value.split(',').map(str::trim) {
                moment.early.extend(lifetimes::early(key, event));
                moment.in_release &= key == ARGOCD_HOOK && event == "Sync";
            }
        }
        moment.wave = wave.and_then(|wave| wave.trim().parse().ok()).unwrap_or_default();
        Some(moment)
    }

    /// True if the object is created, and reads what it refers to, before the other one is created. A hook that both
    /// objects have does not count, because the deployer creates both of them then.
    pub fn is_before(&self, other: &Moment) -> bool {
        let missed = |fact: &&&'static Fact| !other.early.contains(*fact);
        !other.exists && (self.early.iter().any(|fact| missed(&fact)) || self.waits_for_later_wave(other))
    }

    /// True if the object may run at a deployment. A hook that runs only at a rollback does not.
    pub fn is_at_a_deployment(&self) -> bool {
        self.early.is_empty() || self.early.iter().any(|fact| fact.condition != "pre-rollback")
    }

    /// True if the object belongs to an earlier wave of the release than the other one.
    pub fn waits_for_later_wave(&self, other: &Moment) -> bool {
        self.early.is_empty() && self.in_release && other.in_release && self.wave < other.wave
    }
}

/// True if the object with this name was current in an earlier release.
fn is_carried(view: &View<'_, '_>, name: &str) -> bool {
    let versioned = name.rsplit_once('-').is_some_and(|(_, tail)| looks_like_suffix(tail));
    let ago = || view.annotation(GENERATIONS_AGO)?.parse::<u32>().ok();
    versioned && ago().is_some_and(|ago| ago > 0)
}
