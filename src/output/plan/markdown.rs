//! The plan for a comment on a pull request: totals, failures and workloads first; details are collapsed.
//!
//! Stays within the length limit of a comment: it omits whole entries and states their number.

use super::model::{Change, Configuration, Plan, Verdict};
use super::paint::{sums, why, words};
use super::text::{change, is_shown, waits, word};

/// Returns the plan as Markdown of at most `limit` characters.
pub fn markdown(plan: &Plan, limit: usize) -> String {
    let mut page = Page { text: format!("**{}**\n", sums(plan)), left: limit, omitted: 0 };
    page.left = page.left.saturating_sub(page.text.chars().count() + RESERVE);
    page.list("Will fail", &failures(plan));
    let shown = plan
        .workloads
        .iter()
        .filter(|workload| !matches!(workload.verdict, Verdict::Unchanged | Verdict::Refused));
    let rows = shown.map(|workload| {
        let why = why(&workload.causes);
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        format!("- `{}` {}{why}\n", workload.object, words(workload))
    });
    page.list("Workloads", &rows.collect::<Vec<_>>());
    let changed = plan.configurations.iter().filter(|one| is_shown(one));
    page.list("Configuration", &changed.map(details).collect::<Vec<_>>());
    page.list("Needed in the cluster already", &outside(plan));
    let left: Vec<String> = plan.left.iter().map(|name| format!("- `{name}`\n")).collect();
    page.list("Left behind", &left);
    if page.omitted > 0 {
        let entries = if page.omitted == 1 { "entry" } else { "entries" };
        page.text.push_str(&format!("\n{} {entries} left out for length.\n", page.omitted));
    }
    page.text
}

/// A page with limited space.
struct Page {
    text: String,
    left: usize,
    omitted: usize,
}

/// Characters reserved for the sentence about omitted entries.
const RESERVE: usize = 60;

impl Page {
    /// Adds a heading and as many entries as fit.
    fn list(&mut self, heading: &str, entries: &[String]) {
        let heading = format!("\n### {heading}\n\n");
        let needed = heading.chars().count();
        let first = entries.first().map_or(0, |entry| entry.chars().count());
        if entries.is_empty() || self.left < needed + first {
            self.omitted += entries.len();
            return;
        }
        self.left -= needed;
        self.text.push_str(&heading);
        for entry in entries {
            let length = entry.chars().count();
            if length > self.left {
                self.omitted += 1;
                continue;
            }
            self.left -= length;
            self.text.push_str(entry);
        }
    }
}

fn failures(plan: &Plan) -> Vec<String> {
    let refused = plan.refused.iter().map(|refused| {
        let fields = refused.fields.join(", ");
        let fields = if fields.is_empty() { fields } else { format!(" (`{fields}`)") };
        format!("- `{}` will be refused: {}{fields}; {}\n", refused.object, refused.why, refused.help)
    });
    let hooks = plan.hooks.iter().map(|hook| format!("- {}\n", waits(hook, "`")));
    let broken = plan
        .broken
        .iter()
        .map(|broken| format!("- `{}` needs `{}`: {}\n", broken.object, broken.needs, broken.how));
    refused.chain(hooks).chain(broken).collect()
}

fn outside(plan: &Plan) -> Vec<String> {
    let line = |outside: &super::model::Outside| {
        let namespace = outside.namespace.as_ref().map(|name| format!("{name}/")).unwrap_or_default();
        let optional = if outside.optional { " (optional)" } else { "" };
        format!("- {} `{namespace}{}`{optional}\n", outside.kind, outside.name)
    };
    plan.outside.iter().map(line).collect()
}

/// Returns a configuration object with its keys, collapsed.
fn details(configuration: &Configuration) -> String {
    let names = match (&configuration.old, &configuration.new) {
        (Some(old), Some(new)) if old != new => format!(": <code>{old}</code> → <code>{new}</code>"),
        (_, Some(name)) | (Some(name), None) => format!(": <code>{name}</code>"),
        (None, None) => String::new(),
    };
    let sign = match configuration.change {
        Change::Added => "added",
        Change::Gone => "gone",
        Change::Carried => "carried",
        Change::Changed => "changed",
        Change::Renamed => "renamed",
        Change::Marked | Change::Relabelled | Change::Unchanged => "marked",
    };
    let head = format!("{sign} <code>{}</code>{names}{}", configuration.object, change(configuration));
    if configuration.keys.is_empty() {
        return format!("- {head}\n");
    }
    let mut text = format!("<details><summary>{head}</summary>\n\n");
    for key in &configuration.keys {
        text.push_str(&format!("- `{}` {}\n", key.key, word(key)));
        if let Some(diff) = &key.diff {
            let fence = fence(diff);
            text.push_str(&format!("\n{fence}diff\n{}\n{fence}\n\n", diff.trim_end_matches('\n')));
        }
    }
    // What follows is Markdown again only after a blank line.
    text + "\n</details>\n\n"
}

/// Returns a code fence that does not occur in the text.
fn fence(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_does_not_fit_is_counted() {
        let entries: Vec<String> = (0..10).map(|number| format!("- {number}\n")).collect();
        let mut page = Page { text: String::new(), left: 30, omitted: 0 };
        page.list("A", &entries);
        page.list("B", &entries);
        let shown = page.text.lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(shown + page.omitted, 20);
        assert!(shown > 0 && page.text.chars().count() <= 30, "{}", page.text);
    }
}
