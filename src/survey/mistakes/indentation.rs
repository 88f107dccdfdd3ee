//! Lines that are indented by too much or too little.

use super::lines::{Fault, Line};
use super::mistake::Mistake;

/// Finds a tab in the indentation.
pub(super) fn tab(fault: &Fault<'_>) -> Option<Mistake> {
    if !fault.message.starts_with("found a tab") {
        return None;
    }
    let found = "this line is indented with a tab, and YAML takes only spaces";
    let help = match fault.above().next() {
        Some(line) => {
            let is_parent = line.entry().is_some_and(|(_, value)| value.trim().is_empty());
            let wanted = line.inner_indent() + if is_parent { 2 } else { 0 };
            format!("replace the tab with spaces, for example {}", counted(wanted))
        }
        None => "replace the tab with spaces".to_owned(),
    };
    Some(Mistake::new(fault.at, found, help))
}

/// Finds a line of a block scalar that is indented less than the first one.
pub(super) fn block(fault: &Fault<'_>) -> Option<Mistake> {
    if !fault.is_about_keys() {
        return None;
    }
    let indent = fault.line.indent();
    let mut first: Option<Line<'_>> = None;
    for line in fault.above() {
        if line.opens_text() && line.indent() <= indent {
            return Some(shallow(&line, first, &fault.line));
        }
        if line.indent() <= indent && first.is_none() {
            return None;
        }
        if line.indent() < indent {
            return None;
        }
        first = Some(line);
    }
    None
}

fn shallow(key: &Line<'_>, first: Option<Line<'_>>, line: &Line<'_>) -> Mistake {
    let at = line.start + line.indent();
    match first {
        Some(first) => {
            let found = format!(
                "this line is indented by {}, and the first line of the same text by {}",
                counted(line.indent()),
                first.indent()
            );
            Mistake::new(
                at,
                found,
                format!("indent each line of the text by at least {}", counted(first.indent())),
            )
        }
        None => {
            let found = "the text that belongs to the key above is not indented more than that key";
            Mistake::new(
                at,
                found,
                format!("indent each line of the text by {}", counted(key.inner_indent() + 2)),
            )
        }
    }
}

/// Finds a line whose indentation does not match any line above.
pub(super) fn columns(fault: &Fault<'_>) -> Option<Mistake> {
    let indent = fault.line.indent();
    let open = open_columns(fault);
    if !fault.is_about_keys() || open.is_empty() || open.contains(&indent) {
        return None;
    }
    let allowed: Vec<String> = open.iter().map(usize::to_string).collect();
    let found = format!("this line is indented by {}, expected {}", counted(indent), allowed.join(" or "));
    let help = "indent it like the line next to which it belongs, with spaces";
    Some(Mistake::new(fault.line.start + indent, found, help))
}

/// Returns the numbers of spaces with which the line may be indented, outermost first.
fn open_columns(fault: &Fault<'_>) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut least = usize::MAX;
    for line in fault.above() {
        let (outer, inner) = (line.indent(), line.inner_indent());
        for column in [inner, outer] {
            if column < least {
                open.push(column);
                least = column;
            }
        }
        if least == 0 {
            break;
        }
    }
    open.reverse();
    open
}

/// Finds a line without a colon among the keys of a mapping.
pub(super) fn no_colon(fault: &Fault<'_>) -> Option<Mistake> {
    if fault.message != "expected a key with `:` on the same line" {
        return None;
    }
    let at = fault.line.start + fault.line.indent();
    let found = "this line is among the keys of a mapping and has no `:`";
    let help = "write `key: value`; to continue the value above, indent the line more, and for text on several lines write `|` after its key";
    Some(Mistake::new(at, found, help))
}

fn counted(columns: usize) -> String {
    if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
}
