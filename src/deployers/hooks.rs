//! When an object runs as a hook of Helm or Argo CD, and when it is deleted.
//!
//! Reads annotations only. The deployers decide what to do with them.

use crate::kube::object::View;

/// An event of Helm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Before the objects of a first release are created.
    PreInstall,
    /// After the objects of a first release are created.
    PostInstall,
    /// Before the objects of a later release are changed.
    PreUpgrade,
    /// After the objects of a later release are changed.
    PostUpgrade,
    /// Before the objects of an earlier release are restored.
    PreRollback,
    /// After the objects of an earlier release are restored.
    PostRollback,
    /// Before all objects are deleted.
    PreDelete,
    /// After all objects are deleted.
    PostDelete,
    /// During `helm test`.
    Test,
}

/// A phase of Argo CD in which hooks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before anything is applied.
    PreSync,
    /// Together with the other objects.
    Sync,
    /// After all objects are healthy.
    PostSync,
    /// After the sync failed.
    SyncFail,
    /// Before the objects of the Application are deleted.
    PreDelete,
    /// After the objects of the Application are deleted.
    PostDelete,
}

/// The annotations of an object about hooks. The default is an object that is not a hook.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// The events of Helm at which it runs; `None` if it is not a Helm hook.
    pub helm: Option<Vec<Event>>,
    /// The phases of Argo CD in which it runs; `None` if Argo CD treats it as an ordinary object.
    pub argo_cd: Option<Vec<Phase>>,
    /// The position among Helm hooks of the same event; lower weights run first.
    pub weight: i64,
    /// The sync wave of Argo CD.
    pub wave: i64,
    /// True if the previous object with this name is deleted first, which is the default.
    pub deletes_before: bool,
    /// True if it is deleted after it succeeds.
    pub deletes_after: bool,
}

const HOOK: &str = "helm.sh/hook";
const ARGO_CD_HOOK: &str = "argocd.argoproj.io/hook";

impl Hooks {
    /// Reads the annotations of an object.
    pub fn read(view: &View<'_, '_>) -> Hooks {
        let words = |key: &str| view.annotation(key).map(words);
        let number = |key: &str| view.annotation(key).and_then(|text| text.trim().parse().ok());
        let (helm, own) = (words(HOOK), words(ARGO_CD_HOOK));
        let helm: Option<Vec<Event>> =
            helm.map(|words| words.iter().filter_map(|word| event(word)).collect());
        let own: Option<Vec<Phase>> = own.map(|words| words.iter().filter_map(|word| phase(word)).collect());
        // Argo CD ignores Helm hooks on an object that has an Argo CD hook.
        let mapped =
            || helm.as_ref().map(|events| events.iter().filter_map(|event| mapped(*event)).collect());
        let policies =
            words("helm.sh/hook-delete-policy").or_else(|| words("argocd.argoproj.io/hook-delete-policy"));
        let says = |policy: &str| policies.iter().flatten().any(|word| word == policy);
        let weight = number("helm.sh/hook-weight").unwrap_or(0);
        Hooks {
            argo_cd: own.or_else(mapped),
            helm,
            weight,
            wave: number("argocd.argoproj.io/sync-wave").unwrap_or(weight),
            deletes_before: policies.is_none() || says("before-hook-creation") || says("beforehookcreation"),
            deletes_after: says("hook-succeeded") || says("hooksucceeded"),
        }
    }

    /// True if it runs at this event of Helm.
    pub fn at(&self, event: Event) -> bool {
        self.helm.as_ref().is_some_and(|events| events.contains(&event))
    }

    /// True if it runs in this phase of Argo CD.
    pub fn during(&self, phase: Phase) -> bool {
        self.argo_cd.as_ref().is_some_and(|phases| phases.contains(&phase))
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(|word| word.trim().to_lowercase()).collect()
}

fn event(word: &str) -> Option<Event> {
    Some(match word {
        "pre-install" => Event::PreInstall,
        "post-install" => Event::PostInstall,
        "pre-upgrade" => Event::PreUpgrade,
        "post-upgrade" => Event::PostUpgrade,
        "pre-rollback" => Event::PreRollback,
        "post-rollback" => Event::PostRollback,
        "pre-delete" => Event::PreDelete,
        "post-delete" => Event::PostDelete,
        "test" | "test-success" => Event::Test,
        _ => return None,
    })
}

fn phase(word: &str) -> Option<Phase> {
    Some(match word {
        "presync" => Phase::PreSync,
        "sync" => Phase::Sync,
        "postsync" => Phase::PostSync,
        "syncfail" => Phase::SyncFail,
        "predelete" => Phase::PreDelete,
        "postdelete" => Phase::PostDelete,
        _ => return None,
    })
}

/// Returns the phase in which Argo CD runs a Helm hook; `None` if it never does.
fn mapped(event: Event) -> Option<Phase> {
    match event {
        Event::PreInstall | Event::PreUpgrade => Some(Phase::PreSync),
        Event::PostInstall | Event::PostUpgrade => Some(Phase::PostSync),
        Event::PreDelete => Some(Phase::PreDelete),
        Event::PostDelete => Some(Phase::PostDelete),
        Event::PreRollback | Event::PostRollback | Event::Test => None,
    }
}
