//! Writes the source with replacements.
//!
//! Copies each byte between two replacements once. Must not know YAML, or why a text is replaced.

use crate::text::source::Span;
use std::io::{self, Write};

/// Writes `text` with each span replaced. The spans are sorted and do not overlap.
///
/// # Errors
/// What the writer says.
pub fn splice(
    text: &str,
    replacements: impl Iterator<Item = (Span, String)>,
    mut out: impl Write,
) -> io::Result<()> {
    let mut done = 0;
    for (span, replacement) in replacements {
        out.write_all(&text.as_bytes()[done..span.start as usize])?;
        out.write_all(replacement.as_bytes())?;
        done = span.end as usize;
    }
    out.write_all(&text.as_bytes()[done..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spliced(replacements: &[(usize, usize, &str)]) -> String {
        let mut out = Vec::new();
        let edits =
            replacements.iter().map(|(start, end, text)| (Span::new(*start, *end), (*text).to_owned()));
        splice("abcdef", edits, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn replacements_grow_shrink_and_insert_anywhere() {
        assert_eq!(spliced(&[]), "abcdef");
        assert_eq!(spliced(&[(0, 1, "AAA"), (2, 4, ""), (6, 6, "!")]), "AAAbef!");
    }
}
