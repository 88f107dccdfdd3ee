//! The plan for a terminal: what fails, what rolls, which configuration changes, and the totals.

use super::emphasis;
use super::model::{Change, Configuration, Fate, Key, KeyChange, Plan, Starving, Verdict, Workload};
use super::paint::{Paint, relabelled, sums, why, words};

/// Returns the plan as text. `colour`: add escape sequences for a terminal.
pub fn text(plan: &Plan, colour: bool) -> String {
    let paint = Paint { on: colour };
    let mut lines = Vec::new();
    failures(plan, paint, &mut lines);
    let shown = |workload: &&Workload| !matches!(workload.verdict, Verdict::Unchanged | Verdict::Refused);
    lines.extend(plan.workloads.iter().filter(shown).map(|workload| line(workload, paint)));
    for configuration in plan.configurations.iter().filter(|one| is_shown(one)) {
        lines.push(head(configuration, paint));
        configuration.keys.iter().for_each(|key| lines.extend(of_key(key, paint)));
    }
    rest(plan, &mut lines);
    lines.push(paint.bold(&sums(plan)));
    lines.join("\n") + "\n"
}

/// True for a configuration object that matters to a reviewer.
pub(super) fn is_shown(configuration: &Configuration) -> bool {
    !matches!(configuration.change, Change::Unchanged | Change::Relabelled)
}

fn failures(plan: &Plan, paint: Paint, lines: &mut Vec<String>) {
    for refused in &plan.refused {
        let fields = if refused.fields.is_empty() {
            String::new()
        } else {
            format!(" ({})", refused.fields.join(", "))
        };
        let text = format!("! {} will be refused: {}{fields}; {}", refused.object, refused.why, refused.help);
        lines.push(paint.red(&text));
    }
    for hook in &plan.hooks {
        lines.push(paint.red(&format!("! {}", waits(hook, ""))));
    }
    for broken in &plan.broken {
        lines.push(paint.yellow(&format!("! {} needs {}: {}", broken.object, broken.needs, broken.how)));
    }
}

/// What a hook waits for. `quote`: what encloses a name.
pub(super) fn waits(hook: &Starving, quote: &str) -> String {
    let name = format!("hook {quote}{}{quote}", hook.hook);
    let needs: Vec<String> = hook.needs.iter().map(|need| format!("{quote}{need}{quote}")).collect();
    match hook.comes_later {
        _ if needs.is_empty() => format!("{name} will never finish"),
        true => format!("{name} will wait for {}, which this release brings after it", needs.join(", ")),
        false => format!("{name} will wait for {}, which is not there", needs.join(", ")),
    }
}

fn line(workload: &Workload, paint: Paint) -> String {
    let why = why(&workload.causes);
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    let text = format!("{} {}{why}", workload.object, words(workload));
    match workload.verdict {
        Verdict::New => paint.green(&format!("+ {text}")),
        Verdict::Gone => paint.red(&format!("- {text}")),
        Verdict::Refused => paint.red(&format!("! {text}")),
        Verdict::InPlace | Verdict::AtZero | Verdict::OnDelete | Verdict::Paused | Verdict::NextRun => {
            format!("= {text}")
        }
        _ => paint.yellow(&format!("~ {text}")),
    }
}

/// Returns the first line about an object, such as:
/// `~ ConfigMap/prod/web-config: web-config-hf678c7m2b -> web-config-k4b9tgf9m9, used by Deployment/prod/web`
fn head(configuration: &Configuration, paint: Paint) -> String {
    let object = &configuration.object;
    let names = match (&configuration.old, &configuration.new) {
        (Some(old), Some(new)) if old != new => format!(": {old} -> {new}"),
        (_, Some(name)) | (Some(name), None) if *name != object.name => format!(": {name}"),
        _ => String::new(),
    };
    let text = format!("{object}{names}{}{}", change(configuration), used_by(configuration));
    match configuration.change {
        Change::Added => paint.green(&format!("+ {text}")),
        Change::Gone => paint.red(&format!("- {text}")),
        Change::Carried | Change::Unchanged => format!("= {text}"),
        Change::Changed | Change::Renamed | Change::Marked | Change::Relabelled => {
            paint.yellow(&format!("~ {text}"))
        }
    }
}

/// Returns what neither the sign nor the keys show.
pub(super) fn change(configuration: &Configuration) -> &'static str {
    match (configuration.change, configuration.fate) {
        (Change::Carried, _) => " (carried forward for old pods)",
        (Change::Renamed, _) => " (same content)",
        (Change::Marked, _) => " (same content; something else of it changes)",
        (Change::Gone, Some(Fate::Deleted)) => " (is deleted)",
        (Change::Gone, _) => " (stays in the cluster)",
        (Change::Added | Change::Changed | Change::Unchanged | Change::Relabelled, _) => "",
    }
}

fn used_by(configuration: &Configuration) -> String {
    const MOST: usize = 8;
    let users = &configuration.used_by;
    if users.is_empty() {
        return String::new();
    }
    let names: Vec<String> = users.iter().take(MOST).map(ToString::to_string).collect();
    let more = users.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(", used by {}{more}", names.join(", "))
}

fn of_key(key: &Key, paint: Paint) -> Vec<String> {
    let mut lines = vec![format!("    {} {}", key.key, word(key))];
    let diff = key.diff.as_deref().unwrap_or_default();
    if paint.on {
        lines.extend(emphasis::lines(diff).iter().map(|line| format!("      {}", drawn(line, paint))));
    } else {
        lines.extend(diff.lines().map(|line| format!("      {line}")));
    }
    lines
}

fn drawn(line: &emphasis::Line, paint: Paint) -> String {
    match line.sign {
        "-" => paint.red("-") + &paint.parts("31", &line.parts),
        "+" => paint.green("+") + &paint.parts("32", &line.parts),
        sign => line.parts.iter().fold(sign.to_owned(), |text, (_, part)| text + part),
    }
}

pub(super) fn word(key: &Key) -> &'static str {
    match key.change {
        KeyChange::Added => "added",
        KeyChange::Changed if key.diff.is_none() => "changed (value not shown)",
        KeyChange::Changed => "changed",
        KeyChange::Removed => "removed",
        KeyChange::Unchanged => "unchanged",
    }
}

fn rest(plan: &Plan, lines: &mut Vec<String>) {
    let namespace =
        |namespace: &Option<String>| namespace.as_ref().map(|name| format!("{name}/")).unwrap_or_default();
    for outside in &plan.outside {
        let optional = if outside.optional { " (optional)" } else { "" };
        let name = format!("{}{}", namespace(&outside.namespace), outside.name);
        lines.push(format!("needs {} {name} in the cluster already{optional}", outside.kind));
    }
    for name in &plan.left {
        lines.push(format!("leaves {name} behind"));
    }
    if plan.summary.relabelled > 0 {
        lines.push(relabelled(plan.summary.relabelled));
    }
    let others = &plan.others;
    if others.added + others.changed + others.gone > 0 {
        lines.push(format!(
            "other objects: {} added, {} changed, {} gone, {} unchanged",
            others.added, others.changed, others.gone, others.unchanged
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Name;
    use super::*;

    #[test]
    fn a_hook_waits_for_what_it_names() {
        let hook = Name { kind: "Job".into(), namespace: None, name: "check".into() };
        let mut hook = Starving { hook, needs: Vec::new(), comes_later: false };
        assert_eq!(waits(&hook, "`"), "hook `Job/check` will never finish");
        hook.needs = vec!["a".into(), "b".into()];
        assert_eq!(waits(&hook, "`"), "hook `Job/check` will wait for `a`, `b`, which is not there");
    }
}
