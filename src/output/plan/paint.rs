//! Texts that the terminal and the Markdown form of a plan share, and colours for a terminal.

use super::labels::is_of_release;
use super::model::{Cause, Plan, Verdict, Workload};

/// Adds colours, or nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    /// True to add colours.
    pub(super) on: bool,
}

impl Paint {
    pub(super) fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    /// Joins parts in a colour, with emphasis for some of them.
    pub(super) fn parts(self, code: &str, parts: &[(bool, String)]) -> String {
        let part = |(emphasised, text): &(bool, String)| match emphasised {
            true => self.with(&format!("{code};7"), text),
            false => self.with(code, text),
        };
        parts.iter().filter(|(_, text)| !text.is_empty()).map(part).collect()
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Returns a number with its noun: `1 pod`, `2 pods`.
pub(super) fn count(number: u64, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

/// Describes what happens to a workload.
pub(super) fn words(workload: &Workload) -> String {
    let pods = || workload.pods.map_or_else(|| "its pods".to_owned(), |pods| count(pods, "pod"));
    match workload.verdict {
        Verdict::New => "is new".to_owned(),
        Verdict::Rolls => format!("rolls {}", pods()),
        Verdict::RollsPartly => {
            format!("rolls only {} (partition {})", pods(), workload.partition.unwrap_or_default())
        }
        Verdict::Recreates => format!("stops {}, then starts new ones (Recreate)", pods()),
        Verdict::OnDelete => "does not roll by itself: old pods stay until somebody deletes them".to_owned(),
        Verdict::Paused => "does not roll: it is paused".to_owned(),
        Verdict::AtZero => "has no pods to roll (0 replicas)".to_owned(),
        Verdict::NextRun if workload.suspended => "changes for its next run (suspended)".to_owned(),
        Verdict::NextRun => "changes for its next run".to_owned(),
        Verdict::Restarts => "restarts its containers in place".to_owned(),
        Verdict::RunsAgain => "runs again".to_owned(),
        Verdict::Refused => "is not changed: the API server refuses the update".to_owned(),
        Verdict::ItsControllerDecides => "changes; its controller decides what rolls".to_owned(),
        Verdict::InPlace => {
            "does not roll: environment variables and subPath mounts keep the old content".to_owned()
        }
        Verdict::Unchanged => "does not change".to_owned(),
        Verdict::Gone => "is no longer in the stream".to_owned(),
    }
}

/// Describes objects that differ only in labels that every upgrade changes.
pub(super) fn relabelled(number: usize) -> String {
    let verb = if number == 1 { "changes" } else { "change" };
    format!(
        "{} {verb} only in labels such as helm.sh/chart; no pod rolls for that",
        count(number as u64, "object")
    )
}

/// Describes the causes; empty if there are none. Lists at most [`MOST`] of them.
pub(super) fn why(causes: &[Cause]) -> String {
    let of_release = |cause: &Cause| matches!(cause, Cause::Metadata { path } if is_of_release(path));
    if !causes.is_empty() && causes.iter().all(of_release) {
        let labels: Vec<String> = causes.iter().map(cause).collect();
        return format!(
            "only because its pod template has a label with the version of the chart ({})",
            labels.join(", ")
        );
    }
    let words: Vec<String> = causes.iter().map(cause).collect();
    let more = words.len().saturating_sub(MOST);
    let mut shown = words.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 {
        shown.push_str(&format!(" and {}", count(more as u64, "other field")));
    }
    shown
}

/// The most causes listed for one workload.
const MOST: usize = 6;

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Configuration { name, path } => format!("{name} ({path})"),
        Cause::InPlace { name } => format!("{name} changes under the same name"),
        Cause::Image { path, old: Some(old), new: Some(new) } => format!("image {old} -> {new} ({path})"),
        Cause::Image { path, old: None, new: Some(new) } => format!("image {new} ({path})"),
        Cause::Image { path, .. } => format!("image ({path})"),
        Cause::Field { path } | Cause::Metadata { path } => path.clone(),
    }
}

/// Returns the last line, with the totals.
pub(super) fn sums(plan: &Plan) -> String {
    let summary = &plan.summary;
    if summary.changed == 0 && summary.refused == 0 && summary.starving == 0 {
        // Hooks run at each upgrade.
        let hooks = match summary.rolling {
            0 => String::new(),
            1 => "1 hook runs, ".to_owned(),
            rolling => format!("{rolling} hooks run, "),
        };
        return format!("Plan for {}: no changes, {hooks}{} unchanged.", plan.deployer, summary.unchanged);
    }
    let pods = if summary.pods > 0 { format!(" ({})", count(summary.pods, "pod")) } else { String::new() };
    let number = |number: usize, one: &str| count(number as u64, one);
    let verb = |number: usize, one: &'static str, many: &'static str| if number == 1 { one } else { many };
    let mut parts = vec![
        format!(
            "{} {}",
            number(summary.configurations, "configuration"),
            verb(summary.configurations, "changes", "change")
        ),
        format!("{} {}{pods}", number(summary.rolling, "workload"), verb(summary.rolling, "rolls", "roll")),
    ];
    parts.extend((summary.refused > 0).then(|| format!("{} refused", summary.refused)));
    parts.extend((summary.starving > 0).then(|| {
        format!("{} {}", number(summary.starving, "hook"), verb(summary.starving, "starves", "starve"))
    }));
    parts.push(format!("{} unchanged", summary.unchanged));
    format!("Plan for {}: {}.", plan.deployer, parts.join(", "))
}
