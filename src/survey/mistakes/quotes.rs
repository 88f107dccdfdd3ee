//! Quotes that are not closed.

use super::lines::{Fault, Line};
use super::mistake::Mistake;

const HELP: &str =
    "close them where the value ends; to use the same quotes in the value, write `\\\"` or `''`";

/// Finds quotes for which the parser found no end.
pub(super) fn unclosed(fault: &Fault<'_>) -> Option<Mistake> {
    if fault.message != "the quotes that open here are not closed" {
        return None;
    }
    if fault.line.text.ends_with("\\\"") {
        let at = fault.line.start + fault.line.text.len() - 2;
        let found = "`\\\"` does not close the quotes: the `\\` makes this `\"` a part of the value";
        return Some(Mistake::new(
            at,
            found,
            "write `\\\\\"` to end the value with `\\`, or use single quotes",
        ));
    }
    let help = format!("{HELP}; if the input is cut short, check the command that wrote it");
    Some(Mistake::new(fault.at, "the quotes that open here are not closed", help))
}

/// Finds quotes that are closed only by the next quotes, on a later line.
pub(super) fn closed_later(fault: &Fault<'_>) -> Option<Mistake> {
    let before = &fault.text[fault.line.start..fault.at];
    let quote = ['"', '\''].into_iter().find(|quote| before.contains(*quote))?;
    let line = fault.above().find(|line| value_starts_with(line, quote))?;
    if line.text.matches(quote).count() % 2 == 0 {
        return None;
    }
    let at = line.start + line.text.find(quote)?;
    Some(Mistake::new(at, "the quotes that open here are closed only on a later line", HELP))
}

fn value_starts_with(line: &Line<'_>, quote: char) -> bool {
    let value = line.entry().map_or(&line.text[line.inner_indent()..], |(_, value)| value);
    value.trim_start().starts_with(quote)
}
