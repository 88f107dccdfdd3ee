//! Mistakes in the structure of a document: text of other tools, and brackets that are not closed.

use super::lines::Fault;
use super::mistake::Mistake;

/// Finds a directive of Helm's template language.
pub(super) fn directive(fault: &Fault<'_>) -> Option<Mistake> {
    let mut start = 0;
    for line in fault.text.split_inclusive('\n') {
        let at = ["{{ ", "{{-"].iter().filter_map(|open| line.find(open)).min();
        let at = at.or_else(|| line.trim_start().starts_with("{{").then(|| line.find("{{")).flatten());
        if let Some(at) = at {
            let found = "found `{{`: this is a Helm template that was not rendered";
            let help = "render the chart first: `helm template NAME CHART | immutably`";
            return Some(Mistake::new(start + at, found, help));
        }
        start += line.len();
    }
    None
}

/// Finds a separator with too few dashes.
pub(super) fn dashes(fault: &Fault<'_>) -> Option<Mistake> {
    let line = std::iter::once(fault.line).chain(fault.above().take(1)).find(|line| line.text == "--")?;
    Some(Mistake::new(line.start, "found two dashes", "write three, `---`, to separate documents"))
}

/// Finds the markers that git leaves in a file with a conflict.
pub(super) fn conflict(fault: &Fault<'_>) -> Option<Mistake> {
    let at = starts(fault.text, "<<<<<<< ")?;
    let help = "keep one of the two versions, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`";
    Some(Mistake::new(at, "a merge conflict is not resolved", help))
}

/// Finds a code block that was copied with its backticks.
pub(super) fn fence(fault: &Fault<'_>) -> Option<Mistake> {
    let at = starts(fault.text, "```")?;
    let help = "delete the lines with three backticks: they mark a block of code in Markdown";
    Some(Mistake::new(at, "found three backticks at the start of a line", help))
}

/// Returns the start of the first line that begins with `with`.
fn starts(text: &str, with: &str) -> Option<usize> {
    if text.starts_with(with) {
        return Some(0);
    }
    memchr::memmem::find(text.as_bytes(), format!("\n{with}").as_bytes()).map(|at| at + 1)
}

/// Finds a bracket that opens on an earlier line and is not closed before the fault.
pub(super) fn bracket(fault: &Fault<'_>) -> Option<Mistake> {
    let (open, close) = match fault.message {
        "expected `,` or `}`" => ('{', '}'),
        "expected `,` or `]`" => ('[', ']'),
        _ => return None,
    };
    let mut closed = 0_usize;
    let opens = fault.text[..fault.at].char_indices().rev().find(|(_, letter)| {
        closed += usize::from(*letter == close);
        let opens = *letter == open && closed == 0;
        closed -= usize::from(*letter == open && !opens);
        opens
    });
    let (at, _) = opens.filter(|(at, _)| *at < fault.line.start)?;
    let help = format!("add `{close}` where the collection ends, or put the value in quotes if it is text");
    Some(Mistake::new(at, format!("the `{open}` that opens here is not closed"), help))
}
