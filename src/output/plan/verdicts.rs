//! What happens to the pods of a workload, judged by its kind and strategy.

use super::model::Verdict;
use super::reading::Rollout;
use crate::deployers::Member;

/// Returns the verdict on an object with a pod template. `before`: its counterpart in the old release.
pub(super) fn verdict(before: Option<&Member>, member: &Member, rollout: &Rollout) -> Verdict {
    let Some(before) = before else { return Verdict::New };
    let digest = |member: &Member| member.template.as_ref().map(|template| template.digest);
    if before.id == member.id && digest(before) == digest(member) {
        return Verdict::Unchanged;
    }
    let group = member.id.group.as_str();
    match (group, member.id.kind.as_str()) {
        ("batch", "CronJob") => Verdict::NextRun,
        ("", "Pod") if before.id == member.id => Verdict::Restarts,
        ("batch", "Job") | ("", "Pod") => Verdict::RunsAgain,
        ("apps", "Deployment") if rollout.paused => Verdict::Paused,
        ("apps", "Deployment" | "StatefulSet" | "ReplicaSet") if rollout.replicas == Some(0) => {
            Verdict::AtZero
        }
        ("apps", "Deployment") if rollout.recreates => Verdict::Recreates,
        ("apps", "StatefulSet" | "DaemonSet") if rollout.on_delete => Verdict::OnDelete,
        ("apps", "StatefulSet") if rollout.partition.is_some_and(|partition| partition > 0) => {
            Verdict::RollsPartly
        }
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet") => Verdict::Rolls,
        ("apps", "ReplicaSet") | ("", "ReplicationController") => Verdict::OnDelete,
        _ => Verdict::ItsControllerDecides,
    }
}

/// Returns the number of pods that a verdict applies to, if the manifest states it.
pub(super) fn pods(member: &Member, verdict: Verdict, rollout: &Rollout) -> Option<u64> {
    let counted = matches!(member.id.kind.as_str(), "Deployment" | "StatefulSet" | "ReplicaSet");
    let replicas = rollout.replicas.unwrap_or(1);
    let partition = rollout.partition.filter(|_| verdict == Verdict::RollsPartly).unwrap_or(0);
    match member.id.kind.as_str() {
        "Pod" => Some(1),
        _ => counted.then(|| replicas.saturating_sub(partition)),
    }
}

/// True if this release alone causes pods to be replaced or to run again.
pub(super) fn is_rolling(verdict: Verdict) -> bool {
    use Verdict::{Recreates, Restarts, Rolls, RollsPartly, RunsAgain};
    matches!(verdict, Rolls | RollsPartly | Recreates | Restarts | RunsAgain)
}
