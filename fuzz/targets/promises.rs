//! Checks the promises of docs/design.md for one run.

use super::input::Input;
use super::suffix;
use super::witness;
use immutably::output::excerpt::excerpt;
use immutably::{Outcome, Source, rewrite};

/// Checks any run: findings show lines that exist, and the output contains the planned edits and no other change. A
/// refused run writes nothing.
pub(crate) fn of_a_run(outcome: &Outcome<'_>, input: &Input) {
    serde_json::to_string(&outcome.report()).expect("a report is JSON");
    for finding in outcome.diagnostics() {
        for label in &finding.labels {
            let shown = excerpt(outcome.source_of(finding), label.span);
            assert!(shown.is_none_or(|shown| shown.text.get(shown.place).is_some()));
        }
    }
    let mut out = Vec::new();
    outcome.write(&mut out).expect("a vector");
    let out = String::from_utf8(out).expect("UTF-8 in, UTF-8 out");
    if outcome.refused() {
        assert!(out.is_empty(), "what is refused was written");
        return;
    }
    let before = input.streams[0].text();
    assert_eq!(undone(before, &out, outcome), before, "the old texts do not give the input back");
    assert!(outcome.changes() || out == before, "without an edit the output is the input");
    suffix::are_right(&input.streams, &out);
    witness::mean_the_same(before, &out);
    once_is_enough(&out, input);
}

/// Returns the output with every edit undone. All other bytes must be those of the input.
fn undone(before: &str, out: &str, outcome: &Outcome<'_>) -> String {
    let (mut done, mut at, mut back) = (0, 0, String::new());
    for (edit, new) in outcome.edits() {
        let span = edit.span.range();
        assert!(span.start >= done, "edits overlap, or are not in order");
        let kept = &before[done..span.start];
        assert_eq!(out.get(at..at + kept.len()), Some(kept), "a byte changed that no edit explains");
        at += kept.len();
        assert_eq!(out.get(at..at + new.len()), Some(&*new), "an edit was not made");
        at += new.len();
        back.push_str(kept);
        back.push_str(&before[span.clone()]);
        done = span.end;
    }
    assert_eq!(&out[at..], &before[done..], "the rest changed");
    back + &before[done..]
}

/// Checks that another run does not change the output.
fn once_is_enough(out: &str, input: &Input) {
    let again = Source::new("again.yaml", out).expect("it is small");
    let outcome = rewrite(&again, &input.options);
    if outcome.refused() {
        let why: Vec<_> =
            outcome.diagnostics().iter().map(|finding| (finding.code, &finding.message)).collect();
        panic!("the output is refused: {why:?}\n{out}");
    }
    let mut twice = Vec::new();
    outcome.write(&mut twice).expect("a vector");
    assert_eq!(String::from_utf8_lossy(&twice), out, "twice is not once");
}

/// Checks that only objects of the export are deleted.
pub(crate) fn of_a_deletion(out: &str, export: &Source) {
    for name in out.lines().filter_map(|line| line.strip_prefix("  name: ")) {
        let name = name.trim_matches(['"', '\'']);
        assert!(export.text().contains(&name[..name.len().min(4)]), "`{name}` is not in the export");
    }
}
